// Holds every answer against openapi.json, and knows afterwards what of the document was never
// seen.
#pragma once

#include <set>
#include <string>

#include "tests/support/schema.hpp"
#include "tests/support/service.hpp"

namespace cambist::test {

class Contract {
 public:
  explicit Contract(boost::json::value document) : schemas_(std::move(document)) {}

  /// Fails the running test when `response` to `method` on the documented `path` breaks the
  /// document, or has a status that is not documented for it.
  void check(const std::string& method, const std::string& path, const ApiResponse& response);
  /// Fails the running test when the document would refuse a body that the server took.
  void check_request(const std::string& method, const std::string& path, const std::string& body);

  /// "POST /api/v1/payments 201" and "Payment.failure", as documented and never seen.
  [[nodiscard]] std::set<std::string> unseen_answers() const;
  [[nodiscard]] std::set<std::string> unseen_fields() const;

 private:
  const boost::json::value* operation(const std::string& method, const std::string& path) const;
  Schemas schemas_;
  std::set<std::string> answers_;
};

}  // namespace cambist::test
