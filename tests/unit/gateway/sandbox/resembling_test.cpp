#include "gateway/sandbox/resembling.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <rapidcheck/gtest.h>

namespace cambist::gateway::sandbox {
namespace {

const std::string sample =
    R"({"id":"pi_1234567890abcdefghijklmn","object":"payment_intent","amount":1000,"currency":"usd","metadata":{}})";

TEST(Resembling, TextsLikeTheReferenceBecomeSmall) {
  const Resembling reference{sample};
  auto other = sample;
  other.replace(other.find("1234567890"), 10, "0987654321");
  const auto packed = reference.pack(other);
  EXPECT_LT(packed.size(), other.size() / 3);
  EXPECT_EQ(reference.unpack(packed), other);
  EXPECT_EQ(reference.unpack(reference.pack(sample)), sample);
}

TEST(Resembling, StrangeTextsSurvive) {
  const Resembling reference{sample};
  for (const auto& text : {std::string{}, std::string{"x"}, std::string(100'000, 'z'),
                           sample + sample, std::string(300, '\0')}) {
    EXPECT_EQ(reference.unpack(reference.pack(text)), text);
  }
  const Resembling nothing{""};
  EXPECT_EQ(nothing.unpack(nothing.pack(sample)), sample);
  const Resembling longer{std::string(200'000, 'a') + sample};
  EXPECT_EQ(longer.unpack(longer.pack(std::string(150'000, 'a') + sample)),
            std::string(150'000, 'a') + sample);
}

RC_GTEST_PROP(Resembling, GivesBackWhatItTook,
              (const std::string& head, const std::string& reference, const std::string& tail)) {
  const Resembling packer{reference};
  const auto text = head + reference + tail + reference.substr(reference.size() / 2);
  RC_ASSERT(packer.unpack(packer.pack(text)) == text);
}

}  // namespace
}  // namespace cambist::gateway::sandbox
