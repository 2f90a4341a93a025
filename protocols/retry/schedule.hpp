// When something that failed is tried or asked again. Time and randomness are arguments.
#pragma once

#include <span>

#include "protocols/core/time.hpp"

namespace cambist::retry {

/// Wait before a call that was surely not processed is sent again: full jitter over a doubling
/// window. Shape:  `failures` counts from 1; `roll` is uniform in [0, 1). Units:  within
/// [delay_min, min(delay_max, delay_min * 2^failures)]. Errors: none; whether to try at all is the
/// caller's decision. Source: README.md, decision 1.
[[nodiscard]] Duration backoff(int failures, Duration delay_min, Duration delay_max, double roll);

/// Wait before the provider is asked again what became of a call: the listed delays, then doubling.
/// Shape:  `asked` counts the inquiries scheduled so far, from 0; `roll` in [0, 1) jitters by +-10
/// %. Units:  at most `delay_max`, before the jitter. Source: facts/idempotency.md section 3,
/// "Schedule"; README.md, decision 2.
[[nodiscard]] Duration inquiry_delay(int asked, std::span<const Duration> delays,
                                     Duration delay_max, double roll);

/// `delay` scaled by a factor in [0.9, 1.1).
[[nodiscard]] Duration jittered(Duration delay, double roll);

}  // namespace cambist::retry
