// What the operating system knows of this process, under the names that every Prometheus client
// uses.
#pragma once

#include <vector>

#include <prometheus/metric_family.h>

namespace cambist::gateway {

/// Read from /proc at each call; what cannot be read is left out.
[[nodiscard]] std::vector<prometheus::MetricFamily> process_metrics();

}  // namespace cambist::gateway
