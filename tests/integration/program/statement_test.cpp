// The largest statement that a bank may give out, through the real program: all of it in one
// request and within its deadline, and the one beyond it refused.
#include <gtest/gtest.h>

#include <chrono>

#include "protocols/bank/texts.hpp"
#include "tests/integration/program/shop.hpp"

namespace cambist::test {
namespace {

namespace json = boost::json;

const std::string path = "/api/v1/providers/bank_transfer/statements";

ApiResponse import(const Shop& shop, std::string text) {
  return shop.client().send("POST", path, std::move(text), {{"Content-Type", "text/csv"}});
}

std::string lines(std::size_t count) {
  std::string text = "date,id,credit,debit,reference\n";
  for (std::size_t i = 0; i < count; ++i)
    text += "2026-01-15,FT" + std::to_string(1'000'000 + i) + ",5000.00,,RENT OF JANUARY\n";
  return text;
}

TEST(Statement, OfAllEntriesThatOneMayHaveIsImportedInOneRequest) {
  const Shop shop;
  const auto text = lines(bank::statement_entries_max);
  ASSERT_GT(text.size(), 256U * 1024);  // more than other bodies may have
  const auto began = std::chrono::steady_clock::now();
  const auto answer = import(shop, text);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, R"({"credits":20000,"new":20000,"duplicates":0,"ignored":0})");
  RecordProperty("seconds", std::to_string(took.count()));
  std::cout << "imported in " << took.count() << " s\n";
  EXPECT_EQ(import(shop, text).body, R"({"credits":20000,"new":0,"duplicates":20000,"ignored":0})");
}

TEST(Statement, MayHaveEightMebibytesAndNotAByteMore) {
  const Shop shop;
  const auto sized = [](std::size_t bytes) {
    std::string text = lines(1);
    text += "2026-01-15,FT2,1.00,,\"" + std::string(bytes - text.size() - 24, 'x') + "\"\n";
    text.resize(bytes, '\n');
    return text;
  };
  EXPECT_NE(import(shop, sized(bank::statement_bytes_max)).status, 413);
  EXPECT_EQ(import(shop, sized(bank::statement_bytes_max + 1)).status, 413);
  // Who has no key sends no such body, and whatever else has one is refused as before.
  const Client stranger{shop.client().origin(), "sk_test_other_key"};
  EXPECT_EQ(stranger.send("POST", path, sized(512 * 1024), {{"Content-Type", "text/csv"}}).status,
            413);
  EXPECT_EQ(shop.client()
                .send("POST", "/api/v1/payments", sized(512 * 1024),
                      {{"Content-Type", "application/json"}})
                .status,
            413);
}

}  // namespace
}  // namespace cambist::test
