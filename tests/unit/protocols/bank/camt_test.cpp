#include "protocols/bank/camt.hpp"

#include <gtest/gtest.h>

#include "protocols/bank/matcher.hpp"
#include "protocols/bank/texts.hpp"

namespace cambist::bank {
namespace {

using namespace std::chrono_literals;

// Source: facts/bank-transfer.md section 5; the white space is the bank's.
constexpr const char* notice =
    R"(<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>T-0001</MsgId>
<CreDtTm>2026-01-15T10:31:00+03:00</CreDtTm></GrpHdr><Ntfctn><Id>T-0001-1</Id><Acct><Id><Othr><Id>20110000001</Id></Othr></Id>
<Ccy>TZS</Ccy></Acct><Ntry><NtryRef>1</NtryRef><Amt Ccy="TZS">450000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-01-15</Dt></BookgDt><ValDt><Dt>2026-01-15</Dt></ValDt><AcctSvcrRef>FT26015ABC12</AcctSvcrRef><BkTxCd><Domn>
<Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED
</EndToEndId></Refs><Amt Ccy="TZS">450000.00</Amt><RltdPties><Dbtr><Pty><Nm>ASHA JUMA</Nm></Pty></Dbtr></RltdPties><RmtInf>
<Ustrd>RENT 8800 0000 4225</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>)";

std::string statement(const std::string& entries, const std::string& version = "02",
                      const std::string& prefix = "") {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><" + prefix + "Document xmlns" +
         (prefix.empty() ? "" : ":" + prefix.substr(0, prefix.size() - 1)) +
         "=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001." + version + "\"><" + prefix +
         "BkToCstmrStmt><" + prefix + "Stmt><" + prefix + "Id>S1</" + prefix + "Id><" + prefix +
         "Acct><" + prefix + "Id><" + prefix + "Othr><" + prefix + "Id>2011</" + prefix + "Id></" +
         prefix + "Othr></" + prefix + "Id></" + prefix + "Acct>" + entries + "</" + prefix +
         "Stmt></" + prefix + "BkToCstmrStmt></" + prefix + "Document>";
}

std::string entry(const std::string& amount = "450000.00", const std::string& direction = "CRDT",
                  const std::string& status = "BOOK", const std::string& more = "") {
  return "<Ntry><Amt Ccy=\"TZS\">" + amount + "</Amt><CdtDbtInd>" + direction +
         "</CdtDbtInd><Sts>" + status +
         "</Sts><BookgDt><Dt>2026-01-15</Dt></BookgDt><AcctSvcrRef>FT1</AcctSvcrRef>" + more +
         "</Ntry>";
}

std::vector<Credit> read(const std::string& xml) {
  auto entries = read_camt(xml, 180min);
  EXPECT_TRUE(entries) << (entries ? "" : entries.error().detail);
  return entries ? std::move(*entries) : std::vector<Credit>{};
}

std::string why_not(const std::string& xml) {
  const auto entries = read_camt(xml, 180min);
  EXPECT_FALSE(entries) << "it was read";
  return entries ? std::string{} : entries.error().detail;
}

TEST(Camt, ReadsTheNoticeOfTheFacts) {
  const auto entries = read(notice);
  ASSERT_EQ(entries.size(), 1U);
  const Credit& credit = entries.front();
  EXPECT_EQ(credit.id, "FT26015ABC12");
  EXPECT_EQ(credit.kind, EntryKind::credit);
  EXPECT_TRUE(credit.booked);
  EXPECT_EQ(credit.account, "20110000001");
  EXPECT_EQ(credit.amount, (Money{45'000'000, Currency::parse("TZS").value()}));
  EXPECT_EQ(to_rfc3339(credit.booked_at), "2026-01-14T21:00:00.000Z");
  EXPECT_EQ(credit.narrative, "RENT 8800 0000 4225");
  EXPECT_EQ(credit.payer, "ASHA JUMA");
  EXPECT_EQ(reference_of(credit, {}), "880000004225");
}

TEST(Camt, ReadsVersion02AndPrefixedNames) {
  const auto old = read(statement(entry("1000.5")));
  ASSERT_EQ(old.size(), 1U);
  EXPECT_TRUE(old[0].booked);
  EXPECT_EQ(old[0].amount.minor, 100'050);
  const std::string prefixed =
      "<d:Ntry><d:Amt Ccy=\"TZS\">7</d:Amt><d:CdtDbtInd>CRDT</d:CdtDbtInd><d:Sts><d:Cd>BOOK</d:Cd>"
      "</d:Sts></d:Ntry>";
  const auto newest = read(statement(prefixed, "13", "d:"));
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].account, "2011");
  EXPECT_TRUE(newest[0].booked);
}

