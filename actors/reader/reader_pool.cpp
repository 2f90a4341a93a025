#include "actors/reader/reader_pool.hpp"

#include <utility>
#include <vector>

#include "actors/guarded.hpp"

namespace cambist::actors::reader {

/// A read on its way to a reader, with its place in that reader's queue.
struct Task {
  Read read;
  Ticket ticket;
};

}  // namespace cambist::actors::reader

CAMBIST_LOCAL_MESSAGE_IN(reader, Task)

namespace cambist::actors::reader {
namespace {

using worker_actor = caf::typed_actor<caf::replies_to<Task>::with<ReadDone>>;

/// Parent: the pool. An exception of a query ends it; the asker is told, and the pool starts it
/// again.
class Worker final : public Guarded<worker_actor> {
 public:
  Worker(caf::actor_config& config, std::shared_ptr<storage::Store> store,
         std::shared_ptr<Telemetry> telemetry)
      : Guarded(config, "reader", std::move(telemetry)), reader_(store->open_reader()) {}

 protected:
  behavior_type make_behavior() override {
    return {[this](Task& task) -> caf::result<ReadDone> {
      const Ticket held = std::move(task.ticket);
      return ReadDone{task.read.run(*reader_)};
    }};
  }
  void stopped() override { reader_.reset(); }

 private:
  std::unique_ptr<storage::Reader> reader_;
};

/// Parent: the root. Supervises the readers; when their restart budget is spent it fails itself.
class Pool final : public Guarded<pool_actor> {
 public:
  Pool(caf::actor_config& config, Params params)
      : Guarded(config, "readers", params.telemetry),
        params_(std::move(params)),
        keeper_(*this, {.policy = params_.restart,
                        .now = params_.now,
                        .random = params_.random,
                        .telemetry = params_.telemetry,
                        .post = params_.post}) {}

 protected:
  behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& message) { keeper_.down(message); });
    places_.resize(static_cast<std::size_t>(params_.readers));
    for (std::size_t i = 0; i < places_.size(); ++i) start(i);
    return {
        [this](Read& read) -> caf::result<ReadDone> { return pass_on(read); },
        [this](const supervision::RestartDue& due) { keeper_.restart(due.child); },
    };
  }
  void stopped() override { keeper_.stop_all(); }

 private:
  struct Place {
    worker_actor worker{};
    std::shared_ptr<Gate> gate{};
  };

  void start(std::size_t index) {
    places_[index].gate = std::make_shared<Gate>(params_.waiting_max);
    keeper_.start(supervision::Child{
        .name = "reader-" + std::to_string(index),
        .kind = "reader",
        .spawn =
            [this, index] {
              auto& sys = system();
              places_[index].worker =
                  params_.detached
                      ? sys.spawn<Worker, caf::detached>(params_.store, params_.telemetry)
                      : sys.spawn<Worker>(params_.store, params_.telemetry);
              return caf::actor_cast<caf::actor>(places_[index].worker);
            },
        .mailbox_depth = [gate = places_[index].gate] { return gate->depth(); }});
  }

  caf::result<ReadDone> pass_on(Read& read) {
    for (std::size_t tried = 0; tried < places_.size(); ++tried) {
      const std::size_t index = next_++ % places_.size();
      if (!keeper_.handle(index)) continue;  // down; the others serve meanwhile
      Ticket ticket = places_[index].gate->try_enter();
      if (!ticket) continue;
      return delegate(places_[index].worker, Task{std::move(read), std::move(ticket)});
    }
    return caf::make_error(caf::sec::runtime_error, std::string{"no reader is free"});
  }

  Params params_;
  supervision::Keeper keeper_;
  std::vector<Place> places_{};
  std::size_t next_ = 0;
};

}  // namespace

pool_actor spawn(caf::actor_system& system, Params params) {
  return system.spawn<Pool>(std::move(params));
}

}  // namespace cambist::actors::reader
