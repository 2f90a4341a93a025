#include "tests/support/schema.hpp"

#include <algorithm>
#include <regex>
#include <stdexcept>

namespace cambist::test {
namespace {

namespace json = boost::json;

const std::set<std::string_view> known_keywords{
    "$ref",    "type",        "enum",     "required", "properties",    "additionalProperties",
    "items",   "minItems",    "maxItems", "pattern",  "minLength",     "maxLength",
    "minimum", "maximum",     "oneOf",    "anyOf",    "maxProperties", "format",
    "default", "description", "title",    "const",    "example"};

std::string_view plain(json::string_view text) {
  return {text.data(), text.size()};
}

std::string_view type_of(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "boolean";
    case json::kind::string:
      return "string";
    case json::kind::array:
      return "array";
    case json::kind::object:
      return "object";
    case json::kind::double_:
      return "number";
    default:
      return "integer";
  }
}

bool has_type(const json::value& value, std::string_view type) {
  const auto actual = type_of(value);
  return actual == type || (type == "number" && actual == "integer");
}

class Check {
 public:
  Check(const Schemas& schemas, std::set<std::string>& seen) : schemas_(schemas), seen_(seen) {}

  void value(const json::value& schema, const json::value& instance, const std::string& path,
             std::string name = {}) {
    if (schema.is_bool()) {
      if (!schema.get_bool()) fail(path, "is not allowed");
      return;
    }
    const json::object& rules = schema.as_object();
    for (const auto& rule : rules) {
      if (!known_keywords.contains(plain(rule.key()))) {
        throw std::runtime_error("unknown schema keyword " + std::string{plain(rule.key())} +
                                 " at " + path);
      }
    }
    if (const auto* ref = rules.if_contains("$ref")) {
      const std::string_view target = plain(ref->as_string());
      constexpr std::string_view prefix = "#/components/schemas/";
      return value(
          schemas_.resolve(schema), instance, path,
          target.starts_with(prefix) ? std::string{target.substr(prefix.size())} : std::string{});
    }
    if (!type(rules, instance, path)) return;
    choices(rules, instance, path);
    if (instance.is_object()) object(rules, instance.get_object(), path, name);
    if (instance.is_array()) array(rules, instance.get_array(), path);
    if (instance.is_string()) text(rules, std::string{plain(instance.get_string())}, path);
    if (instance.is_number()) number(rules, instance.to_number<double>(), path);
  }

  std::vector<std::string> errors;

 private:
  void fail(const std::string& path, const std::string& what) {
    errors.push_back(path + ": " + what);
  }

  bool type(const json::object& rules, const json::value& instance, const std::string& path) {
    const auto* type = rules.if_contains("type");
    if (type == nullptr) return true;
    const bool fits = type->is_string()
                          ? has_type(instance, plain(type->get_string()))
                          : std::any_of(type->as_array().begin(), type->as_array().end(),
                                        [&](const json::value& one) {
                                          return has_type(instance, plain(one.as_string()));
                                        });
    if (!fits)
      fail(path, "is " + std::string{type_of(instance)} + ", not " + json::serialize(*type));
    return fits;
  }

  void choices(const json::object& rules, const json::value& instance, const std::string& path) {
    if (const auto* allowed = rules.if_contains("enum")) {
      const auto& list = allowed->as_array();
      if (std::find(list.begin(), list.end(), instance) == list.end()) {
        fail(path, json::serialize(instance) + " is not one of " + json::serialize(*allowed));
      }
    }
    if (const auto* constant = rules.if_contains("const");
        constant != nullptr && *constant != instance) {
      fail(path, "is not " + json::serialize(*constant));
    }
    for (const char* keyword : {"oneOf", "anyOf"}) {
      const auto* options = rules.if_contains(keyword);
      if (options == nullptr) continue;
      std::size_t matches = 0;
      std::string why;
      for (const auto& option : options->as_array()) {
        std::set<std::string> seen;
        Check inner{schemas_, seen};
        inner.value(option, instance, path);
        if (inner.errors.empty()) {
          ++matches;
          seen_.insert(seen.begin(), seen.end());
        } else {
          why += " [" + inner.errors.front() + "]";
        }
      }
      if (matches == 0 || (matches > 1 && std::string_view{keyword} == "oneOf")) {
        fail(path, "matches " + std::to_string(matches) + " of " + keyword + why);
      }
    }
  }

