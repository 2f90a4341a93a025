#include "actors/guarded.hpp"

#include <spdlog/spdlog.h>
#include <caf/make_message.hpp>

namespace cambist::actors {

caf::error error_of(const std::exception_ptr& thrown, const char* kind) {
  std::string what = "unknown exception";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    what = error.what();
  } catch (...) {  // NOLINT(bugprone-empty-catch): the text above says it
  }
  spdlog::error("actor_failed kind={} error=\"{}\"", kind, what);
  return caf::make_error(caf::sec::runtime_error, what);
}

}  // namespace cambist::actors
