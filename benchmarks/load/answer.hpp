// One HTTP answer read from the bytes of a connection. The servers that are driven are trusted to
// frame well; what does not is an error of the run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace cambist::load {

/// Shape: `bytes` is how much of the input it took; `closing` says the connection ends with it.
struct Answer {
  int status = 0;
  std::string body;
  bool closing = false;
  std::size_t bytes = 0;
};
struct Incomplete {};
struct Broken {};

/// `bytes` from the start of the status line. With a length or chunked; nothing else is spoken.
[[nodiscard]] std::variant<Answer, Incomplete, Broken> read_answer(std::string_view bytes);

}  // namespace cambist::load
