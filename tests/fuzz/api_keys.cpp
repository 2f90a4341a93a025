// Idempotency keys, from a header and a body. A key that is taken is 1 to 255 visible characters,
// and a request is known by what it asks for and not by how it was written.
#include "protocols/api/keys.hpp"

#include <algorithm>

#include <boost/json.hpp>

#include "protocols/api/json.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::api {
namespace {

namespace json = boost::json;
using fuzz::must;

void check_key(const std::string* header, const json::object& body) {
  const auto key = idempotency_key_of(header, body);
  if (!key) {
    must(key.error().field == "Idempotency-Key" || key.error().field == "idempotency_key",
         "a refused key is named by its field");
    return;
  }
  must(!key->empty() || header == nullptr, "a key that was sent is not lost");
  must(key->size() <= 255 &&
           std::all_of(key->begin(), key->end(), [](char c) { return c > ' ' && c < 0x7f; }),
       "a key is visible ASCII");
  if (key->empty()) return;
  const std::string quoted = '"' + *key + '"';
  must(idempotency_key_of(&quoted, {}).value() == *key, "quotes around a key are not part of it");
  json::object both = body;
  both["idempotency_key"] = quoted;
  must(idempotency_key_of(&quoted, both).value() == *key, "header and body may say the same");
  both["idempotency_key"] = quoted + "x";
  must(!idempotency_key_of(&quoted, both), "but not two keys");
}

json::object reversed(const json::object& body) {
  json::object other;
  for (auto at = body.end(); at != body.begin();) {
    --at;
    other.emplace(at->key(), at->value());
  }
  return other;
}

void check_fingerprint(const json::object& body) {
  const auto print = fingerprint("POST", "/p", body);
  must(print == fingerprint("POST", "/p", reversed(body)), "order is not part of a request");
  json::object keyed = body;
  keyed["idempotency_key"] = "k-7";
  must(print == fingerprint("POST", "/p", keyed), "nor is its key");
  keyed["another"] = 7;
  must(body.contains("another") || print != fingerprint("POST", "/p", keyed), "all else is");
  must(print != fingerprint("POST", "/q", body), "and so is its path");
}

}  // namespace
}  // namespace cambist::api

CAMBIST_FUZZ_TARGET(api_keys) {
  using namespace cambist::api;
  cambist::fuzz::Parts parts{bytes};
  const std::string header{parts.line()};
  const auto body = read_object(parts.rest());
  check_key(&header, body ? *body : boost::json::object{});
  if (!body) return;
  check_key(nullptr, *body);
  check_fingerprint(*body);
}
