#include "config/kinds.hpp"

#include <charconv>
#include <sstream>

namespace cambist::config {
namespace {

std::string kind_of(const Value& value) {
  constexpr const char* kinds[] = {"text",     "true or false", "a whole number",
                                   "a number", "a list",        "a list of texts"};
  return kinds[value.index()];
}

std::string shown_number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <class T>
std::optional<T> parse(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  return value;
}

std::optional<std::int64_t> as_whole(const Given& given) {
  if (const auto* number = std::get_if<std::int64_t>(&given.value)) return *number;
  const auto* text = std::get_if<std::string>(&given.value);
  return text != nullptr && !given.typed ? parse<std::int64_t>(*text) : std::nullopt;
}

std::optional<double> as_real(const Given& given) {
  if (const auto* number = std::get_if<double>(&given.value)) return *number;
  if (const auto whole = std::get_if<std::int64_t>(&given.value))
    return static_cast<double>(*whole);
  const auto* text = std::get_if<std::string>(&given.value);
  return text != nullptr && !given.typed ? parse<double>(*text) : std::nullopt;
}

std::optional<bool> as_boolean(const Given& given) {
  if (const auto* flag = std::get_if<bool>(&given.value)) return *flag;
  const auto* text = std::get_if<std::string>(&given.value);
  if (text == nullptr || given.typed) return std::nullopt;
  if (*text == "true") return true;
  if (*text == "false") return false;
  return std::nullopt;
}

// What was written, for the message: the text of a variable, the kind of a file's value.
std::string said(const Given& given) {
  const auto* text = std::get_if<std::string>(&given.value);
  return text != nullptr && !given.typed ? excerpt(*text) : "is " + kind_of(given.value);
}

std::optional<std::vector<std::int64_t>> as_list(const Given& given) {
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(&given.value)) return *list;
  const auto* text = std::get_if<std::string>(&given.value);
  if (text == nullptr || given.typed) return std::nullopt;
  std::vector<std::int64_t> list;
  std::istringstream words{*text};
  for (std::string word; std::getline(words, word, ',');) {
    const auto number = parse<std::int64_t>(word);
    if (!number) return std::nullopt;
    list.push_back(*number);
  }
  return list;
}

}  // namespace

std::optional<Complaint> read_whole(const Given& given, Range range, std::string_view unit,
                                    std::int64_t& into) {
  const auto value = as_whole(given);
  const std::string right = "write a whole number from " + std::to_string(range.min) + " to " +
                            std::to_string(range.max) +
                            (unit.empty() ? "" : " (" + std::string{unit} + ")");
  if (!value) return Complaint{said(given) + ", not a whole number", right};
  if (*value < range.min || *value > range.max) {
    return Complaint{std::to_string(*value) + " is out of range", right};
  }
  into = *value;
  return std::nullopt;
}

Setting text(std::string name, Field<std::string> field, Check check) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, check](Settings& settings, const Given& given) -> std::optional<Complaint> {
    const auto* value = std::get_if<std::string>(&given.value);
    if (value == nullptr)
      return Complaint{"is " + kind_of(given.value) + ", not text", "write it in quotes"};
    if (auto right = check(*value)) {
      // An address or a level may be repeated; a URL may hold a password.
      const bool repeatable = value->find("://") == std::string::npos;
      return Complaint{repeatable ? excerpt(*value) + " cannot be used" : "cannot be used", *right};
    }
    field(settings) = *value;
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) {
    return quoted(field(const_cast<Settings&>(settings)));
  };
  return setting;
}

Setting private_url(std::string name, Field<std::string> field, Check check) {
  Setting setting = text(std::move(name), field, check);
  setting.set = [usual = setting.set, check](Settings& settings,
                                             const Given& given) -> std::optional<Complaint> {
    const auto* value = std::get_if<std::string>(&given.value);
    if (value != nullptr) {
      if (auto right = check(*value)) return Complaint{"cannot be used", *right};
    }
    return usual(settings, given);
  };
  setting.shown = [field](const Settings& settings) {
    return quoted(field(const_cast<Settings&>(settings)).empty() ? "" : "(set)");
  };
  return setting;
}

Setting boolean(std::string name, Field<bool> field) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field](Settings& settings, const Given& given) -> std::optional<Complaint> {
    const auto value = as_boolean(given);
    if (!value) return Complaint{said(given) + ", neither true nor false", "write true or false"};
    field(settings) = *value;
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) -> std::string {
    return field(const_cast<Settings&>(settings)) ? "true" : "false";
  };
  return setting;
}

