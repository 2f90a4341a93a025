// The operators' queue: what must be decided by hand, the decision, and the log of who did what.
#include <boost/json.hpp>

#include "gateway/api/body.hpp"
#include "gateway/api/list_query.hpp"
#include "gateway/api/render_tasks.hpp"
#include "gateway/api/routes.hpp"
#include "protocols/api/requests.hpp"

namespace cambist::gateway {
namespace {

const Error slow_store{ErrorCode::unavailable, "the store did not answer in time"};
const Error no_task{ErrorCode::not_found, "there is no such task"};
const Error resolved{ErrorCode::illegal_transition, "the task is resolved already"};

Result<bool> apply(storage::TaskQuery& query, std::string_view name, const std::string& value) {
  if (name == "status") {
    if (value != "open" && value != "resolved")
      return wrong_parameter(name, "must be open or resolved");
    query.status = value;
  } else if (name == "payment_id") {
    const auto id = PaymentId::parse(value);
    if (!id) return wrong_parameter(name, "is no id of a payment");
    query.payment = *id;
  } else {
    return false;
  }
  return true;
}

// The payment has taken the decision, or refused it. Which of the two is read from the task itself:
// an operation that is settled as failed makes an answer that looks like a refusal.
void show_outcome(const ExchangePtr& exchange, TaskId id, const api::Answer& answer) {
  exchange->core->params.bridge->task(
      exchange->principal.tenant, id,
      [exchange, answer](Result<std::optional<storage::TaskRow>> row) {
        if (!row) return exchange->refuse(row.error());
        if (!*row) return exchange->refuse(no_task);
        const bool ours =
            (*row)->status == "resolved" && (*row)->resolved_by == exchange->principal.key_id;
        if (ours) return exchange->show(render_task(**row));
        if ((*row)->status == "resolved") return exchange->refuse(resolved);
        if (answer.status >= 400) return exchange->answer(answer);
        exchange->refuse({ErrorCode::unavailable, "the task is not resolved yet; look again"});
      });
}

/// A task about money that came by itself has no operation whose outcome could be told.
Result<payment::Command> resolution_of(const storage::TaskRow& task,
                                       const api::TaskResolution& found, const std::string& by) {
  if (task.kind == "unknown_outcome") {
    if (!found.succeeded)
      return Error{ErrorCode::invalid_request, R"(must be "succeeded" or "failed")", "outcome"};
    return payment::ResolveOperation{task.operation, *found.succeeded, found.provider_object,
                                     found.reason, by};
  }
  if (found.succeeded)
    return Error{ErrorCode::invalid_request, "this task is closed with a reason alone", "outcome"};
  return payment::ResolveAttention{task.id, found.reason, by};
}

void perform_resolution(const ExchangePtr& exchange, const storage::TaskRow& task,
                        payment::Command resolution) {
  exchange->payment = task.payment.to_string();
  Command command{task.payment,
                  std::move(resolution),
                  exchange->principal.tenant,
                  exchange->request_id,
                  {},
                  {}};
  exchange->core->params.bridge->perform(std::move(command),
                                         [exchange, id = task.id](Result<api::Answer> answer) {
                                           if (!answer) return exchange->refuse(answer.error());
                                           show_outcome(exchange, id, *answer);
                                         });
}

}  // namespace

void list_tasks(const ExchangePtr& exchange) {
  storage::TaskQuery query;
  query.tenant = exchange->principal.tenant;
  auto page = read_page(*exchange, [&query](std::string_view name, const std::string& value) {
    return apply(query, name, value);
  });
  if (!page) return exchange->refuse(page.error());
  if (page->last) query.before = TaskId{*page->last};
  query.limit = page->limit + 1;
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->tasks(
      std::move(query),
      [exchange, page = std::move(*page)](Result<std::vector<storage::TaskRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        exchange->show(render_tasks(*rows, page));
      });
}

void get_task(const ExchangePtr& exchange) {
  const auto id = TaskId::parse(exchange->match.id);
  if (!id) return exchange->refuse(no_task);
  if (const auto none = no_parameters(*exchange); !none) return exchange->refuse(none.error());
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->task(exchange->principal.tenant, *id,
                                      [exchange](Result<std::optional<storage::TaskRow>> row) {
                                        if (!row) return exchange->refuse(row.error());
                                        if (!*row) return exchange->refuse(no_task);
                                        exchange->show(render_task(**row));
                                      });
}

void resolve_task(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto id = TaskId::parse(exchange->match.id);
  if (!id) return exchange->refuse(no_task);
  const auto body = begin_operation(exchange);
  if (!body) return;
  auto found = api::read_task_resolution(*body);
  if (!found) return exchange->refuse(found.error());
  exchange->give_up_after(params.request_deadline,
                          {ErrorCode::unavailable, "the payment did not answer in time"});
  params.bridge->task(
      exchange->principal.tenant, *id,
      [exchange, found = std::move(*found)](Result<std::optional<storage::TaskRow>> row) {
        if (!row) return exchange->refuse(row.error());
        if (!*row) return exchange->refuse(no_task);
        if ((*row)->status == "resolved") return exchange->refuse(resolved);
        auto resolution = resolution_of(**row, found, exchange->principal.key_id);
        if (!resolution) return exchange->refuse(resolution.error());
        perform_resolution(exchange, **row, std::move(*resolution));
      });
}

void list_audit(const ExchangePtr& exchange) {
  auto page = read_page(*exchange,
                        [](std::string_view, const std::string&) -> Result<bool> { return false; });
  if (!page) return exchange->refuse(page.error());
  std::optional<AuditId> before;
  if (page->last) before = AuditId{*page->last};
  const std::size_t limit = page->limit + 1;
  exchange->give_up_after(exchange->core->params.read_deadline, slow_store);
  exchange->core->params.bridge->audit(
      exchange->principal.tenant, before, limit,
      [exchange, page = std::move(*page)](Result<std::vector<storage::AuditRow>> rows) {
        if (!rows) return exchange->refuse(rows.error());
        exchange->show(render_audit(*rows, page));
      });
}

}  // namespace cambist::gateway
