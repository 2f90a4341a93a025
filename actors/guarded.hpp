// The base of every actor here: an exception becomes an error with a text (it still ends the
// actor), is logged once, and the number of live actors is counted by kind.
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>

#include <caf/actor_config.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/ports.hpp"

namespace cambist::actors {

/// Logs the exception under the actor's kind and turns it into the error the actor ends with.
[[nodiscard]] caf::error error_of(const std::exception_ptr& thrown, const char* kind);

template <class Handle>
class Guarded : public Handle::base {
 public:
  Guarded(caf::actor_config& config, const char* kind, std::shared_ptr<Telemetry> telemetry)
      : Handle::base(config), kind_(kind), telemetry_(std::move(telemetry)) {
    this->set_exception_handler(
        [kind](std::exception_ptr& thrown) -> caf::error { return error_of(thrown, kind); });
    telemetry_->actors_live(kind_, 1);
  }

  const char* name() const final { return kind_; }

  void on_exit() final {
    stopped();
    telemetry_->actors_live(kind_, -1);
  }

 protected:
  /// The actor ends, for whatever reason: answer who still waits, drop what is held.
  virtual void stopped() {}
  [[nodiscard]] Telemetry& telemetry() const noexcept { return *telemetry_; }
  [[nodiscard]] typename Handle::base::actor_hdl self() { return {this}; }

 private:
  const char* kind_;
  std::shared_ptr<Telemetry> telemetry_;
};

}  // namespace cambist::actors
