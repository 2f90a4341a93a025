// URLs that others name: origins, merchants' endpoints, providers' base URLs, and the encodings in
// them. What is taken has one spelling, and in production no way into our own network.
#include "protocols/http/url.hpp"

#include "protocols/http/endpoint_url.hpp"
#include "protocols/http/public_address.hpp"
#include "protocols/provider/base_url.hpp"
#include "tests/fuzz/support/target.hpp"

namespace cambist::http {
namespace {

using fuzz::must;

void check_origin(std::string_view text) {
  const auto origin = parse_origin(text);
  if (!origin) return;
  const auto again = parse_origin((origin->tls ? "https://" : "http://") + origin->authority());
  must(again && *again == *origin, "an origin is read again from what it writes");
}

void check_endpoint(std::string_view text, EndpointMode mode) {
  const auto url = parse_endpoint_url(text, mode);
  if (!url) return must(url.error().field == "url", "a refused URL is named by its field");
  const auto again = parse_endpoint_url(url->text(), mode);
  must(again && *again == *url, "a URL is read again from its one spelling");
  must(url->target.starts_with('/') && url->origin.authority().find('@') == std::string::npos,
       "a URL has a path and no password");
  if (mode == EndpointMode::development) return;
  must(url->origin.tls && !url->loopback, "production speaks TLS to others");
  must(url->origin.port == 443 || url->origin.port == 8443, "on the ports of the web");
  must(!parse_address(url->origin.host), "and names its host");
  const auto easier = parse_endpoint_url(text, EndpointMode::development);
  must(easier && *easier == *url, "development takes what production takes");
}

void check_base_url(std::string_view text) {
  const auto base = provider::parse_base_url(text);
  if (!base) return;
  const auto again = provider::parse_base_url(base->origin + base->prefix);
  must(again && *again == *base, "a base URL is read again from its parts");
  must(base->origin.starts_with("https://") || provider::is_loopback(provider::host_of(*base)),
       "credentials travel in the clear on this machine only");
}

void check_encodings(std::string_view text) {
  if (const auto decoded = percent_decode(text)) {
    const auto again = percent_decode(percent_encode(*decoded));
    must(again && *again == *decoded, "percent-encoding loses nothing");
  }
  if (const auto pairs = form_decode(text)) {
    const auto again = form_decode(form_encode(*pairs));
    must(again && *again == *pairs, "form-encoding loses nothing");
  }
}

}  // namespace
}  // namespace cambist::http

CAMBIST_FUZZ_TARGET(http_url) {
  using namespace cambist::http;
  check_origin(bytes);
  check_endpoint(bytes, EndpointMode::production);
  check_endpoint(bytes, EndpointMode::development);
  check_base_url(bytes);
  check_encodings(bytes);
}
