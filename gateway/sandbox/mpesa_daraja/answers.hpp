// Daraja's answers: the JSON of an acceptance, and of every way to refuse.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json.hpp>

#include "protocols/http/message.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

/// Shape: `code` is Daraja's errorCode.
struct Failure {
  int status = 400;
  std::string_view code = "400.002.02";
  std::string message;
};
using Outcome = std::variant<boost::json::object, Failure>;

/// "Bad Request - Invalid <field>"
[[nodiscard]] Failure invalid(std::string_view field);
[[nodiscard]] Failure internal_error();
[[nodiscard]] Failure is_processed();
[[nodiscard]] http::Response respond(const Outcome& outcome, std::string request_id);
/// The API gateway's own words for too many calls.
[[nodiscard]] http::Response spike_arrest();

/// A request's JSON, field by field: the first that is wrong is what Daraja complains about.
class Fields {
 public:
  /// nullopt when the body is no JSON object.
  [[nodiscard]] static std::optional<Fields> read(std::string_view body);

  /// A string, or a whole number as its digits. Refused unless `least` to `most` bytes long.
  std::string text(std::string_view name, std::size_t least, std::size_t most);
  /// Digits only.
  std::string digits(std::string_view name, std::size_t least, std::size_t most);
  /// One of Kenya's mobile numbers: 2547… or 2541….
  std::string phone(std::string_view name);
  /// Whole shillings above zero.
  std::int64_t amount(std::string_view name, std::int64_t most);
  /// https, or http on loopback.
  std::string url(std::string_view name);
  void is(std::string_view name, std::string_view wanted);
  void refuse(Failure failure);
  void refuse(std::string_view name) { refuse(invalid(name)); }
  [[nodiscard]] bool has(std::string_view name) const { return object_.if_contains(name); }
  [[nodiscard]] std::optional<Failure> failure() const { return failure_; }

 private:
  explicit Fields(boost::json::object object) : object_(std::move(object)) {}
  boost::json::object object_;
  std::optional<Failure> failure_{};
};

}  // namespace cambist::gateway::sandbox::mpesa_daraja
