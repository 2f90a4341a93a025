// What a run does, as the command line said it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "benchmarks/load/sampler.hpp"
#include "benchmarks/load/text_template.hpp"

namespace cambist::load {

/// One of the two requests of a payment.
struct Call {
  TextTemplate path;
  TextTemplate key;
  TextTemplate body;
  std::string expected;  // must stand in the body of a good answer
};

struct Plan {
  Endpoint server;
  Call create;
  Call capture;
  bool create_only = false;
  std::vector<std::string> headers{};  // whole lines, in both requests
  std::string prefix;                  // of the ids
  double rate = 0;                     // payments meant to start per second; 0: closed loop
  std::size_t connections = 64;
  std::chrono::duration<double> warm{2};
  std::chrono::duration<double> seconds{10};
  std::uint64_t payments = 0;  // so many are started, then the run ends; 0: as many as time allows
  std::chrono::milliseconds patience{60'000};  // an arrival waits so long for a connection
  Watch watch;
};

/// Open connections that ask nothing.
struct IdlePlan {
  Endpoint server;
  std::size_t connections = 0;
  std::chrono::duration<double> seconds{10};
  Watch watch;
};

}  // namespace cambist::load
