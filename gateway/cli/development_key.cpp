#include "gateway/cli/development_key.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "protocols/core/digest.hpp"

namespace cambist::gateway::cli {
namespace {

std::filesystem::path file_in(const std::filesystem::path& directory) {
  return directory / "dev-api-key";
}

std::string random_hex(std::size_t bytes) {
  std::string raw(bytes, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(raw.data()), static_cast<int>(bytes)) != 1)
    return {};
  return to_hex(raw);
}

}  // namespace

std::optional<Secret> find_development_key(const std::filesystem::path& directory) {
  std::ifstream in{file_in(directory)};
  std::string key;
  if (!std::getline(in, key) || key.empty()) return std::nullopt;
  return Secret{std::move(key)};
}

Result<DevelopmentKey> development_key(const std::filesystem::path& directory) {
  if (auto known = find_development_key(directory)) return DevelopmentKey{std::move(*known), false};
  const auto id = random_hex(8);
  const auto secret = random_hex(32);
  if (id.empty() || secret.empty())
    return Error{ErrorCode::unavailable, "the system gives no randomness"};
  const auto path = file_in(directory).string();
  const auto failed = [&] {
    return Error{ErrorCode::unavailable,
                 path + ": cannot keep the development key: " + std::strerror(errno)};
  };
  std::error_code ignored;
  std::filesystem::create_directories(directory, ignored);
  std::string text = "sk_test_" + id + "_" + secret + "\n";
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return failed();
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  close(file);
  if (!written) return failed();
  text.pop_back();
  return DevelopmentKey{Secret{std::move(text)}, true};
}

}  // namespace cambist::gateway::cli
