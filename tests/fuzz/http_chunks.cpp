// The reader of chunked bodies: the same body wherever the bytes are cut, never more than its
// limit, and the same end as another parser sees.
#include "protocols/http/chunk_reader.hpp"

#include <array>
#include <cstdio>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "tests/fuzz/support/target.hpp"

namespace cambist::http {
namespace {

using fuzz::must;
using Step = ChunkReader::Step;

constexpr std::size_t body_max = 2'000;

struct Read {
  Step step = Step::more;
  std::size_t consumed = 0;
  std::string body{};
};

Read read(std::string_view bytes, std::size_t at_a_time) {
  ChunkReader reader{body_max};
  Read all;
  while (all.step == Step::more && all.consumed < bytes.size()) {
    const auto part = bytes.substr(all.consumed, at_a_time);
    const auto progress = reader.feed(part, all.body);
    must(progress.consumed <= part.size(), "no more is consumed than was given");
    must(progress.step != Step::more || progress.consumed == part.size(),
         "a reader that wants more has read what there is");
    all.consumed += progress.consumed;
    all.step = progress.step;
    must(all.body.size() <= body_max, "a body stays within its limit");
  }
  return all;
}

std::string written(std::string_view body) {
  std::string text;
  if (!body.empty()) {
    std::array<char, 20> size{};
    std::snprintf(size.data(), size.size(), "%zx\r\n", body.size());
    text.append(size.data()).append(body).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

void check_other_reader(std::string_view bytes, const Read& ours) {
  namespace beast = boost::beast::http;
  beast::request_parser<beast::string_body> parser;
  parser.eager(true);
  parser.header_limit(64 * 1024);
  std::string whole = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  whole.append(bytes.substr(0, ours.consumed));
  boost::system::error_code error;
  std::size_t used = 0;
  while (!error && !parser.is_done() && used < whole.size())
    used += parser.put(boost::asio::buffer(whole.data() + used, whole.size() - used), error);
  // We do not look inside extensions, nor at the names of trailers, and so take some that are none.
  // Where a chunk ends is never in doubt.
  if (error == beast::error::bad_chunk_extension || error == beast::error::bad_field ||
      error == beast::error::bad_value)
    return;
  // Beast looks for the end of a quoted string beyond its line; RFC 9112 has no line break in one.
  if (error == beast::error::need_more && whole.find('"') != std::string::npos) return;
  must(!error, error ? "another reader takes what we take, not: " + error.message() : "");
  must(used == whole.size() && parser.is_done(), "and ends it at the same place");
  must(parser.get().body() == ours.body, "and reads the same body");
}

}  // namespace
}  // namespace cambist::http

CAMBIST_FUZZ_TARGET(http_chunks) {
  using namespace cambist::http;
  cambist::fuzz::Parts parts{bytes};
  const auto at_a_time = 1 + parts.choice(40);
  const auto input = parts.rest();
  const auto whole = read(input, input.size() + 1);
  const auto cut = read(input, at_a_time);
  must(cut.step == whole.step, "a body ends in the same way wherever it is cut");
  if (whole.step != Step::done) return;
  must(cut.consumed == whole.consumed && cut.body == whole.body, "and is the same");
  const auto again = read(written(whole.body), at_a_time);
  must(again.step == Step::done && again.body == whole.body, "what was read can be sent again");
  check_other_reader(input, whole);
}
