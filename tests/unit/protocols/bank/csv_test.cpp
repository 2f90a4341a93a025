#include "protocols/bank/csv.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "protocols/bank/texts.hpp"

namespace cambist::bank {
namespace {

using namespace std::chrono_literals;

std::vector<Credit> read(const std::string& text, const CsvMap& map = {}) {
  auto entries = read_csv(text, map, 180min);
  EXPECT_TRUE(entries) << (entries ? "" : entries.error().detail);
  return entries ? std::move(*entries) : std::vector<Credit>{};
}

std::string why_not(const std::string& text, const CsvMap& map = {}) {
  const auto entries = read_csv(text, map, 180min);
  EXPECT_FALSE(entries) << text.substr(0, 80);
  return entries ? std::string{} : entries.error().detail;
}

TEST(BankCsv, ReadsTwoColumnsOfAmounts) {
  const auto entries = read(
      "date,id,credit,debit,reference,narrative,payer,type\r\n"
      "2026-01-15,FT1,\"450,000.00\",,,\"RENT, \"\"A\"\" 8800 0000 4225\",ASHA JUMA,TRF\r\n"
      "2026-01-15,FT2,,100000,,CHARGES,,FEE\r\n"
      "2026-01-16,FT3,,450000.00,880000004225,,,REVERSAL\r\n");
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].id, "FT1");
  EXPECT_EQ(entries[0].kind, EntryKind::credit);
  EXPECT_EQ(entries[0].amount.minor, 45'000'000);
  EXPECT_EQ(entries[0].narrative, "RENT, \"A\" 8800 0000 4225");
  EXPECT_EQ(to_rfc3339(entries[0].booked_at), "2026-01-14T21:00:00.000Z");
  EXPECT_EQ(entries[1].kind, EntryKind::debit);
  EXPECT_EQ(entries[2].kind, EntryKind::reversal);
}

TEST(BankCsv, ReadsOneColumnWithASignAndOtherMarks) {
  const auto map = parse_csv_map(
      "separator=;|decimal=,|thousands=.|date_format=DD/MM/YY|date=Posted|amount=Amount|id=Ref|"
      "narrative=Text|currency=Cur");
  ASSERT_TRUE(map) << map.error().detail;
  const auto entries = read(
      "Posted;Ref;Amount;Cur;Text\n15/01/26;A;1.450.000,50;TZS;x\n15/01/26;B;-7,5;USD;y\n"
      "15/01/26;C;8-;USD;z\n",
      *map);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].amount.minor, 145'000'050);
  EXPECT_EQ(entries[1].kind, EntryKind::debit);
  EXPECT_EQ(entries[1].amount.minor, 750);
  EXPECT_EQ(entries[2].kind, EntryKind::debit);
}

TEST(BankCsv, AnAmountThatCouldMeanTwoThingsIsRefused) {
  for (const char* amount : {"1,23", "12,34,567", ",123", "1,234,56", "1.234,00", "1 000", "1e5",
                             "x", "5.001", "--5", "99999999999999999999"}) {
    EXPECT_NE(why_not("date,credit\n2026-01-15,\"" + std::string{amount} + "\"\n"), "") << amount;
  }
  EXPECT_NE(why_not("date,credit,debit\n2026-01-15,5,5\n"), "");
}

TEST(BankCsv, NothingIsTakenOfAFileWithALineThatCannotBeRead) {
  EXPECT_EQ(why_not("date,credit\n2026-01-15,5\n15.01.2026,5\n"),
            "record 3: its date cannot be read");
  EXPECT_EQ(why_not("date,credit\n2026-02-30,5\n"), "record 2: its date cannot be read");
  EXPECT_NE(why_not("date,credit\n2026-01-15,\"5\n"), "");
  EXPECT_NE(why_not("date,credit\n2026-01-15,5\"\n"), "");
  EXPECT_NE(why_not("date,credit\n2026-01-15,\"5\"x\n"), "");
}

TEST(BankCsv, ColumnsThatAreMissingOrTwiceAreRefused) {
  EXPECT_NE(why_not(""), "");
  EXPECT_NE(why_not("day,credit\n2026-01-15,5\n"), "");
  EXPECT_NE(why_not("date,amount\n2026-01-15,5\n"), "");
  EXPECT_NE(why_not("date,Date,credit\n2026-01-15,2026-01-16,5\n"), "");
}

TEST(BankCsv, TwinsWithoutAnIdCountEachAndAlwaysTheSame) {
  const std::string text = "date,credit\n2026-01-15,5\n2026-01-15,5\n";
  const auto entries = read(text);
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_NE(entries[0].id, entries[1].id);
  EXPECT_EQ(entries, read(text));
}

TEST(BankCsv, EntriesThatShareAnIdAreTwoWhenTheySayDifferentThings) {
  const auto entries = read("date,id,credit\n2026-01-15,F,5\n2026-01-15,F,6\n2026-01-15,F,5\n");
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].id, "F");
  EXPECT_EQ(entries[1].id, "F/2");
  EXPECT_EQ(entries[2].id, "F");  // the same line again
}

TEST(BankCsv, HostileBytesAreRefused) {
  using namespace std::string_literals;
  EXPECT_EQ(why_not("date,credit\n\0"s), "it is not in UTF-8");
  EXPECT_EQ(why_not("\xff\xfe"), "it is not in UTF-8");
  EXPECT_EQ(why_not(std::string(statement_bytes_max + 1, 'x')), "it is too large");
  EXPECT_NE(why_not(std::string(10'000, 'x')), "");
  EXPECT_NE(why_not(std::string(10'000, ',')), "");
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "date,credit\n2026-01-15,5\n")
                .size(),
            1U);
}

TEST(BankCsv, AMapThatMakesNoSenseIsRefused) {
  for (const char* text : {"x", "x=1", "separator=ab", "decimal=,|thousands=,", "date_format=MM",
                           "date=", "decimal=5", "separator=none", "credit=|amount="}) {
    EXPECT_FALSE(parse_csv_map(text)) << text;
  }
  EXPECT_EQ(parse_csv_map("").value(), CsvMap{});
  EXPECT_EQ(parse_csv_map("separator=tab|thousands=none").value().separator, '\t');
}

RC_GTEST_PROP(BankCsvProperty, NothingBreaksIt, (const std::string& text)) {
  (void)read_csv(text, {}, 180min);
  (void)read_csv("date,credit\n" + text, {}, 180min);
  (void)parse_csv_map(text);
}

RC_GTEST_PROP(BankCsvProperty, WhatIsQuotedComesBackAsItWas, (std::vector<std::string> fields)) {
  if (fields.empty() || fields.size() > 60) return;
  std::string line;
  for (const auto& field : fields) {
    if (!line.empty()) line += ',';
    line += '"';
    for (const char c : field) line += c == '"' ? std::string{"\"\""} : std::string{c};
    line += '"';
  }
  const auto records = split_csv(line, ',');
  RC_ASSERT(records.has_value());
  RC_ASSERT(records->size() == 1U);
  RC_ASSERT(records->front() == fields);
}

}  // namespace
}  // namespace cambist::bank
