#include "tests/soak/tally.hpp"

#include <algorithm>
#include <cstdio>

namespace cambist::soak {
namespace {

constexpr std::uint64_t told_max = 20;  // requests without an answer that are worth a line

}  // namespace

const boost::json::value* payment_in(const boost::json::value& body) {
  const auto* object = body.if_object();
  if (object == nullptr) return nullptr;
  if (object->contains("captured") && object->contains("id")) return &body;
  const auto* inside = object->if_contains("payment");
  return inside != nullptr && inside->is_object() ? inside : nullptr;
}

void Tally::arrived(bool found_room) {
  const std::lock_guard lock{mutex_};
  ++counts_.arrived;
  if (!found_room) ++counts_.crowded_out;
}

void Tally::answered(const std::string& kind, int status) {
  const std::lock_guard lock{mutex_};
  ++counts_.requests;
  ++counts_.answers[kind][status];
}

void Tally::abandoned() {
  const std::lock_guard lock{mutex_};
  ++counts_.abandoned;
}

void Tally::gave_up(const std::string& request, const test::ApiResponse& last) {
  const std::lock_guard lock{mutex_};
  if (++counts_.gave_up <= told_max)
    std::fprintf(stderr, "no answer to %s; the last was %d %s\n", request.c_str(), last.status,
                 last.body.c_str());
}

void Tally::told(const test::ApiResponse& answer) {
  const auto body = answer.json();
  const auto* payment = payment_in(body);
  if (payment == nullptr) return;
  auto fresh = test::promised(*payment);
  const std::lock_guard lock{mutex_};
  const auto [at, first] = promises_.try_emplace(fresh.payment, fresh);
  if (first) return;
  auto& known = at->second;
  if (!(known.amount == fresh.amount))
    disagreements_.push_back({"I2", known.payment, "clients were told of two amounts"});
  known.captured_minor = std::max(known.captured_minor, fresh.captured_minor);
  known.refunded_minor = std::max(known.refunded_minor, fresh.refunded_minor);
}

void Tally::accepted(Steady::time_point sent) {
  const std::lock_guard lock{mutex_};
  ++counts_.accepted;
  if (!first_taken_ && sent >= started_) first_taken_ = Steady::now();
}

void Tally::disagreed(test::Violation violation) {
  const std::lock_guard lock{mutex_};
  disagreements_.push_back(std::move(violation));
}

void Tally::server_starts() {
  const std::lock_guard lock{mutex_};
  started_ = Steady::now();
  first_taken_.reset();
}

std::optional<Steady::time_point> Tally::first_taken() const {
  const std::lock_guard lock{mutex_};
  return first_taken_;
}

std::uint64_t Tally::accepted_so_far() const {
  const std::lock_guard lock{mutex_};
  return counts_.accepted;
}

Counts Tally::counts() const {
  const std::lock_guard lock{mutex_};
  return counts_;
}

std::vector<test::Promised> Tally::promises() const {
  const std::lock_guard lock{mutex_};
  std::vector<test::Promised> all;
  all.reserve(promises_.size());
  for (const auto& [id, promise] : promises_) all.push_back(promise);
  return all;
}

std::vector<test::Violation> Tally::disagreements() const {
  const std::lock_guard lock{mutex_};
  return disagreements_;
}

}  // namespace cambist::soak
