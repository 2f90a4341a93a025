#include "gateway/outbound/response_reader.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cambist::gateway::outbound {

namespace beast_http = boost::beast::http;

struct ResponseReader::Parser : beast_http::response_parser<beast_http::string_body> {};

ResponseReader::ResponseReader(std::size_t body_max, bool to_head, bool cut)
    : body_max_(body_max), to_head_(to_head), cut_(cut) {
  renew();
}

ResponseReader::~ResponseReader() = default;

void ResponseReader::renew() {
  parser_ = std::make_unique<Parser>();
  parser_->eager(true);
  parser_->header_limit(head_bytes_max);
  parser_->body_limit(body_max_);
  if (to_head_) parser_->skip(true);
}

ResponseReader::Step ResponseReader::feed(std::string_view bytes) {
  began_ = began_ || !bytes.empty();
  waiting_.append(bytes);
  return advance();
}

ResponseReader::Step ResponseReader::advance() {
  while (!waiting_.empty()) {
    boost::system::error_code error;
    const auto used = parser_->put(boost::asio::buffer(waiting_), error);
    waiting_.erase(0, used);
    if (error == beast_http::error::body_limit && cut_) return ended();
    if (error == beast_http::error::body_limit || error == beast_http::error::header_limit)
      return Step::too_large;
    if (error && error != beast_http::error::need_more) return Step::malformed;
    if (parser_->is_done()) {
      const auto status = parser_->get().result_int();
      if (status >= 200) return Step::done;
      // An interim answer; after 101 the stream would no longer be HTTP.
      if (status < 100 || status == 101 || ++interims_ > interim_max) return Step::malformed;
      renew();
      continue;
    }
    if (error == beast_http::error::need_more || used == 0) break;
  }
  return Step::more;
}

ResponseReader::Step ResponseReader::end() {
  if (!parser_->got_some()) return Step::malformed;
  boost::system::error_code error;
  parser_->put_eof(error);
  return !error && parser_->is_done() ? ended() : Step::malformed;
}

// A status below 200 is no final answer, however the body ends.
ResponseReader::Step ResponseReader::ended() const {
  return parser_->get().result_int() >= 200 ? Step::done : Step::malformed;
}

bool ResponseReader::reusable() const {
  return parser_->is_done() && parser_->keep_alive() && waiting_.empty();
}

http::Response ResponseReader::take() {
  auto message = parser_->release();
  http::Response response{static_cast<int>(message.result_int()), {}, std::move(message.body())};
  for (const auto& field : message) {
    response.headers.push_back({std::string{field.name_string()}, std::string{field.value()}});
  }
  return response;
}

}  // namespace cambist::gateway::outbound
