#include "protocols/bank/camt.hpp"

#include <array>
#include <optional>
#include <utility>

#include <pugixml.hpp>

#include "protocols/bank/texts.hpp"

namespace cambist::bank {
namespace {

using Node = pugi::xml_node;
// The deepest documented path, a postal address in a party of a transaction, has 13.
constexpr int depth_max = 32;
constexpr std::size_t nodes_max = 1'000'000;
constexpr std::size_t narrative_max = 2000;
constexpr std::size_t name_max = 140;

std::string_view local_name(const Node& node) noexcept {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Node child(const Node& parent, std::string_view name) {
  for (const Node& node : parent.children()) {
    if (local_name(node) == name) return node;
  }
  return {};
}

/// The node at "Refs/AcctSvcrRef" below `parent`; null when a step is missing.
Node at(Node node, std::string_view path) {
  while (node && !path.empty()) {
    const std::size_t slash = path.find('/');
    node = child(node, path.substr(0, slash));
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  }
  return node;
}

std::string text(const Node& node) {
  return squeezed(node.text().get());
}

std::string text_at(const Node& node, std::string_view path) {
  return text(at(node, path));
}

template <std::size_t N>
std::string first_text(const Node& node, const std::array<const char*, N>& paths) {
  for (const char* path : paths) {
    if (auto found = text_at(node, path); !found.empty() && found != "NOTPROVIDED") return found;
  }
  return {};
}

template <class Visit>
void each(const Node& parent, std::string_view name, Visit visit) {
  for (const Node& node : parent.children()) {
    if (local_name(node) == name) visit(node);
  }
}

std::optional<Money> amount_of(const Node& node) {
  if (!node) return std::nullopt;
  const auto currency = Currency::parse(node.attribute("Ccy").as_string());
  if (!currency) return std::nullopt;
  const auto money = parse_amount(text(node), *currency);
  return money ? std::optional{*money} : std::nullopt;
}

/// `Dt` or `DtTm`; a time without an offset is the bank's.
std::optional<TimePoint> time_of(const Node& date, std::chrono::minutes utc_offset) {
  if (const auto day = text_at(date, "Dt"); !day.empty()) {
    const auto begins = day_begins(day.substr(0, 10), utc_offset);
    return begins ? std::optional{*begins} : std::nullopt;
  }
  const auto moment = text_at(date, "DtTm");
  if (const auto told = parse_rfc3339(moment)) return *told;
  const auto local = parse_rfc3339(moment + "Z");
  return local ? std::optional{TimePoint{*local - utc_offset}} : std::nullopt;
}

bool is_true(const std::string& word) noexcept {
  return word == "true" || word == "1";
}

/// What the two indicators, and a return's reason, mean for the account. A debit that reverses
/// takes a credit back; a credit that reverses or returns brings back what we had sent.
EntryKind kind_of(bool credit, bool back) noexcept {
  if (credit) return back ? EntryKind::returned : EntryKind::credit;
  return back ? EntryKind::reversal : EntryKind::debit;
}

class Entry {
 public:
  Entry(const Node& entry, std::string account, std::string statement, std::chrono::minutes offset)
      : entry_(entry),
        account_(std::move(account)),
        statement_(std::move(statement)),
        offset_(offset) {}

  Result<void> read(std::vector<Credit>& into) {
    const auto amount = amount_of(child(entry_, "Amt"));
    if (!amount) return unreadable("an entry (Ntry) has no amount that can be read", "Ntry.Amt");
    const auto indicator = text_at(entry_, "CdtDbtInd");
    if (indicator != "CRDT" && indicator != "DBIT")
      return unreadable("an entry is neither CRDT nor DBIT", "Ntry.CdtDbtInd");
    std::vector<Node> details;
    each(entry_, "NtryDtls", [&](const Node& part) {
      each(part, "TxDtls", [&](const Node& transaction) { details.push_back(transaction); });
    });
    if (details.size() > statement_entries_max) return unreadable("it has too many entries");
    if (details.size() > 1 && adds_up(details, *amount, indicator)) {
      for (std::size_t i = 0; i < details.size(); ++i)
        into.push_back(made(*amount_in(details[i]), indicator, {details[i]}, i + 1));
    } else {
      into.push_back(made(*amount, indicator, details, 0));
    }
    return {};
  }

 private:
  /// Per transaction since version 04, and before in its details.
  static std::optional<Money> amount_in(const Node& transaction) {
    if (const auto own = amount_of(child(transaction, "Amt"))) return own;
    return amount_of(at(transaction, "AmtDtls/TxAmt/Amt"));
  }

  /// A batch is only taken apart when nothing of it is left over.
  static bool adds_up(const std::vector<Node>& details, const Money& total,
                      const std::string& indicator) {
    Money sum = zero(total.currency);
    for (const Node& transaction : details) {
      const auto amount = amount_in(transaction);
      const auto own = text_at(transaction, "CdtDbtInd");
      if (!amount || (!own.empty() && own != indicator)) return false;
      const auto next = add(sum, *amount);
      if (!next) return false;
      sum = *next;
    }
    return sum == total;
  }

  /// `number` counts the parts of a batch from 1; 0: the whole entry.
  Credit made(const Money& amount, const std::string& indicator, const std::vector<Node>& details,
              std::size_t number) const {
    Credit credit;
    credit.account = account_;
    credit.amount = amount;
    credit.booked = is_booked();
    credit.booked_at =
        time_of(child(entry_, "BookgDt"), offset_)
            .value_or(time_of(child(entry_, "ValDt"), offset_).value_or(TimePoint{}));
    bool back = is_true(text_at(entry_, "RvslInd")) || is_return(entry_);
    for (const Node& transaction : details) {
      back = back || is_return(transaction) || at(transaction, "RtrInf");
      if (credit.reason.empty()) credit.reason = text_at(transaction, "RtrInf/Rsn/Cd");
      describe(credit, transaction);
    }
    note(credit.narrative, text_at(entry_, "AddtlNtryInf"));
    credit.narrative = shortened(std::move(credit.narrative), narrative_max);
    credit.kind = kind_of(indicator == "CRDT", back);
    credit.id = id_of(details, number);
    return credit;
  }

  /// BOOK alone: PDNG and INFO are no money yet. Text until version 03, a code in a child since.
  [[nodiscard]] bool is_booked() const {
    const Node status = child(entry_, "Sts");
    const auto code = text_at(status, "Cd");
    return (code.empty() ? text(status) : code) == "BOOK";
  }

  /// The bank's own code for "return": RRTN, of a received or an issued transfer.
  static bool is_return(const Node& node) {
    return text_at(node, "BkTxCd/Domn/Fmly/SubFmlyCd") == "RRTN";
  }

  static void note(std::string& narrative, const std::string& more) {
    if (more.empty() || narrative.size() > narrative_max) return;
    if (!narrative.empty()) narrative += ' ';
    narrative += more;
  }

  static void describe(Credit& credit, const Node& transaction) {
    const Node remittance = child(transaction, "RmtInf");
    each(remittance, "Strd", [&](const Node& structured) {
      auto found = text_at(structured, "CdtrRefInf/Ref");
      if (credit.reference.empty()) credit.reference = shortened(std::move(found), name_max);
    });
    each(remittance, "Ustrd", [&](const Node& line) { note(credit.narrative, text(line)); });
    note(credit.narrative, first_text(transaction, std::array{"Refs/EndToEndId"}));
    note(credit.narrative, text_at(transaction, "AddtlTxInf"));
    const auto payer =
        first_text(transaction, std::array{"RltdPties/Dbtr/Pty/Nm", "RltdPties/Dbtr/Nm"});
    if (credit.payer.empty()) credit.payer = shortened(payer, name_max);
    if (credit.payer_account.empty()) {
      credit.payer_account = shortened(
          first_text(transaction,
                     std::array{"RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id"}),
          name_max);
    }
  }

  /// The bank's id of the entry; of a part, its own, or else the entry's and its number.
  [[nodiscard]] std::string id_of(const std::vector<Node>& details, std::size_t number) const {
    constexpr std::array own{"Refs/AcctSvcrRef", "Refs/TxId", "Refs/UETR"};
    const auto of_entry = text_at(entry_, "AcctSvcrRef");
    std::string id = number == 0 ? of_entry : std::string{};
    if (id.empty() && details.size() == 1) id = first_text(details.front(), own);
    // The parts of a batch may all repeat the id of the whole.
    if (number > 0 && (id.empty() || id == of_entry))
      id = of_entry.empty() ? std::string{} : of_entry + "/" + std::to_string(number);
    if (id.empty()) {  // unique in its statement only
      const auto in_statement = text_at(entry_, "NtryRef");
      if (!in_statement.empty() && !statement_.empty())
        id = statement_ + "/" + in_statement + (number > 0 ? "/" + std::to_string(number) : "");
    }
    return is_transaction_id(id) ? id : std::string{};
  }

  Node entry_;
  std::string account_;
  std::string statement_;
  std::chrono::minutes offset_;
};

/// Refuses what no statement has before anything of it is read. Iterative, whatever the depth.
class Guard final : public pugi::xml_tree_walker {
 public:
  bool for_each(Node& node) override {
    if (node.type() == pugi::node_doctype) return refuse("it has a document type (DTD)");
    if (depth() > depth_max) return refuse("it is nested too deeply");
    if (++nodes_ > nodes_max) return refuse("it has too many elements");
    if (node.type() == pugi::node_declaration) {
      const std::string_view encoding = node.attribute("encoding").as_string("UTF-8");
      if (encoding != "UTF-8" && encoding != "utf-8") return refuse("it is not in UTF-8");
    }
    return true;
  }
  const char* problem = nullptr;

 private:
  bool refuse(const char* why) {
    problem = why;
    return false;
  }
  std::size_t nodes_ = 0;
};

Result<void> load(pugi::xml_document& document, std::string_view xml) {
  if (xml.size() > statement_bytes_max) return unreadable("it is too large");
  if (!is_utf8(xml) || xml.find('\0') != std::string_view::npos)
    return unreadable("it is not in UTF-8");
  // pugixml knows the five entities of XML and no others, and never opens anything.
  constexpr unsigned how = pugi::parse_escapes | pugi::parse_cdata | pugi::parse_eol |
                           pugi::parse_doctype | pugi::parse_declaration;
  const auto parsed = document.load_buffer(xml.data(), xml.size(), how, pugi::encoding_utf8);
  if (!parsed) return unreadable(std::string{"it is no XML: "} + parsed.description());
  Guard guard;
  document.traverse(guard);
  if (guard.problem != nullptr) return unreadable(guard.problem);
  return {};
}

}  // namespace

Result<std::vector<Credit>> read_camt(std::string_view xml, std::chrono::minutes utc_offset) {
  pugi::xml_document document;
  if (const auto loaded = load(document, xml); !loaded) return loaded.error();
  const Node root = child(document, "Document");
  constexpr std::array<std::pair<const char*, const char*>, 3> forms{
      {{"BkToCstmrStmt", "Stmt"},
       {"BkToCstmrDbtCdtNtfctn", "Ntfctn"},
       {"BkToCstmrAcctRpt", "Rpt"}}};
  for (const auto& [message, part] : forms) {
    const Node body = child(root, message);
    if (!body) continue;
    std::vector<Credit> entries;
    Result<void> outcome{};
    each(body, part, [&](const Node& statement) {
      const auto account = first_text(statement, std::array{"Acct/Id/IBAN", "Acct/Id/Othr/Id"});
      const auto id = text_at(statement, "Id");
      each(statement, "Ntry", [&](const Node& entry) {
        if (!outcome) return;
        outcome = Entry{entry, shortened(account, name_max), id, utc_offset}.read(entries);
        if (outcome && entries.size() > statement_entries_max)
          outcome = unreadable("it has too many entries");
      });
    });
    if (!outcome) return outcome.error();
    tell_apart(entries);
    return entries;
  }
  return unreadable("it is no camt.052, camt.053 or camt.054");
}

}  // namespace cambist::bank
