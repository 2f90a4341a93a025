#include "gateway/sandbox/bank_transfer/statement.hpp"

#include <boost/json.hpp>

namespace cambist::gateway::sandbox::bank_transfer {
namespace {

constexpr std::chrono::hours bank_time{3};
constexpr std::string_view account = "20110000001";

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      default:
        out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

std::string quoted(std::string_view text) {
  std::string out{'"'};
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string element(std::string_view name, std::string_view content) {
  return "<" + std::string{name} + ">" + std::string{content} + "</" + std::string{name} + ">";
}

std::string amount(const Entry& entry) {
  return "<Amt Ccy=\"" + std::string{entry.amount.currency.code()} + "\">" +
         to_decimal(entry.amount) + "</Amt>";
}

std::string ntry(const Entry& entry) {
  const auto day = element("Dt", day_of(entry.booked_at));
  const auto details =
      element("Refs", element("EndToEndId", "NOTPROVIDED")) + amount(entry) +
      element("RltdPties", element("Dbtr", element("Pty", element("Nm", xml(entry.payer))))) +
      element("RmtInf", element("Ustrd", xml(entry.narrative)));
  return element("Ntry", amount(entry) + element("CdtDbtInd", entry.reversal ? "DBIT" : "CRDT") +
                             (entry.reversal ? element("RvslInd", "true") : "") +
                             element("Sts", element("Cd", "BOOK")) + element("BookgDt", day) +
                             element("ValDt", day) + element("AcctSvcrRef", entry.id) +
                             element("NtryDtls", element("TxDtls", details)));
}

}  // namespace

std::string day_of(TimePoint time) {
  return to_rfc3339(time + bank_time).substr(0, 10);
}

std::string to_camt053(const std::vector<const Entry*>& entries, TimePoint now) {
  std::string all;
  for (const Entry* entry : entries) all += ntry(*entry) + "\n";
  const auto id = "S" + std::to_string(to_micros(now));
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>" +
         element("GrpHdr", element("MsgId", id) + element("CreDtTm", to_rfc3339(now))) +
         element("Stmt",
                 element("Id", id) +
                     element("Acct", element("Id", element("Othr", element("Id", account))) +
                                         element("Ccy", "TZS")) +
                     "\n" + all) +
         "</BkToCstmrStmt></Document>\n";
}

std::string to_csv(const std::vector<const Entry*>& entries) {
  std::string all = "date,id,credit,debit,reference,narrative,payer,type\r\n";
  for (const Entry* entry : entries) {
    const auto money = to_decimal(entry->amount);
    all += day_of(entry->booked_at) + "," + entry->id + "," + (entry->reversal ? "" : money) + "," +
           (entry->reversal ? money : "") + "," + quoted(entry->reference) + "," +
           quoted(entry->narrative) + "," + quoted(entry->payer) + "," +
           (entry->reversal ? "REVERSAL" : "TRANSFER") + "\r\n";
  }
  return all;
}

std::string to_callback(const Entry& entry) {
  return boost::json::serialize(boost::json::object{
      {"event_id", "bnk-" + entry.id},
      {"type", entry.reversal ? "reversal" : "credit"},
      {"account", account},
      {"reference", entry.reference},
      {"amount", to_decimal(entry.amount)},
      {"currency", entry.amount.currency.code()},
      {"value_date", day_of(entry.booked_at)},
      {"booked_at", to_rfc3339(entry.booked_at)},
      {"bank_txn_id", entry.id},
      {"payer", boost::json::object{{"name", entry.payer}, {"account", "****4321"}}},
      {"channel", "MOBILE"},
      {"narrative", entry.narrative}});
}

}  // namespace cambist::gateway::sandbox::bank_transfer
