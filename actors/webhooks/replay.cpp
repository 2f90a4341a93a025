#include "actors/webhooks/replay.hpp"

#include <algorithm>
#include <utility>

#include "actors/reader/read.hpp"

namespace cambist::actors::webhooks {
namespace {

constexpr std::size_t replay_max = 100;  // webhooks in one request

using Rows = Result<std::vector<storage::WebhookRow>>;

}  // namespace

void Replays::start(ReplayWebhooks request, ReplayPromise promise) {
  const auto refuse = [&](ErrorCode code, const char* detail) {
    WebhooksReplayed refused;
    refused.error = Error{code, detail};
    promise.deliver(std::move(refused));
  };
  if (request.ids.size() > replay_max) {
    return refuse(ErrorCode::invalid_request, "At most 100 webhooks can be replayed at once.");
  }
  if (jobs_.size() >= params_.replays_max) {
    return refuse(ErrorCode::overloaded, "Other replays are under way.");
  }
  auto job = std::make_shared<Job>(Job{std::move(request), std::move(promise)});
  jobs_.push_back(job);
  if (job->request.ids.empty()) return find(job);
  write_all(job);
}

void Replays::find(const JobPtr& job) {
  storage::WebhookQuery query = job->request.filter;
  const std::size_t limit = std::clamp(query.limit, std::size_t{1}, replay_max);
  query.limit = limit + 1;  // one more tells whether there are more
  const auto fail = [this, job] {
    job->result.error = Error{ErrorCode::unavailable, "The webhooks cannot be read now."};
    end(job);
  };
  owner_
      .request(params_.reader, params_.limits.store_max,
               make_read([query](storage::Reader& reader) { return reader.webhooks(query); }))
      .then(
          [this, job, limit, fail](const ReadDone& read) {
            const auto& rows = value_of<Rows>(read);
            if (!rows) return fail();
            job->result.more = rows->size() > limit;
            for (std::size_t i = 0; i < std::min(limit, rows->size()); ++i) {
              job->request.ids.push_back((*rows)[i].id);
            }
            write_all(job);
          },
          [fail](const caf::error&) { fail(); });
}

void Replays::write_all(const JobPtr& job) {
  const auto ids = job->request.ids;
  for (const WebhookId& id : ids) write(job, id);
  finish_if_done(job);
}

/// Each with its own line in the audit log, in one commit: what is put back was asked for by
/// somebody, and one that is not there costs only itself.
void Replays::write(const JobPtr& job, const WebhookId& id) {
  Ticket at_gate = params_.journal_gate->try_enter();
  if (!at_gate) {
    job->result.error = Error{ErrorCode::overloaded, "The server is at its limit."};
    return;
  }
  const TimePoint now = params_.now();
  storage::AuditRow audit = job->request.audit;
  audit.id = AuditId::make(now, params_.random);
  audit.object = id.to_string();
  ++job->writing;
  const auto done = [this, job, id](const storage::AppendResult& result) {
    --job->writing;
    const auto* error = std::get_if<Error>(&result);
    if (std::holds_alternative<storage::Appended>(result)) {
      ++job->result.replayed;
    } else if (error != nullptr && error->code == ErrorCode::not_found) {
      job->result.missing.push_back(id);
    } else {
      job->result.error = Error{ErrorCode::unavailable, "Not all could be put back."};
    }
    finish_if_done(job);
  };
  const std::chrono::nanoseconds sent = owner_.system().clock().now().time_since_epoch();
  storage::Records records{
      {storage::WebhookReplayed{audit.tenant, id, now}, storage::Record{audit}}};
  owner_
      .request(params_.journal, params_.limits.store_max,
               Write{std::move(records), std::move(at_gate), sent})
      .then([done](const Written& written) { done(written.result); },
            [done](const caf::error&) {
              done(Error{ErrorCode::unavailable, "The journal did not answer."});
            });
}

void Replays::finish_if_done(const JobPtr& job) {
  if (job->writing > 0) return;
  if (job->result.replayed > 0) put_back_();
  end(job);
}

void Replays::end(const JobPtr& job) {
  std::erase(jobs_, job);
  if (job->promise.pending()) job->promise.deliver(std::move(job->result));
}

void Replays::stop() {
  const auto jobs = std::exchange(jobs_, {});
  for (const JobPtr& job : jobs) {
    job->result.error = Error{ErrorCode::unavailable, "The server is stopping."};
    end(job);
  }
}

}  // namespace cambist::actors::webhooks