  void object(const json::object& rules, const json::object& instance, const std::string& path,
              const std::string& name) {
    if (const auto* required = rules.if_contains("required")) {
      for (const auto& member : required->as_array()) {
        if (!instance.contains(member.as_string()))
          fail(path, "lacks " + std::string{plain(member.as_string())});
      }
    }
    if (const auto* most = rules.if_contains("maxProperties")) {
      if (instance.size() > most->to_number<std::size_t>()) fail(path, "has too many members");
    }
    const auto* properties = rules.if_contains("properties");
    const auto* others = rules.if_contains("additionalProperties");
    for (const auto& member : instance) {
      const std::string key{plain(member.key())};
      const std::string below = path + "." + key;
      const auto* property =
          properties == nullptr ? nullptr : properties->as_object().if_contains(key);
      const std::string inner = name.empty() ? std::string{} : name + "." + key;
      if (property != nullptr) {
        if (!inner.empty()) seen_.insert(inner);
        value(*property, member.value(), below, inner);
      } else if (others != nullptr) {
        value(*others, member.value(), below);
      }
    }
  }

  void array(const json::object& rules, const json::array& instance, const std::string& path) {
    if (const auto* least = rules.if_contains("minItems");
        least && instance.size() < least->to_number<std::size_t>()) {
      fail(path, "has too few items");
    }
    if (const auto* most = rules.if_contains("maxItems");
        most && instance.size() > most->to_number<std::size_t>()) {
      fail(path, "has too many items");
    }
    const auto* items = rules.if_contains("items");
    for (std::size_t i = 0; items != nullptr && i < instance.size(); ++i) {
      value(*items, instance[i], path + "[" + std::to_string(i) + "]");
    }
  }

  void text(const json::object& rules, const std::string& instance, const std::string& path) {
    const auto* pattern = rules.if_contains("pattern");
    if (pattern != nullptr &&
        !std::regex_search(instance, std::regex{std::string{plain(pattern->as_string())}})) {
      fail(path, "\"" + instance + "\" does not match " + std::string{plain(pattern->as_string())});
    }
    if (const auto* least = rules.if_contains("minLength");
        least && instance.size() < least->to_number<std::size_t>()) {
      fail(path, "is too short");
    }
    if (const auto* most = rules.if_contains("maxLength");
        most && instance.size() > most->to_number<std::size_t>()) {
      fail(path, "is too long");
    }
  }

  void number(const json::object& rules, double instance, const std::string& path) {
    if (const auto* least = rules.if_contains("minimum");
        least && instance < least->to_number<double>()) {
      fail(path, "is below the minimum");
    }
    if (const auto* most = rules.if_contains("maximum");
        most && instance > most->to_number<double>()) {
      fail(path, "is above the maximum");
    }
  }

  const Schemas& schemas_;
  std::set<std::string>& seen_;
};

void collect(const json::value& schema, const std::string& name, std::set<std::string>& all) {
  const auto* rules = schema.if_object();
  const auto* properties = rules == nullptr ? nullptr : rules->if_contains("properties");
  if (properties == nullptr) return;
  for (const auto& property : properties->as_object()) {
    const std::string inner = name + "." + std::string{plain(property.key())};
    all.insert(inner);
    collect(property.value(), inner, all);
  }
}

}  // namespace

std::vector<std::string> Schemas::check(const json::value& schema, const json::value& instance) {
  std::set<std::string> seen;
  Check check{*this, seen};
  check.value(schema, instance, "$");
  if (check.errors.empty()) seen_.insert(seen.begin(), seen.end());
  return check.errors;
}

const json::value& Schemas::resolve(const json::value& value) const {
  const auto* object = value.if_object();
  const auto* ref = object == nullptr ? nullptr : object->if_contains("$ref");
  if (ref == nullptr) return value;
  const std::string_view target = plain(ref->as_string());
  if (!target.starts_with("#/"))
    throw std::runtime_error("only references into the document are known");
  return resolve(document_.at_pointer(std::string{target.substr(1)}));
}

std::set<std::string> Schemas::documented() const {
  std::set<std::string> all;
  for (const auto& schema : document_.at("components").at("schemas").as_object()) {
    collect(schema.value(), std::string{plain(schema.key())}, all);
  }
  return all;
}

}  // namespace cambist::test
