// POST /api/v1/providers/{name}/statements: a file that a bank gives to people. Each line takes the
// way of a webhook, so that what a callback told before is a duplicate, and what was lost is found.
#include <deque>

#include <boost/json.hpp>

#include "gateway/api/routes.hpp"

namespace cambist::gateway {
namespace {

const Error slow{ErrorCode::unavailable,
                 "not all of the statement is stored yet; send it again: no line counts twice"};

/// One import on its way: its lines are stored one after the other.
class Import : public std::enable_shared_from_this<Import> {
 public:
  Import(ExchangePtr exchange, std::shared_ptr<const provider::Adapter> adapter,
         std::vector<std::string> events)
      : exchange_(std::move(exchange)), adapter_(std::move(adapter)) {
    credits_ = events.size();
    for (std::string& event : events) events_.push_back(std::move(event));
  }

  void next() {
    if (events_.empty()) return show();
    http::Request line;
    line.method = "POST";
    line.target = exchange_->path;
    line.body = std::move(events_.front());
    events_.pop_front();
    const auto notice = adapter_->read_webhook(line.body);
    const bool irrelevant = notice && std::holds_alternative<provider::Irrelevant>(notice->news);
    exchange_->core->params.bridge->webhook(
        {exchange_->match.id, std::move(line), true},
        [self = shared_from_this(), irrelevant](Result<actors::WebhookTaken> taken) {
          if (!taken) return self->exchange_->refuse(taken.error());
          if (taken->error) return self->exchange_->refuse(*taken->error);
          if (taken->duplicate) {
            ++self->duplicates_;
          } else {
            ++(irrelevant ? self->ignored_ : self->new_);
          }
          self->next();
        });
  }

 private:
  void show() {
    exchange_->show(boost::json::serialize(boost::json::object{
        {"credits", credits_}, {"new", new_}, {"duplicates", duplicates_}, {"ignored", ignored_}}));
  }

  ExchangePtr exchange_;
  std::shared_ptr<const provider::Adapter> adapter_;
  std::deque<std::string> events_{};
  std::size_t credits_ = 0;
  std::size_t new_ = 0;
  std::size_t duplicates_ = 0;
  std::size_t ignored_ = 0;
};

}  // namespace

void import_statement(const ExchangePtr& exchange) {
  const ApiParams& params = exchange->core->params;
  const auto found = params.adapters.find(exchange->match.id);
  if (found == params.adapters.end())
    return exchange->refuse({ErrorCode::not_found, "there is no such provider"});
  const std::string* type = http::find(exchange->request.headers, "Content-Type");
  auto events = found->second->split_statement(type == nullptr ? std::string_view{} : *type,
                                               exchange->request.body);
  if (!events) {
    const bool media = events.error().field == "content-type";
    if (!media) return exchange->refuse(events.error());
    return exchange->refuse(
        {ErrorCode::unsupported_media_type, events.error().detail, "Content-Type"});
  }
  exchange->give_up_after(params.request_deadline, slow);
  std::make_shared<Import>(exchange, found->second, std::move(*events))->next();
}

}  // namespace cambist::gateway
