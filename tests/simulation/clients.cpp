#include "tests/simulation/clients.hpp"

#include <boost/json.hpp>

#include "tests/simulation/shopper.hpp"
#include "tests/simulation/world.hpp"

namespace cambist::sim {

Clients::Clients(World& world) : world_(world), dice_(world.dice("clients")) {}
Clients::~Clients() = default;

void Clients::come(std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto number = ++come_;
    busy(1);  // until it has left again
    const Tick wait{dice_.between(0, world_.profile.span.count())};
    world_.stage.after(wait, [this, number] {
      auto shopper = std::make_shared<Shopper>(world_, number);
      shopper->start();
      busy(-1);
    });
  }
}

void Clients::told(const std::string& body) {
  const auto shown = boost::json::parse(body);
  promises_.push_back(test::promised(shown));
}

}  // namespace cambist::sim
