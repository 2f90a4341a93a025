#include "gateway/outbound/exchange.hpp"

#include <algorithm>
#include <utility>

#include <spdlog/spdlog.h>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include "gateway/outbound/request_bytes.hpp"

namespace cambist::gateway::outbound {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {
// Only the deadline of the whole request counts.
constexpr std::chrono::milliseconds no_limit = std::chrono::hours{24};
}  // namespace

Pool& Hub::pool(const http::Origin& origin) {
  const auto key =
      (origin.tls ? "https://" : "http://") + origin.host + ":" + std::to_string(origin.port);
  return pools
      .try_emplace(key, limits.connections_per_origin, limits.waiting_per_origin, limits.idle_max)
      .first->second;
}

void Hub::give_back(Pool& pool, std::shared_ptr<Link> link, bool reusable) {
  auto next = stopping ? nullptr : pool.next_waiting();
  // One that becomes idle is looked at when it is taken again.
  if (!link || !reusable || (next && !link->is_quiet())) {
    if (link) link->close();
    link = nullptr;
    pool.closed();
  }
  if (next) {
    if (!link && !pool.may_open()) return;  // cannot be: a slot was just given back
    next->proceed(std::move(link));
  } else if (link) {
    pool.put_idle(std::move(link), Pool::Clock::now());
  }
}

asio::ssl::context& Hub::trusting() {
  if (limits.ca_file.empty() && !std::exchange(trusts_the_system, true)) trust_the_system(tls);
  return tls;
}

Exchange::Exchange(Hub& hub, http::Request request, Clock::time_point deadline, Done done)
    : hub_(hub),
      deadline_(deadline),
      done_(std::move(done)),
      timer_(hub.io),
      reader_(hub.limits.response_bytes, request.method == "HEAD", hub.limits.long_answers_cut) {
  hub_.live.insert(this);
  auto origin = http::parse_origin(request.origin);
  if (!origin) {
    error_ = origin.error().detail;
    return;
  }
  origin_ = *std::move(origin);
  auto bytes = request_bytes(request, origin_);
  if (!bytes) {
    error_ = bytes.error().detail;
    return;
  }
  bytes_ = *std::move(bytes);
}

Exchange::~Exchange() {
  hub_.live.erase(this);
  if (stage_ != Stage::finished) cancel();
}

template <class Step>
auto Exchange::during(Stage stage, Step step) {
  return [self = shared_from_this(), stage, step = std::move(step)](auto&&... arguments) {
    if (self->stage_ == stage) step(*self, std::forward<decltype(arguments)>(arguments)...);
  };
}

void Exchange::start() {
  if (!error_.empty()) {
    spdlog::error("a request cannot be sent: {}", error_);
    return fail("malformed_request");
  }
  if (hub_.stopping) return fail("cancelled");
  acquire();
}

void Exchange::acquire() {
  auto& pool = hub_.pool(origin_);
  if (auto link = pool.take_idle(Clock::now())) {
    pool_ = &pool;
    reused_ = true;
    link_ = std::move(link);
    return send();
  }
  if (pool.may_open()) {
    pool_ = &pool;
    return resolve();
  }
  if (!pool.enqueue(shared_from_this())) return fail("pool_full");
  enter(Stage::waiting, no_limit);
}

void Exchange::proceed(std::shared_ptr<Link> link) {
  pool_ = &hub_.pool(origin_);
  link_ = std::move(link);
  reused_ = link_ != nullptr;
  reused_ ? send() : resolve();
}

void Exchange::resolve() {
  enter(Stage::resolving, hub_.limits.connect_timeout);
  hub_.names.find(origin_.host, origin_.port,
                  during(Stage::resolving, [](Exchange& self, const Endpoints& found) {
                    if (found.empty()) return self.fail("dns");
                    // Behind the cache, so that nothing is connected to but what was asked about.
                    self.may_reach(found) ? self.connect(found) : self.fail("address_refused");
                  }));
}

bool Exchange::may_reach(const Endpoints& endpoints) const {
  const auto& allowed = hub_.limits.address_allowed;
  return !allowed || std::all_of(endpoints.begin(), endpoints.end(), [&](const auto& endpoint) {
    return allowed(endpoint.address().to_string());
  });
}

void Exchange::connect(const Endpoints& endpoints) {
  enter(Stage::connecting, hub_.limits.connect_timeout);
  link_ = std::make_shared<Link>(hub_.io);
  link_->connect(endpoints,
                 during(Stage::connecting, [](Exchange& self, error_code error, std::size_t) {
                   if (error) return self.fail("connect");
                   self.origin_.tls ? self.secure() : self.send();
                 }));
}

void Exchange::secure() {
  enter(Stage::securing, hub_.limits.tls_timeout);
  link_->handshake(hub_.trusting(), origin_,
                   during(Stage::securing, [](Exchange& self, error_code error, std::size_t) {
                     error ? self.fail("tls") : self.send();
                   }));
}

void Exchange::send() {
  enter(Stage::sending, no_limit);
  written_ = true;  // from here on nobody can know, but for the one case below
  link_->write(bytes_, during(Stage::sending, [](Exchange& self, error_code error, std::size_t n) {
                 if (!error) return self.receive();
                 // The kernel took no byte of a plain connection that had been idle: nothing was
                 // sent, so a fresh connection may be used. (TLS may have sent a part of a record.)
                 if (n == 0 && !self.link_->is_tls()) {
                   self.written_ = false;
                   if (self.reused_) {
                     self.link_->close();
                     self.link_ = nullptr;
                     self.reused_ = false;
                     return self.resolve();
                   }
                 }
                 self.fail("reset");
               }));
}

void Exchange::receive() {
  enter(Stage::receiving, no_limit);
  link_->read(during(Stage::receiving, [](Exchange& self, error_code error, std::size_t n) {
    self.on_received(error, n);
  }));
}

void Exchange::on_received(error_code error, std::size_t n) {
  using Step = ResponseReader::Step;
  // A TLS stream that ends without close_notify may have been cut by anybody: it ends no body.
  const bool clean_end = error == asio::error::eof;
  if (error && !clean_end)
    return fail(error == asio::ssl::error::stream_truncated && reader_.began()
                    ? "malformed_response"
                    : "reset");
  if (clean_end && !reader_.began()) return fail("reset");
  switch (clean_end ? reader_.end() : reader_.feed(link_->received(n))) {
    case Step::more:
      return receive();
    case Step::done:
      return succeed();
    case Step::malformed:
      return fail("malformed_response");
    case Step::too_large:
      return fail("response_too_large");
  }
}

// ---- deadlines and ends ----

void Exchange::enter(Stage stage, std::chrono::milliseconds at_most) {
  const bool same = stage_ == stage;
  stage_ = stage;
  if (same) return;
  const auto now = Clock::now();
  timer_.expires_at(at_most < deadline_ - now ? now + at_most : deadline_);
  timer_.async_wait([weak = weak_from_this(), stage](error_code cancelled) {
    const auto self = weak.lock();
    if (!cancelled && self && self->stage_ == stage) self->on_deadline();
  });
}

void Exchange::on_deadline() {
  switch (stage_) {
    case Stage::waiting:
      hub_.pool(origin_).stop_waiting(*this);
      return fail("pool_full");
    case Stage::resolving:
      return fail("dns");
    case Stage::connecting:
      return fail("connect_timeout");
    case Stage::securing:
      return fail("tls");
    case Stage::sending:
    case Stage::receiving:
      return fail("response_timeout");
    case Stage::begun:
    case Stage::finished:
      return;
  }
}

void Exchange::cancel() {
  if (stage_ == Stage::waiting) hub_.pool(origin_).stop_waiting(*this);
  fail("cancelled");
}

void Exchange::fail(std::string reason) {
  const auto phase = written_ ? http::FailurePhase::maybe_sent : http::FailurePhase::not_sent;
  finish(http::TransportFailure{phase, std::move(reason)}, false);
}

void Exchange::succeed() {
  const bool reusable = reader_.reusable();
  finish(reader_.take(), reusable);
}

void Exchange::finish(actors::HttpOutcome outcome, bool reusable) {
  if (stage_ == Stage::finished) return;
  stage_ = Stage::finished;
  timer_.cancel();
  if (pool_ != nullptr)
    hub_.give_back(*std::exchange(pool_, nullptr), std::exchange(link_, nullptr), reusable);
  const auto done = std::exchange(done_, nullptr);
  try {
    if (done) done(std::move(outcome));
  } catch (const std::exception& why) {
    spdlog::error("an outgoing request's callback failed: {}", why.what());
  }
}

}  // namespace cambist::gateway::outbound
