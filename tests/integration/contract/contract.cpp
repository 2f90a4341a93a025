#include "tests/integration/contract/contract.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace cambist::test {
namespace {

namespace json = boost::json;

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

const std::set<std::string> verbs{"get", "post", "put", "delete", "patch", "head"};

}  // namespace

const json::value* Contract::operation(const std::string& method, const std::string& path) const {
  const auto* item = schemas_.document().at("paths").as_object().if_contains(path);
  return item == nullptr ? nullptr : item->as_object().if_contains(lower(method));
}

void Contract::check(const std::string& method, const std::string& path,
                     const ApiResponse& response) {
  const std::string what = method + " " + path + " " + std::to_string(response.status);
  const auto* found = operation(method, path);
  ASSERT_NE(found, nullptr) << what << ": no such operation";
  const auto* documented =
      found->at("responses").as_object().if_contains(std::to_string(response.status));
  ASSERT_NE(documented, nullptr) << what << ": this status is not documented; " << response.body;
  const json::value& answer = schemas_.resolve(*documented);
  for (const auto& entry : answer.at("headers").as_object()) {
    const json::value& header = schemas_.resolve(entry.value());
    const auto* value = http::find(response.headers, std::string{entry.key()});
    if (value == nullptr) {
      EXPECT_FALSE(header.at("required").as_bool()) << what << " lacks the header " << entry.key();
      continue;
    }
    for (const auto& wrong : schemas_.check(header.at("schema"), json::value(*value))) {
      ADD_FAILURE() << what << " header " << entry.key() << " " << wrong;
    }
  }
  const auto& content = answer.at("content").as_object();
  const auto* type = http::find(response.headers, "Content-Type");
  ASSERT_NE(type, nullptr) << what;
  const auto* body = content.if_contains(type->substr(0, type->find(';')));
  ASSERT_NE(body, nullptr) << what << " has the undocumented type " << *type;
  const bool is_json = type->find("json") != std::string::npos;
  const json::value instance = is_json ? response.json() : json::value(response.body);
  for (const auto& wrong : schemas_.check(body->at("schema"), instance)) {
    ADD_FAILURE() << what << " " << wrong << "\n" << response.body;
  }
  answers_.insert(what);
}

void Contract::check_request(const std::string& method, const std::string& path,
                             const std::string& body) {
  const auto* found = operation(method, path);
  ASSERT_NE(found, nullptr) << method << " " << path;
  const auto& schema = found->at("requestBody").at("content").at("application/json").at("schema");
  for (const auto& wrong : schemas_.check(schema, json::parse(body))) {
    ADD_FAILURE() << method << " " << path << " took what the document refuses: " << wrong << "\n"
                  << body;
  }
}

std::set<std::string> Contract::unseen_answers() const {
  std::set<std::string> unseen;
  for (const auto& path : schemas_.document().at("paths").as_object()) {
    for (const auto& operation : path.value().as_object()) {
      if (!verbs.contains(std::string{operation.key()})) continue;
      std::string method{operation.key()};
      std::transform(method.begin(), method.end(), method.begin(),
                     [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      for (const auto& response : operation.value().at("responses").as_object()) {
        if (response.key() == "default") continue;
        const std::string what =
            method + " " + std::string{path.key()} + " " + std::string{response.key()};
        if (!answers_.contains(what)) unseen.insert(what);
      }
    }
  }
  return unseen;
}

std::set<std::string> Contract::unseen_fields() const {
  std::set<std::string> unseen;
  for (const auto& field : schemas_.documented()) {
    if (!schemas_.seen().contains(field)) unseen.insert(field);
  }
  return unseen;
}

}  // namespace cambist::test
