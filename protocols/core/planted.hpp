// Faults that somebody planted on purpose, so that the simulator can prove that it finds such a
// fault. In the program they are not there: without CAMBIST_PLANTED_FAULTS the question is answered
// by the compiler, and neither its code nor its name is left. `cambist-sim-planted` is built with
// it and says at run time which one is alive (tests/support/planted.hpp lists them all).
#pragma once

#ifdef CAMBIST_PLANTED_FAULTS
#include <string_view>
#endif

namespace cambist {

#ifdef CAMBIST_PLANTED_FAULTS
/// Whether the fault `name` is alive in this run.
[[nodiscard]] bool planted(std::string_view name) noexcept;
#else
// Another parameter than above: both kinds of files may meet in one program.
[[nodiscard]] consteval bool planted(const char* /*name*/) {
  return false;
}
#endif

}  // namespace cambist
