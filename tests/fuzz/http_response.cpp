// The reader of answers that come in: the same answer wherever the bytes are cut, and never more
// than its limit.
#include "gateway/outbound/response_reader.hpp"

#include "tests/fuzz/support/target.hpp"

namespace cambist::gateway::outbound {
namespace {

using fuzz::must;
using Step = ResponseReader::Step;

constexpr std::size_t body_max = 1'000;

struct Read {
  Step step = Step::more;
  bool reusable = false;
  http::Response response{};
};

Read read(std::string_view bytes, std::size_t at_a_time, bool to_head, bool cut) {
  ResponseReader reader{body_max, to_head, cut};
  Read all;
  for (std::size_t at = 0; at < bytes.size() && all.step == Step::more; at += at_a_time)
    all.step = reader.feed(bytes.substr(at, at_a_time));
  if (all.step == Step::more) all.step = reader.end();
  must(all.step != Step::more, "an ended stream is an answer or none");
  if (all.step != Step::done) return all;
  all.reusable = reader.reusable();
  all.response = reader.take();
  return all;
}

}  // namespace
}  // namespace cambist::gateway::outbound

CAMBIST_FUZZ_TARGET(http_response) {
  using namespace cambist::gateway::outbound;
  cambist::fuzz::Parts parts{bytes};
  const auto at_a_time = 1 + parts.choice(40);
  const auto mode = parts.choice(4);
  const auto input = parts.rest();
  const auto whole = read(input, input.size() + 1, mode == 1, mode == 2);
  const auto cut = read(input, at_a_time, mode == 1, mode == 2);
  if (whole.step != Step::done) return;
  must(whole.response.status >= 200 && whole.response.status <= 999, "an answer is a final one");
  must(whole.response.body.size() <= body_max, "a body stays within its limit");
  must(mode != 1 || whole.response.body.empty(), "the answer to HEAD has no body");
  must(cut.step == Step::done && cut.response.status == whole.response.status,
       "an answer is the same wherever it is cut");
  // What stood behind a complete answer is only seen when it arrives with it. A body that was cut
  // is as long as what had come.
  if (mode != 2) must(cut.response.body == whole.response.body, "and has the same body");
}
