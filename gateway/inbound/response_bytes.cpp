#include "gateway/inbound/response_bytes.hpp"

#include <array>

#include "protocols/http/syntax.hpp"

namespace cambist::gateway::inbound {

namespace {

std::string_view reason(int status) noexcept {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 301:
      return "Moved Permanently";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 402:
      return "Payment Required";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 424:
      return "Failed Dependency";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

bool is_ours(std::string_view name) noexcept {
  constexpr std::array<std::string_view, 6> ours{
      "content-length", "transfer-encoding", "connection", "keep-alive", "trailer", "date"};
  for (const auto own : ours) {
    if (http::equals_ignoring_case(name, own)) return true;
  }
  return false;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  for (const char c : value) out.push_back(http::is_control(c) && c != '\t' ? ' ' : c);
  out.append("\r\n");
}

}  // namespace

bool allows_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

std::string response_head(const http::Response& response, const ResponseForm& form) {
  std::string out;
  out.reserve(256 + response.headers.size() * 48);
  out.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
  out.append(reason(response.status)).append("\r\n");
  append_field(out, "Date", form.date);
  if (allows_body(response.status)) {
    append_field(out, "Content-Length", std::to_string(response.body.size()));
  }
  if (!form.keep_alive) {
    append_field(out, "Connection", "close");
  } else if (form.minor_version == 0) {
    append_field(out, "Connection", "keep-alive");
  }
  for (const auto& [name, value] : response.headers) {
    if (http::is_token(name) && !is_ours(name)) append_field(out, name, value);
  }
  if (http::find(response.headers, "Cache-Control") == nullptr) {
    append_field(out, "Cache-Control", "no-store");
  }
  if (http::find(response.headers, "X-Content-Type-Options") == nullptr) {
    append_field(out, "X-Content-Type-Options", "nosniff");
  }
  out.append("\r\n");
  return out;
}

std::string http_date(std::time_t now) {
  constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                               "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string{days.at(static_cast<std::size_t>(utc.tm_wday))} + ", " + two(utc.tm_mday) +
         " " + months.at(static_cast<std::size_t>(utc.tm_mon)) + " " +
         std::to_string(utc.tm_year + 1900) + " " + two(utc.tm_hour) + ":" + two(utc.tm_min) + ":" +
         two(utc.tm_sec) + " GMT";
}

}  // namespace cambist::gateway::inbound