TEST(Camt, OnlyBookIsBooked) {
  for (const char* status : {"PDNG", "INFO", "<Cd>PDNG</Cd>", "<Cd>FUTR</Cd>", ""}) {
    const auto entries = read(statement(entry("1", "CRDT", status)));
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_FALSE(entries[0].booked) << status;
  }
}

TEST(Camt, TellsReversalsAndReturnsFromCreditsAndDebits) {
  const auto kind = [](const std::string& direction, const std::string& more) {
    return read(statement(entry("1", direction, "BOOK", more))).at(0).kind;
  };
  const std::string reversed = "<RvslInd>true</RvslInd>";
  const std::string returned =
      "<NtryDtls><TxDtls><RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf></TxDtls></NtryDtls>";
  const std::string code =
      "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></"
      "BkTxCd>";
  EXPECT_EQ(kind("CRDT", ""), EntryKind::credit);
  EXPECT_EQ(kind("DBIT", ""), EntryKind::debit);
  EXPECT_EQ(kind("DBIT", reversed), EntryKind::reversal);
  EXPECT_EQ(kind("CRDT", reversed), EntryKind::returned);
  EXPECT_EQ(kind("CRDT", "<RvslInd>false</RvslInd>"), EntryKind::credit);
  EXPECT_EQ(kind("CRDT", returned), EntryKind::returned);
  EXPECT_EQ(kind("DBIT", returned), EntryKind::reversal);
  EXPECT_EQ(kind("CRDT", code), EntryKind::returned);
}

std::string part(const std::string& amount, const std::string& text, const std::string& id = "") {
  return "<TxDtls>" + (id.empty() ? "" : "<Refs><TxId>" + id + "</TxId></Refs>") +
         "<AmtDtls><TxAmt><Amt Ccy=\"TZS\">" + amount + "</Amt></TxAmt></AmtDtls><RmtInf><Ustrd>" +
         text + "</Ustrd></RmtInf></TxDtls>";
}

TEST(Camt, TakesABatchApartWhenItAddsUp) {
  const auto entries = read(statement(entry("30.00", "CRDT", "BOOK",
                                            "<NtryDtls>" + part("10", "880000004225", "T1") +
                                                part("20.00", "880000004322") + "</NtryDtls>")));
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].id, "T1");
  EXPECT_EQ(entries[1].id, "FT1/2");
  EXPECT_EQ(entries[0].amount.minor, 1000);
  EXPECT_EQ(reference_of(entries[1], {}), "880000004322");
}

TEST(Camt, ABatchThatDoesNotAddUpIsOneEntryThatNamesNobody) {
  const auto entries = read(statement(entry(
      "31.00", "CRDT", "BOOK",
      "<NtryDtls>" + part("10", "880000004225") + part("20.00", "880000004322") + "</NtryDtls>")));
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].amount.minor, 3100);
  EXPECT_EQ(reference_of(entries[0], {}), std::nullopt);
}

