// The response codes that the emulator uses, with their statuses and descriptions.
#pragma once

#include <string_view>

namespace cambist::gateway::sandbox::mpesa_openapi_tz {

struct Code {
  std::string_view code;
  int status;
  std::string_view description;
};

/// Source: facts/mpesa.md B3. A code that is not listed is described as an internal error.
[[nodiscard]] const Code& code_of(std::string_view code) noexcept;

}  // namespace cambist::gateway::sandbox::mpesa_openapi_tz
