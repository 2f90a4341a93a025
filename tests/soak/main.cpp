// cambist-soak: one run, one report, one exit code.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>
#include <system_error>

#include "tests/soak/run.hpp"
#include "tests/support/process.hpp"

namespace {

/// Moves what a run has left out of the folder that goes with it.
void keep(const std::string& folder, std::uint64_t seed) {
  const auto kept =
      std::filesystem::temp_directory_path() / ("cambist-soak-" + std::to_string(seed));
  std::error_code failed;
  std::filesystem::remove_all(kept, failed);
  std::filesystem::rename(folder, kept, failed);
  std::fprintf(stderr, "the store and the log %s %s\n",
               failed ? "cannot be kept in" : "are kept in", kept.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace cambist;
  int status = 0;
  auto options = soak::read_options(argc, argv, status);
  if (!options) return status;
  std::optional<test::TemporaryFolder> own;
  try {
    if (options->folder.empty()) options->folder = own.emplace().path();
    std::fprintf(stderr, "seed %llu, in %s\n", static_cast<unsigned long long>(options->seed),
                 options->folder.c_str());
    const auto report = soak::run(*options, CAMBIST_BINARY);
    if (options->json) {
      std::cout << soak::as_json(report) << '\n';
    } else {
      std::cout << soak::as_text(report);
    }
    status = soak::exit_code(report);
    if (status != 0 && own) keep(own->path(), options->seed);
    return status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the soak cannot be played: %s\n", error.what());
    if (own) keep(own->path(), options->seed);
    return 2;
  }
}
