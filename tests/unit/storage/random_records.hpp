// Random records for properties of stores, and all that a reader sees of them as text.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include <rapidcheck/gtest.h>

#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {

/// One random record, as small numbers that shrink well.
struct RecordDraw {
  int kind = 0;
  std::uint64_t subject = 1;
  bool rival = false;
  int status = 0;
  int number = 0;
};
void showValue(const RecordDraw& draw, std::ostream& out);
[[nodiscard]] rc::Gen<std::vector<RecordDraw>> record_draws();

/// `serial` counts up, so that audit rows and announcements have ids of their own.
[[nodiscard]] Record make_record(const RecordDraw& draw, std::uint64_t& serial);
/// The mark of a step on the webhook `subject`.
[[nodiscard]] WebhookUpdate make_mark(std::uint64_t subject, int status, int number);

[[nodiscard]] std::string everything_outside_payments(Reader& reader);

}  // namespace cambist::storage::testing
