// cambist-soak: one run, one report, one exit code.
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <optional>

#include "tests/soak/run.hpp"
#include "tests/support/process.hpp"

int main(int argc, char** argv) {
  using namespace cambist;
  int status = 0;
  auto options = soak::read_options(argc, argv, status);
  if (!options) return status;
  try {
    std::optional<test::TemporaryFolder> own;
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
    if (status != 0 && own) {
      const auto kept = std::filesystem::absolute("soak-" + std::to_string(options->seed));
      std::error_code failed;
      std::filesystem::copy(own->path(), kept, std::filesystem::copy_options::recursive, failed);
      std::cerr << (failed ? "the store could not be kept: " + failed.message()
                           : "the store and the log are kept in " + kept.string())
                << '\n';
    }
    return status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "the soak cannot be played: %s\n", error.what());
    return 2;
  }
}
