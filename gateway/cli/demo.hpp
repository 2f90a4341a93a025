// `cambist demo`: one payment through the public API, as any application would make it, and its
// timeline.
#pragma once

#include <iosfwd>
#include <string>

#include "actors/ports.hpp"
#include "protocols/core/secret.hpp"
#include "protocols/core/time.hpp"

namespace cambist::gateway::cli {

struct DemoParams {
  std::string url;
  Secret api_key;
  bool json = false;
  Clock now;
  Random random;
};

/// Creates (manual capture), captures, refunds a part, and prints the timeline to `out`; talk goes
/// to `talk`. Returns the exit status: 0 when every step answered as it should, 1 otherwise, 2 for
/// a wrong URL.
[[nodiscard]] int run_demo(actors::HttpClient& client, const DemoParams& params, std::ostream& out,
                           std::ostream& talk);

/// The timeline of `GET /api/v1/payments/{id}/events` as text, one line an event.
[[nodiscard]] std::string render_timeline(std::string_view payment_json,
                                          std::string_view events_json);

}  // namespace cambist::gateway::cli
