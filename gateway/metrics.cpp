#include "gateway/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <initializer_list>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "gateway/process_metrics.hpp"

namespace cambist::gateway {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

// From a cache hit to the longest wait of a client.
const Buckets seconds_buckets{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                              0.25,   0.5,   1,      2.5,   5,    10,    30};
const Buckets commit_buckets{0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01,
                             0.025,   0.05,   0.1,   0.25,   1};
// From at once to the two days after which an unknown outcome has long been the operators'.
const Buckets resolution_buckets{0.1, 0.5,   1,     2.5,   5,      10,     30,    60,
                                 300, 1'800, 3'600, 7'200, 21'600, 43'200, 86'400};
// From at once to the last attempt on a webhook, half an hour later.
const Buckets webhook_buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                              0.5,   1,      5,     30,   60,    300,  900, 2'400};
const Buckets batch_buckets{1, 2, 4, 8, 16, 32, 64, 128, 256};
constexpr std::size_t series_max = 512;  // per family; what comes after it is counted as "other"

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

using Label = std::pair<const char*, std::string_view>;

// A family and its known series: finding one costs a short look-up instead of a map of labels.
template <class Metric>
class Series {
 public:
  Series(prometheus::Family<Metric>& family, Buckets buckets = {})
      : family_(family), buckets_(std::move(buckets)) {}

  Metric& at(std::initializer_list<Label> labels) {
    std::string key;
    for (const auto& [name, value] : labels) {
      key += value;
      key += '\x1f';
    }
    const std::lock_guard lock{mutex_};
    if (const auto found = known_.find(key); found != known_.end()) return *found->second;
    const bool full = known_.size() >= series_max;
    prometheus::Labels all;
    for (const auto& [name, value] : labels) all.emplace(name, full ? "other" : std::string{value});
    Metric& metric = add(all);
    if (!full) known_.emplace(std::move(key), &metric);
    return metric;
  }

