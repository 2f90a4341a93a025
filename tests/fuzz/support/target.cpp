#include "tests/fuzz/support/target.hpp"

#include <cstdio>
#include <cstdlib>

namespace cambist::fuzz {
namespace {

std::string& at() {
  static std::string text;
  return text;
}

}  // namespace

std::vector<Target>& targets() {
  static std::vector<Target> all;
  return all;
}

void must(bool holds, std::string_view sentence) {
  if (holds) return;
  std::fprintf(stderr, "\nDOES NOT HOLD: %.*s%s%s\n", static_cast<int>(sentence.size()),
               sentence.data(), at().empty() ? "" : "\nat ", at().c_str());
  std::abort();
}

void running(std::string_view what) {
  at() = what;
}

std::string_view Parts::line() {
  const auto end = rest_.find('\n');
  const auto taken = rest_.substr(0, end);
  rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
  return taken;
}

std::size_t Parts::choice(std::size_t below) {
  if (rest_.empty()) return 0;
  const auto byte = static_cast<unsigned char>(rest_.front());
  rest_.remove_prefix(1);
  return byte % below;
}

}  // namespace cambist::fuzz