TEST(Camt, TwinsWithoutAnIdCountEachAndAlwaysTheSame) {
  const std::string nameless =
      "<Ntry><Amt Ccy=\"TZS\">5</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry>";
  const auto first = read(statement(nameless + nameless));
  const auto again = read(statement(nameless + nameless));
  ASSERT_EQ(first.size(), 2U);
  EXPECT_NE(first[0].id, first[1].id);
  EXPECT_EQ(first, again);
}

TEST(Camt, PrefersTheStructuredReference) {
  const auto entries = read(statement(entry(
      "1", "CRDT", "BOOK",
      "<NtryDtls><TxDtls><RmtInf><Ustrd>880000004322</Ustrd><Strd><CdtrRefInf><Ref>880000004225"
      "</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>")));
  EXPECT_EQ(reference_of(entries.at(0), {}), "880000004225");
}

TEST(Camt, RefusesAnEntryThatIsNoMoney) {
  for (const char* amount :
       {"", "-5.00", "1,000.00", "1e6", "5.001", "99999999999999999999", "NaN"})
    EXPECT_NE(why_not(statement(entry(amount))), "") << amount;
  EXPECT_NE(why_not(statement(entry("5", "BOTH"))), "");
  EXPECT_NE(why_not(statement("<Ntry><Amt Ccy=\"QQQ\">5</Amt></Ntry>")), "");
  EXPECT_NE(why_not(statement("<Ntry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>")), "");
}

TEST(CamtIsHostile, ADocumentTypeIsRefusedAndNothingIsExpanded) {
  EXPECT_EQ(why_not("<!DOCTYPE Document SYSTEM \"file:///etc/passwd\">" + std::string{notice}),
            "it has a document type (DTD)");
  EXPECT_EQ(why_not("<!DOCTYPE l [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">"
                    "<!ENTITY c \"&b;&b;&b;&b;\">]><Document>&c;</Document>"),
            "it has a document type (DTD)");
  // Without a document type an entity is nothing but its letters.
  const auto entries = read(
      statement(entry("1", "CRDT", "BOOK", "<AddtlNtryInf>&xxe; &lt;b&gt; &#x41;</AddtlNtryInf>")));
  EXPECT_EQ(entries.at(0).narrative, "&xxe; <b> A");
}

TEST(CamtIsHostile, HugeDeepAndBrokenDocumentsAreRefused) {
  EXPECT_EQ(why_not(std::string(statement_bytes_max + 1, ' ')), "it is too large");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  EXPECT_NE(why_not(deep), "");
  for (int i = 0; i < 100'000; ++i) deep += "</a>";
  EXPECT_EQ(why_not(deep), "it is nested too deeply");
  std::string many;
  for (std::size_t i = 0; i < statement_entries_max + 2; ++i)
    many += "<Ntry><Amt Ccy=\"TZS\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>";
  EXPECT_EQ(why_not(statement(many)), "it has too many entries");
  for (std::size_t cut = 0; cut < std::string_view{notice}.size(); cut += 7)
    EXPECT_FALSE(read_camt(std::string_view{notice}.substr(0, cut), 180min)) << cut;
}

TEST(CamtIsHostile, OtherEncodingsAreRefused) {
  using namespace std::string_literals;
  EXPECT_EQ(why_not("\xff\xfe<\0D\0"s), "it is not in UTF-8");
  EXPECT_EQ(why_not("<Document>\xc0\xaf</Document>"), "it is not in UTF-8");
  EXPECT_EQ(why_not("<Document>\0</Document>"s), "it is not in UTF-8");
  EXPECT_EQ(why_not("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + std::string{notice}),
            "it is not in UTF-8");
}

TEST(Camt, WhatIsNoStatementIsRefused) {
  for (const char* text : {"", " ", "{}", "<Document/>", "<BkToCstmrStmt/>", "<html></html>"})
    EXPECT_NE(why_not(text), "") << text;
  EXPECT_TRUE(read("<Document><BkToCstmrStmt/></Document>").empty());
}

}  // namespace
}  // namespace cambist::bank
