#include "protocols/providers/airtel_money/callbacks.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <openssl/evp.h>

#include "protocols/core/digest.hpp"
#include "protocols/provider/json_reader.hpp"
#include "protocols/providers/airtel_money/reference.hpp"

namespace cambist::airtel_money {
namespace {

Error wrong(std::string_view field, std::string detail) {
  return Error{ErrorCode::invalid_request, std::move(detail), std::string{field}};
}

Error not_genuine() {
  return Error{ErrorCode::unauthenticated, "the callback is not the provider's"};
}

std::string base64(const Sha256& digest) {
  constexpr int encoded_max = 64;  // 32 bytes are 44 characters
  unsigned char text[encoded_max] = {};
  const int size = EVP_EncodeBlock(text, digest.data(), static_cast<int>(digest.size()));
  return std::string{reinterpret_cast<const char*>(text), static_cast<std::size_t>(size)};
}

// The one member of that name; a second would let two readers see two texts.
const provider::JsonSpan* only(const std::vector<provider::JsonSpan>& spans, std::string_view key) {
  const auto named = [key](const provider::JsonSpan& span) { return span.key == key; };
  const auto found = std::find_if(spans.begin(), spans.end(), named);
  if (found == spans.end() || std::count_if(spans.begin(), spans.end(), named) != 1) return nullptr;
  return &*found;
}

// JSON without the blanks between its tokens, in the order in which it is written.
std::string compact(std::string_view text) {
  std::string out;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size()) {
      out += c;
      out += text[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (quoted || (c != ' ' && c != '\t' && c != '\r' && c != '\n')) out += c;
  }
  return out;
}

// The member and the comma that parts it from its neighbour.
std::string without(std::string_view body, const provider::JsonSpan& span) {
  std::size_t begin = span.begin;
  std::size_t end = span.end;
  const auto next = body.find_first_not_of(" \t\r\n", end);
  if (next < body.size() && body[next] == ',') {
    end = next + 1;
  } else if (const auto before = body.find_last_not_of(" \t\r\n", begin - 1);
             before < body.size() && body[before] == ',') {
    begin = before;
  }
  return std::string{body.substr(0, begin)} + std::string{body.substr(end)};
}

std::string given_hash(const CallbackHash& hash, const http::Request& request) {
  const auto body = provider::read_json_object(request.body);
  if (!body) return {};
  if (std::string inside = provider::json_text(*body, "hash"); !inside.empty()) return inside;
  const auto* header = hash.header.empty() ? nullptr : http::find(request.headers, hash.header);
  return header == nullptr ? std::string{} : *header;
}

}  // namespace

std::string hashed_bytes(CallbackForm form, std::string_view body) {
  if (form == CallbackForm::raw) return std::string{body};
  const auto spans = provider::json_spans(body);
  if (form == CallbackForm::raw_without_hash) {
    const auto* span = only(spans, "hash");
    return span == nullptr ? std::string{} : without(body, *span);
  }
  const auto* span = only(spans, "transaction");
  if (span == nullptr) return {};
  return R"({"transaction":)" +
         compact(body.substr(span->value_begin, span->end - span->value_begin)) + "}";
}

Result<void> verify_hash(const CallbackHash& hash, const http::Request& request) {
  if (hash.key.empty() || hash.believe_unsigned) return {};
  const std::string given = given_hash(hash, request);
  bool right = false;
  for (const CallbackForm form : hash.forms) {
    const std::string bytes = hashed_bytes(form, request.body);
    if (bytes.empty()) continue;
    // Every form is tried, so that the time does not tell which was right.
    right = constant_time_equal(base64(hmac_sha256(hash.key.reveal(), bytes)), given) || right;
  }
  if (!right) return not_genuine();
  return {};
}

Result<provider::Notice> read_callback(std::string_view body) {
  const auto object = provider::read_json_object(body);
  const auto* transaction = object ? provider::json_child(*object, "transaction") : nullptr;
  if (transaction == nullptr) return wrong("transaction", "is missing");
  const std::string id = provider::json_word(*transaction, "id");
  if (id.empty()) return wrong("transaction.id", "is no id of a transaction");
  const std::string status = provider::json_word(*transaction, "status_code");
  if (status.empty()) return wrong("transaction.status_code", "is missing");
  const std::string money_id = provider::json_word(*transaction, "airtel_money_id");

  provider::Notice notice;
  notice.id = id + ":" + status + (money_id.empty() ? "" : ":" + money_id);
  notice.type = "collection." + status;
  notice.object = money_id;
  const auto ours = read_transaction_id(id);
  if (!ours) return notice;  // of another system that shares the app: Irrelevant
  notice.payment = ours->payment.to_string();
  notice.provider_payment_id = id;
  // Neither the amount nor, unless Airtel signs, the sender is known: it is a reason to ask.
  notice.news = provider::Happened{std::nullopt, status == "TS" ? money_id : std::string{}};
  return notice;
}

}  // namespace cambist::airtel_money
