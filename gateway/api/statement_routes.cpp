// POST /api/v1/providers/{name}/statements: a file that a bank gives to people. Each line takes the
// way of a webhook, so that what a callback told before is a duplicate, and what was lost is found.
#include <deque>
#include <memory>
#include <mutex>

#include <boost/json.hpp>

#include "gateway/api/routes.hpp"

namespace cambist::gateway {
namespace {

const Error slow{ErrorCode::unavailable,
                 "not all of the statement is stored yet; send it again: no line counts twice"};

// So many lines are on their way into the store at a time: enough for them to share commits, and
// few beside the webhooks that come by themselves.
constexpr std::size_t at_once = 64;

/// One import on its way. Its lines are sent in their order by one thread at a time, whoever brings
/// the answer to an earlier one.
class Import : public std::enable_shared_from_this<Import> {
 public:
  Import(ExchangePtr exchange, std::shared_ptr<const provider::Adapter> adapter,
         std::vector<std::string> events)
      : exchange_(std::move(exchange)), adapter_(std::move(adapter)) {
    credits_ = events.size();
    for (std::string& event : events) events_.push_back(std::move(event));
  }

  void go_on() {
    std::unique_lock lock{mutex_};
    if (sending_) return;
    sending_ = true;
    while (on_their_way_ < at_once && !events_.empty()) {
      std::string event = std::move(events_.front());
      events_.pop_front();
      ++on_their_way_;
      lock.unlock();
      send(std::move(event));
      lock.lock();
    }
    sending_ = false;
    if (on_their_way_ > 0 || over_) return;
    over_ = true;
    lock.unlock();
    show();
  }

  /// What is not sent yet is not sent any more.
  void give_up(const Error& why) {
    {
      const std::lock_guard lock{mutex_};
      over_ = true;
      events_.clear();
    }
    exchange_->refuse(why);
  }

 private:
  void send(std::string event) {
    http::Request line;
    line.method = "POST";
    line.target = exchange_->path;
    line.body = std::move(event);
    const auto notice = adapter_->read_webhook(line.body);
    const bool irrelevant = notice && std::holds_alternative<provider::Irrelevant>(notice->news);
    exchange_->core->params.bridge->webhook(
        {exchange_->match.id, std::move(line), true},
        [self = shared_from_this(), irrelevant](Result<actors::WebhookTaken> taken) {
          self->stored(taken, irrelevant);
        });
  }

  void stored(const Result<actors::WebhookTaken>& taken, bool irrelevant) {
    if (!taken) {
      give_up(taken.error());
    } else if (taken->error) {
      give_up(*taken->error);
    }
    {
      const std::lock_guard lock{mutex_};
      --on_their_way_;
      if (taken && taken->duplicate) {
        ++duplicates_;
      } else {
        ++(irrelevant ? ignored_ : new_);
      }
    }
    go_on();
  }

  void show() {
    exchange_->show(boost::json::serialize(boost::json::object{
        {"credits", credits_}, {"new", new_}, {"duplicates", duplicates_}, {"ignored", ignored_}}));
  }

  const ExchangePtr exchange_;
  const std::shared_ptr<const provider::Adapter> adapter_;
  std::size_t credits_ = 0;
  std::mutex mutex_;  // over all below
  std::deque<std::string> events_{};
  std::size_t on_their_way_ = 0;
  std::size_t new_ = 0;
  std::size_t duplicates_ = 0;
  std::size_t ignored_ = 0;
  bool sending_ = false;
  bool over_ = false;  // answered
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
  std::string{}.swap(exchange->request.body);
  const auto import = std::make_shared<Import>(exchange, found->second, std::move(*events));
  exchange->unless_answered(params.request_deadline, [weak = std::weak_ptr{import}] {
    if (const auto self = weak.lock()) self->give_up(slow);
  });
  import->go_on();
}

}  // namespace cambist::gateway