Setting real(std::string name, Field<double> field, double min, double max) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, min, max](Settings& settings,
                                  const Given& given) -> std::optional<Complaint> {
    const auto value = as_real(given);
    const std::string right =
        "write a number from " + shown_number(min) + " to " + shown_number(max);
    if (!value) return Complaint{said(given) + ", not a number", right};
    // Written this way round, a value that is no number at all is out of range too.
    if (!(*value >= min && *value <= max))
      return Complaint{shown_number(*value) + " is out of range", right};
    field(settings) = *value;
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) {
    return shown_number(field(const_cast<Settings&>(settings)));
  };
  return setting;
}

Setting delays(std::string name, Field<std::vector<Duration>> field, Range range) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [field, range](Settings& settings, const Given& given) -> std::optional<Complaint> {
    const std::string right = "write 1 to 20 whole numbers of milliseconds from " +
                              std::to_string(range.min) + " to " + std::to_string(range.max) +
                              ", none smaller than the one before it";
    const auto list = as_list(given);
    if (!list) return Complaint{said(given) + ", not a list of whole numbers", right};
    if (list->empty() || list->size() > 20) return Complaint{"has no entry or more than 20", right};
    std::vector<Duration> read;
    for (const auto milliseconds : *list) {
      const Duration delay = std::chrono::milliseconds{std::min(milliseconds, range.max + 1)};
      const bool grows = read.empty() || delay >= read.back();
      if (milliseconds < range.min || milliseconds > range.max || !grows) {
        return Complaint{std::to_string(milliseconds) + " does not fit there", right};
      }
      read.push_back(delay);
    }
    field(settings) = std::move(read);
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) {
    std::string list;
    for (const auto& delay : field(const_cast<Settings&>(settings))) {
      list += (list.empty() ? "" : ", ") +
              std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(delay).count());
    }
    return "[" + list + "]";
  };
  return setting;
}

Setting secret(std::string name, Field<Secret> field, Check check) {
  Setting setting;
  setting.name = std::move(name);
  setting.secret = true;
  setting.set = [field, check](Settings& settings, const Given& given) -> std::optional<Complaint> {
    const auto* value = std::get_if<std::string>(&given.value);
    if (value == nullptr)
      return Complaint{"is " + kind_of(given.value) + ", not text", "write it in quotes"};
    if (auto right = check(*value)) return Complaint{"cannot be used", *right};
    field(settings) = Secret{*value};
    return std::nullopt;
  };
  setting.shown = [field](const Settings& settings) -> std::string {
    return field(const_cast<Settings&>(settings)).empty() ? "" : quoted("(set)");
  };
  return setting;
}

Setting adapter_text(std::string name, std::string provider, std::string key) {
  Setting setting;
  setting.name = std::move(name);
  setting.set = [provider, key](Settings& settings,
                                const Given& given) -> std::optional<Complaint> {
    auto& values = settings.providers[provider].settings.values;
    if (const auto* text = std::get_if<std::string>(&given.value)) {
      values[key] = *text;
    } else if (const auto* flag = std::get_if<bool>(&given.value)) {
      values[key] = *flag ? "true" : "false";
    } else if (const auto* number = std::get_if<std::int64_t>(&given.value)) {
      values[key] = std::to_string(*number);
    } else {
      return Complaint{"is " + kind_of(given.value) + ", not text", "write it in quotes"};
    }
    return std::nullopt;
  };
  setting.shown = [provider, key](const Settings& settings) -> std::string {
    const auto& values = settings.providers.at(provider).settings.values;
    const auto found = values.find(key);
    if (found == values.end()) return "";
    // A URL that was refused may hold a password.
    const bool hides = found->second.find('@') != std::string::npos;
    return hides ? quoted("(set)") : quoted(found->second);
  };
  return setting;
}

Setting adapter_secret(std::string name, std::string provider, std::string key) {
  Setting setting;
  setting.name = std::move(name);
  setting.secret = true;
  setting.set = [provider, key](Settings& settings,
                                const Given& given) -> std::optional<Complaint> {
    const auto* text = std::get_if<std::string>(&given.value);
    if (text == nullptr)
      return Complaint{"is " + kind_of(given.value) + ", not text", "write it in quotes"};
    settings.providers[provider].settings.secrets.insert_or_assign(key, Secret{*text});
    return std::nullopt;
  };
  setting.shown = [provider, key](const Settings& settings) -> std::string {
    const auto& secrets = settings.providers.at(provider).settings.secrets;
    const auto found = secrets.find(key);
    return found == secrets.end() || found->second.empty() ? "" : quoted("(set)");
  };
  return setting;
}

}  // namespace cambist::config
