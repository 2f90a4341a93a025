// Is this text usable as what it stands for? Each answers what would be right, or nothing when it
// is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cambist::config {

using Check = std::optional<std::string> (*)(std::string_view text);

/// HOST:PORT to listen on; port 0 lets the system pick.
[[nodiscard]] std::optional<std::string> wrong_address(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_log_level(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_folder(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_file(std::string_view text);
/// Empty is the embedded store, else a URL of PostgreSQL.
[[nodiscard]] std::optional<std::string> wrong_database(std::string_view text);
/// 1 to 255 printable characters without spaces.
[[nodiscard]] std::optional<std::string> wrong_api_key(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_currency(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_country(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_method_type(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_feature(std::string_view text);
[[nodiscard]] std::optional<std::string> wrong_tenant(std::string_view text);

}  // namespace cambist::config
