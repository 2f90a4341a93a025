// Reads the members of a request body and remembers everything that is wrong with them, since
// PayPal names all of it at once.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "gateway/sandbox/paypal/failure.hpp"
#include "protocols/core/money.hpp"

namespace cambist::gateway::sandbox::paypal {

class Reader {
 public:
  /// One object of the body. Shape: `object` is nullptr where there is none; `path` is its JSON
  /// pointer.
  struct Place {
    const boost::json::object* object = nullptr;
    std::string path{};
    explicit operator bool() const noexcept { return object != nullptr; }
  };

  /// `body` outlives the reader; anything but an object is wrong.
  explicit Reader(const boost::json::value& body);

  [[nodiscard]] const Place& root() const noexcept { return root_; }
  [[nodiscard]] Place below(const Place& place, std::string_view name);
  /// The first `items_max` objects of a list; absent is an empty list.
  [[nodiscard]] std::vector<Place> list(const Place& place, std::string_view name,
                                        std::size_t items_max);
  [[nodiscard]] std::string text(const Place& place, std::string_view name, std::size_t size_max);
  [[nodiscard]] bool flag(const Place& place, std::string_view name, bool otherwise);
  /// {"currency_code", "value"}; nothing when it is absent or wrong. `may_be_zero` is for parts of
  /// a breakdown, and then gives zero.
  [[nodiscard]] std::optional<Money> money(const Place& place, std::string_view name,
                                           bool may_be_zero = false);
  void require(const Place& place, std::string_view name);
  void refuse(std::string_view issue, std::string field, std::string value = {});

  /// What was wrong: the malformed first, for it hides the rest.
  [[nodiscard]] std::optional<Failure> failure() const;

 private:
  Place root_;
  Failure malformed_;
  Failure unprocessable_;
};

}  // namespace cambist::gateway::sandbox::paypal
