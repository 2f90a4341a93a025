// The entry that libFuzzer calls, for the one target of its binary.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/support/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cambist::fuzz::targets().front().run({reinterpret_cast<const char*>(data), size});
  return 0;
}
