// A validator for the part of JSON Schema 2020-12 that openapi.json uses. A keyword that it does
// not know is an error, so that no rule of the document is silently skipped.
#pragma once

#include <set>
#include <string>
#include <vector>

#include <boost/json.hpp>

namespace cambist::test {

class Schemas {
 public:
  /// `document` holds what "#/…" references point at.
  explicit Schemas(boost::json::value document) : document_(std::move(document)) {}

  /// What is wrong with `instance`, one line each: "$.amount.value: is no string". Empty: it is
  /// valid.
  [[nodiscard]] std::vector<std::string> check(const boost::json::value& schema,
                                               const boost::json::value& instance);
  /// `value`, or what its $ref points at.
  [[nodiscard]] const boost::json::value& resolve(const boost::json::value& value) const;

  /// Properties of named schemas ("Payment.amount") that stood in a valid instance, and all that
  /// there are.
  [[nodiscard]] const std::set<std::string>& seen() const noexcept { return seen_; }
  [[nodiscard]] std::set<std::string> documented() const;
  [[nodiscard]] const boost::json::value& document() const noexcept { return document_; }

 private:
  boost::json::value document_;
  std::set<std::string> seen_;
};

}  // namespace cambist::test
