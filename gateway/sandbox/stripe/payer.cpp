#include "gateway/sandbox/stripe/payer.hpp"

#include "gateway/sandbox/form.hpp"
#include "gateway/sandbox/stripe/amounts.hpp"
#include "gateway/sandbox/stripe/attempt.hpp"
#include "gateway/sandbox/stripe/render.hpp"

namespace cambist::gateway::sandbox::stripe {
namespace {

// Everything that is put into a page is an id, an amount or a literal, so nothing needs escaping.
http::Response page(int status, const std::string& content) {
  http::Response response;
  response.status = status;
  response.headers = {{"Content-Type", "text/html; charset=utf-8"},
                      {"Cache-Control", "no-store"},
                      {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
                      {"X-Content-Type-Options", "nosniff"}};
  response.body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>3-D Secure "
      "(sandbox)</title></head><body>" +
      content + "</body></html>\n";
  return response;
}

http::Response question(const World& world, const Intent& intent) {
  const auto url = challenge_url(world, intent);
  const auto money = to_money(intent.amount, intent.currency);
  return page(200, "<h1>3-D Secure (sandbox)</h1><p>Payment " + intent.id + " of " +
                       to_decimal(money) + " " + std::string{money.currency.code()} +
                       "</p><p><a href=\"" + url + "/complete\">Complete</a></p><p><a href=\"" +
                       url + "/fail\">Fail</a></p>");
}

http::Response back_to_shop(const Intent& intent) {
  const bool paid =
      intent.status == IntentStatus::succeeded || intent.status == IntentStatus::requires_capture;
  const std::string result = paid ? "succeeded" : "failed";
  if (intent.return_url.empty())
    return page(200, "<h1>Authentication " + result + "</h1><p>You can close this page.</p>");
  const auto hash = intent.return_url.find('#');
  std::string url = intent.return_url.substr(0, hash);
  url += url.find('?') == std::string::npos ? '?' : '&';
  url += "payment_intent=" + intent.id + "&payment_intent_client_secret=" + intent.id + "_secret_" +
         intent.secret + "&redirect_status=" + result;
  if (hash != std::string::npos) url += intent.return_url.substr(hash);
  auto response = page(302, "<p>Going back.</p>");
  response.headers.push_back({"Location", std::move(url)});
  return response;
}

}  // namespace

http::Response challenge_page(Bench& bench, std::string_view method, std::string_view path,
                              TimePoint now) {
  const auto slash = path.find('/');
  const auto action = slash == std::string_view::npos ? std::string_view{} : path.substr(slash + 1);
  auto* intent = bench.books.intents.find(path.substr(0, slash));
  const bool known = action.empty() || action == "complete" || action == "fail";
  if (intent == nullptr || !known) return page(404, "<h1>No such payment</h1>");
  if (method != "GET" && (method != "POST" || action.empty()))
    return page(405, "<h1>Method not allowed</h1>");
  const bool waiting = intent->status == IntentStatus::requires_action;
  if (action.empty())
    return waiting ? question(bench.world, *intent) : page(200, "<h1>Nothing to do here</h1>");
  // A second visit (a reload) changes nothing and goes back to the shop with the result there is.
  if (waiting) finish_challenge(bench, *intent, action == "complete", now);
  return back_to_shop(*intent);
}

}  // namespace cambist::gateway::sandbox::stripe
