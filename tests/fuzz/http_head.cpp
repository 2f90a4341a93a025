// The guard of request heads. A head that it takes has one meaning: one framing, one host, and the
// same reading by another parser, by itself again, and wherever the bytes were cut on their way.
#include "protocols/http/head_guard.hpp"

#include <algorithm>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "protocols/http/syntax.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::http {
namespace {

using fuzz::must;

std::size_t count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(),
      [name](const Header& header) { return equals_ignoring_case(header.name, name); }));
}

// However many bytes come at a time, the end of the head is found at the same place.
void check_scan(std::string_view bytes) {
  const auto whole = scan_head(bytes, 0);
  HeadScan cut;
  for (std::size_t size = 1; size <= bytes.size() && cut.end == 0 && !cut.bad; ++size)
    cut = scan_head(bytes.substr(0, size), cut.scanned);
  must(cut.bad == whole.bad && cut.end == whole.end, "a head ends at one place however it arrives");
}

void check_framing(const Head& head) {
  const auto codings = count(head.headers, "transfer-encoding");
  const auto lengths = count(head.headers, "content-length");
  must(codings + lengths <= 1, "an accepted head names at most one framing");
  must((head.framing == Framing::chunked) == (codings == 1), "chunked is what the head says");
  must((head.framing == Framing::length) == (head.content_length > 0), "a length is above zero");
  if (head.framing == Framing::length)
    must(lengths == 1 && std::stoull(*find(head.headers, "content-length")) == head.content_length,
         "the length is the one that stands there");
  must(count(head.headers, "host") == 1, "an accepted head has exactly one host");
  must(head.framing == Framing::none || (head.method != "GET" && head.method != "DELETE"),
       "a method without a body has none");
  must(head.target.starts_with('/'), "the target is in origin-form");
  for (const auto& [name, value] : head.headers)
    must(value.find_first_of(std::string_view{"\0\r\n", 3}) == std::string::npos,
         "no value ends its line");
}

std::string written(const Head& head) {
  std::string text =
      head.method + " " + head.target + " HTTP/1." + std::to_string(head.minor_version) + "\r\n";
  for (const auto& [name, value] : head.headers) text += name + ": " + value + "\r\n";
  return text + "\r\n";
}

bool same(const Headers& a, const Headers& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Header& x, const Header& y) {
    return x.name == y.name && x.value == y.value;
  });
}

void check_again(const Head& head) {
  const auto outcome = guard_head(written(head), {.head_bytes = 64 * 1024});
  const auto* again = std::get_if<Head>(&outcome);
  must(again != nullptr, "what was accepted is accepted again");
  must(again->method == head.method && again->target == head.target &&
           same(again->headers, head.headers) && again->framing == head.framing &&
           again->content_length == head.content_length &&
           again->minor_version == head.minor_version && again->keep_alive == head.keep_alive &&
           again->expects_continue == head.expects_continue,
       "and means the same");
}

// Two readers that understand one head in two ways are how a request is smuggled.
void check_other_reader(std::string_view bytes, const Head& head) {
  namespace beast = boost::beast::http;
  beast::request_parser<beast::string_body> parser;
  parser.header_limit(64 * 1024);
  parser.body_limit(boost::none);
  boost::system::error_code error;
  const auto used = parser.put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  must(!error || error == beast::error::need_more, "another reader takes what the guard takes");
  must(used == bytes.size() && parser.is_header_done(), "and ends it at the same place");
  const auto& message = parser.get();
  must(message.method_string() == head.method && message.target() == head.target,
       "and reads the same request line");
  must(parser.chunked() == (head.framing == Framing::chunked) &&
           parser.content_length().value_or(0) == head.content_length,
       "and sees the same framing");
  must(static_cast<std::size_t>(std::distance(message.begin(), message.end())) ==
           head.headers.size(),
       "and counts the same fields");
}

}  // namespace
}  // namespace cambist::http

CAMBIST_FUZZ_TARGET(http_head) {
  using namespace cambist::http;
  check_scan(bytes);
  const auto outcome = guard_head(bytes, {});
  if (const auto* refusal = std::get_if<HeadRefusal>(&outcome)) {
    cambist::fuzz::must(refusal->status >= 400 && refusal->status <= 505, "a refusal has a status");
    return;
  }
  const auto& head = std::get<Head>(outcome);
  check_framing(head);
  check_again(head);
  check_other_reader(bytes, head);
}