 private:
  Metric& add(const prometheus::Labels& labels) {
    if constexpr (std::is_same_v<Metric, prometheus::Histogram>) {
      return family_.Add(labels, buckets_);
    } else {
      return family_.Add(labels);
    }
  }
  prometheus::Family<Metric>& family_;
  Buckets buckets_;
  std::mutex mutex_;
  std::unordered_map<std::string, Metric*> known_;
};

using Registry = prometheus::Registry;
using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;

prometheus::Family<Counter>& counter(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
prometheus::Family<Gauge>& gauge(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
prometheus::Family<Histogram>& histogram(Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

}  // namespace

struct Metrics::Impl {
  Registry registry;

  Series<Counter> requests{
      counter(registry, "cambist_http_requests_total",
              "HTTP requests answered, by route template, method and status.")};
  Series<Histogram> request_seconds{histogram(registry, "cambist_http_request_duration_seconds",
                                              "Time from a request to its answer."),
                                    seconds_buckets};
  Gauge& in_flight{
      gauge(registry, "cambist_http_requests_in_flight", "Requests that wait for their answer.")
          .Add({})};
  Counter& card_data{counter(registry, "cambist_card_data_refused_total",
                             "Requests refused because they carried card data.")
                         .Add({})};
  Series<Counter> payments{
      counter(registry, "cambist_payments_total",
              "Times a payment has come to a status, by status and provider.")};
  Series<Counter> operations{counter(registry, "cambist_operations_total",
                                     "Operations settled, by kind, provider and outcome.")};
  Series<Histogram> operation_seconds{
      histogram(registry, "cambist_operation_duration_seconds",
                "Time from the start of an operation to its outcome."),
      seconds_buckets};
  Series<Counter> failovers{
      counter(registry, "cambist_failovers_total",
              "Payments that went on to the next provider, by the one left and the one come to.")};
  Series<Counter> late_successes{
      counter(registry, "cambist_late_successes_total",
              "Times a provider that its payment had left told of money for it.")};
  Series<Counter> calls{counter(registry, "cambist_provider_calls_total",
                                "Calls to providers over the wire, by kind and verdict.")};
  Series<Histogram> call_seconds{histogram(registry, "cambist_provider_call_duration_seconds",
                                           "Time a provider took to answer."),
                                 seconds_buckets};
  Series<Gauge> breakers{gauge(registry, "cambist_breaker_state",
                               "Circuit breaker of a provider: 0 closed, 1 half-open, 2 open.")};
  Series<Counter> breaker_changes{counter(registry, "cambist_breaker_changes_total",
                                          "Times a circuit breaker has come to a state.")};
  Histogram& batch{
      histogram(registry, "cambist_journal_batch_appends", "Appends that shared one commit.")
          .Add({}, batch_buckets)};
  Histogram& commit_seconds{
      histogram(registry, "cambist_journal_commit_duration_seconds", "Time of one commit.")
          .Add({}, commit_buckets)};
  Counter& commit_failures{
      counter(registry, "cambist_journal_commit_failures_total", "Commits that failed.").Add({})};
  Series<Gauge> actors{gauge(registry, "cambist_actors", "Actors alive, by kind.")};
  Series<Gauge> queues{
      gauge(registry, "cambist_queue_depth", "Messages that wait in a queue or mailbox.")};
  Series<Counter> restarts{
      counter(registry, "cambist_actor_restarts_total", "Restarts by a supervisor, by kind.")};
  Series<Counter> timers{
      counter(registry, "cambist_timers_fired_total", "Durable timers fired, by kind.")};
  Histogram& timer_lateness{histogram(registry, "cambist_timer_lateness_seconds",
                                      "How long after it was due a timer fired.")
                                .Add({}, seconds_buckets)};
  Series<Histogram> resolutions{
      histogram(registry, "cambist_unknown_resolution_seconds",
                "Time an operation's outcome was unknown, by provider and what settled it."),
      resolution_buckets};
  Gauge& tasks{gauge(registry, "cambist_tasks_open", "Tasks that wait for the operators.").Add({})};
  Series<Counter> webhooks{counter(registry, "cambist_webhooks_received_total",
                                   "Webhooks of providers that came in, by outcome.")};
  Series<Counter> webhooks_settled{
      counter(registry, "cambist_webhooks_settled_total",
              "Times a stored webhook was worked on, by its status afterwards.")};
  Series<Histogram> webhook_age{histogram(registry, "cambist_webhook_age_seconds",
                                          "Time from the receipt of a webhook to the work on it."),
                                webhook_buckets};
  Series<Counter> deliveries{counter(registry, "cambist_deliveries_attempted_total",
                                     "Attempts to deliver our events to merchants, by outcome.")};
  Histogram& delivery_seconds{histogram(registry, "cambist_delivery_duration_seconds",
                                        "Time of one attempt to deliver an event.")
                                  .Add({}, seconds_buckets)};
  Histogram& intent_seconds{histogram(registry, "cambist_intent_queue_seconds",
                                      "Time a client's command was on its way into the journal.")
                                .Add({}, seconds_buckets)};
  Series<Counter> shed{counter(registry, "cambist_admission_shed_total",
                               "Requests turned away because too many wait, by class.")};
  std::function<void(Duration)> hear_intent{};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

void Metrics::payment_moved(std::string_view status, std::string_view provider) {
  impl_->payments.at({{"status", status}, {"provider", provider}}).Increment();
}

void Metrics::operation_settled(std::string_view kind, std::string_view provider,
                                std::string_view outcome, Duration since_start) {
  impl_->operations.at({{"kind", kind}, {"provider", provider}, {"outcome", outcome}}).Increment();
  impl_->operation_seconds.at({{"kind", kind}, {"provider", provider}})
      .Observe(seconds(since_start));
}

void Metrics::failed_over(std::string_view from, std::string_view to) {
  impl_->failovers.at({{"from", from}, {"to", to}}).Increment();
}

void Metrics::late_success(std::string_view provider) {
  impl_->late_successes.at({{"provider", provider}}).Increment();
}

void Metrics::provider_called(std::string_view provider, std::string_view kind,
                              std::string_view verdict, Duration duration) {
  impl_->calls.at({{"provider", provider}, {"kind", kind}, {"verdict", verdict}}).Increment();
  impl_->call_seconds.at({{"provider", provider}, {"kind", kind}}).Observe(seconds(duration));
}

void Metrics::breaker_changed(std::string_view provider, int state) {
  constexpr std::array<std::string_view, 3> names{"closed", "half_open", "open"};
  impl_->breakers.at({{"provider", provider}}).Set(state);
  if (state >= 0 && state < 3) {
    impl_->breaker_changes
        .at({{"provider", provider}, {"state", names[static_cast<std::size_t>(state)]}})
        .Increment();
  }
}

void Metrics::journal_committed(std::size_t appends, Duration duration, bool ok) {
  impl_->batch.Observe(static_cast<double>(appends));
  impl_->commit_seconds.Observe(seconds(duration));
  if (!ok) impl_->commit_failures.Increment();
}

void Metrics::actors_live(std::string_view kind, std::ptrdiff_t change) {
  impl_->actors.at({{"kind", kind}}).Increment(static_cast<double>(change));
}

void Metrics::queue_depth(std::string_view queue, std::size_t depth) {
  impl_->queues.at({{"queue", queue}}).Set(static_cast<double>(depth));
}

void Metrics::restarted(std::string_view kind) {
  impl_->restarts.at({{"kind", kind}}).Increment();
}

void Metrics::timer_fired(std::string_view kind, Duration late) {
  impl_->timers.at({{"kind", kind}}).Increment();
  impl_->timer_lateness.Observe(seconds(late));
}

void Metrics::unknown_resolved(std::string_view provider, std::string_view how,
                               Duration unknown_for) {
  impl_->resolutions.at({{"provider", provider}, {"how", how}}).Observe(seconds(unknown_for));
}

void Metrics::tasks_open(std::ptrdiff_t change) {
  impl_->tasks.Increment(static_cast<double>(change));
}

void Metrics::webhook_received(std::string_view provider, std::string_view outcome) {
  impl_->webhooks.at({{"provider", provider}, {"outcome", outcome}}).Increment();
}

void Metrics::webhook_settled(std::string_view provider, std::string_view status,
                              Duration since_receipt) {
  impl_->webhooks_settled.at({{"provider", provider}, {"status", status}}).Increment();
  impl_->webhook_age.at({{"provider", provider}}).Observe(seconds(since_receipt));
}

void Metrics::delivery_attempted(std::string_view outcome, Duration duration) {
  impl_->deliveries.at({{"outcome", outcome}}).Increment();
  impl_->delivery_seconds.Observe(seconds(duration));
}

void Metrics::intent_queued(Duration queued) {
  impl_->intent_seconds.Observe(seconds(queued));
  if (impl_->hear_intent) impl_->hear_intent(queued);
}

void Metrics::shed(std::string_view what) {
  impl_->shed.at({{"class", what}}).Increment();
}

void Metrics::on_intent(std::function<void(Duration)> hear) {
  impl_->hear_intent = std::move(hear);
}

void Metrics::begin(const std::vector<std::string>& providers) {
  for (const auto& provider : providers) {
    impl_->breakers.at({{"provider", provider}}).Set(0);
    impl_->queues.at({{"queue", "provider:" + provider}}).Set(0);
    for (const std::string_view outcome :
         {"stored", "duplicate", "unverified", "malformed", "refused"}) {
      impl_->webhooks.at({{"provider", provider}, {"outcome", outcome}});
    }
    for (const std::string_view status : {"applied", "ignored", "retrying", "parked", "dead"}) {
      impl_->webhooks_settled.at({{"provider", provider}, {"status", status}});
    }
    impl_->webhook_age.at({{"provider", provider}});
    impl_->late_successes.at({{"provider", provider}});
    for (const std::string_view how : {"inquiry", "webhook", "operator"}) {
      impl_->resolutions.at({{"provider", provider}, {"how", how}});
    }
  }
  for (const std::string_view kind : {"payment", "provider", "reader", "scheduler"}) {
    impl_->restarts.at({{"kind", kind}});
  }
  for (const std::string_view kind : {"call_deadline", "repeat", "inquiry", "action_expiry",
                                      "authorization_expiry", "scheduled_capture", "escalation"}) {
    impl_->timers.at({{"kind", kind}});
  }
  for (const std::string_view outcome : {"delivered", "failed", "disabled"})
    impl_->deliveries.at({{"outcome", outcome}});
  for (const std::string_view what : {"command", "webhook"}) impl_->shed.at({{"class", what}});
}

void Metrics::request_handled(std::string_view route, std::string_view method, int status,
                              Duration duration) {
  const std::string code = std::to_string(status);
  impl_->requests.at({{"route", route}, {"method", method}, {"status", code}}).Increment();
  impl_->request_seconds.at({{"route", route}, {"method", method}}).Observe(seconds(duration));
}

void Metrics::requests_in_flight(std::ptrdiff_t change) {
  impl_->in_flight.Increment(static_cast<double>(change));
}

void Metrics::card_data_refused() {
  impl_->card_data.Increment();
}

std::string Metrics::text() const {
  auto families = impl_->registry.Collect();
  for (auto& process : process_metrics()) families.push_back(std::move(process));
  return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace cambist::gateway
