// The settings file. It is read or refused with a line that repeats nothing of it, and what `config
// show` writes is a settings file that says the same.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "config/schema.hpp"
#include "config/settings.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::config {
namespace {

using fuzz::must;

/// A file without a disk under it, since it is written anew for each input.
class MemoryFile {
 public:
  MemoryFile() : file_(::memfd_create("settings", 0)) {
    must(file_ >= 0, "there is memory for a file");
    flags_.config = "/proc/self/fd/" + std::to_string(file_);
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(file_); }

  const Flags& holding(std::string_view text) {
    const auto size = static_cast<::ssize_t>(text.size());
    must(::ftruncate(file_, 0) == 0 && ::pwrite(file_, text.data(), text.size(), 0) == size,
         "the file takes the text");
    return flags_;
  }

 private:
  int file_;
  Flags flags_;
};

// Secrets and what stands in their place are left out.
std::string without_secrets(std::string_view shown) {
  std::string text;
  fuzz::Parts lines{shown};
  while (!lines.rest().empty()) {
    const auto line = lines.line();
    if (line.find(" = \"(set)\"") == std::string_view::npos) text.append(line) += '\n';
  }
  return text;
}

// Secrets are not shown, so that they come from elsewhere both times.
const Environment& secrets() {
  static const Environment environment = [] {
    Environment made{{"CAMBIST_DATABASE_URL", "postgresql://localhost/cambist"}};
    for (const auto& setting : schema())
      if (setting.secret) made[setting.variable] = "sk_test_fuzz";
    return made;
  }();
  return environment;
}

void check_shown(MemoryFile& file, std::string_view text) {
  const auto& flags = file.holding(text);
  const auto settings = load(flags, secrets());
  const auto shown = show(flags, secrets());
  must(settings.has_value() == shown.has_value(), "what is loaded is shown");
  if (!settings) return must(!settings.error().detail.empty(), "a refusal says why");
  const auto again = load(file.holding(without_secrets(*shown)), secrets());
  must(again.has_value(), "what is shown is a settings file");
  for (const auto& setting : schema()) {
    // A URL with a password in it is not shown either, and so not said again.
    if (setting.shown(*settings) == "\"(set)\"") continue;
    must(setting.shown(*again) == setting.shown(*settings), "that says the same");
  }
}

}  // namespace
}  // namespace cambist::config

CAMBIST_FUZZ_TARGET(config_file) {
  using namespace cambist::config;
  static MemoryFile file;
  check_shown(file, bytes);
  // Without other sources: a secret in the file is read too.
  (void)load(file.holding(bytes), {});
}
