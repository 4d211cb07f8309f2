// What every answer carries.

#include <algorithm>
#include <utility>

#include "apiwright/engine/exchange.hpp"

namespace apiwright::engine {
namespace {

constexpr std::size_t kMaxCommonHeaders = 18;

}  // namespace

std::vector<Header> Exchange::common_headers(const std::vector<std::string_view>& present) const {
  std::vector<Header> headers;
  headers.reserve(kMaxCommonHeaders);
  add_common_headers(
      headers, [&](std::string_view name) { return std::find(present.begin(), present.end(), name) != present.end(); });
  return headers;
}

void Exchange::add_limits(std::vector<Header>& headers) const {
  std::string policy;
  std::string state;
  for (const auto& limit : limits_) {
    const auto name = (policy.empty() ? "\"" : ", \"") + std::string(limit.name) + '"';
    policy += name + ";q=" + std::to_string(limit.quota.requests) + ";w=" + std::to_string(limit.quota.window.count());
    state += name + ";r=" + std::to_string(limit.allowance.remaining) +
             ";t=" + std::to_string(limit.allowance.reset.count());
  }
  if (policy.empty()) return;
  headers.push_back({"ratelimit-policy", std::move(policy)});
  headers.push_back({"ratelimit", std::move(state)});
}

void Exchange::add_cors(std::vector<Header>& headers) const {
  if (gateway_.options_.cors_origins.empty()) return;
  headers.push_back({"vary", "Origin"});
  if (!origin_allowed()) return;
  const auto& origins = gateway_.options_.cors_origins;
  const bool any = std::find(origins.begin(), origins.end(), "*") != origins.end();
  headers.push_back({"access-control-allow-origin", any ? "*" : cors_origin_});
  if (!is_preflight()) {
    headers.push_back({"access-control-expose-headers",
                       "ETag, Idempotency-Replayed, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"});
    return;
  }
  headers.push_back({"access-control-allow-methods", "GET, HEAD, POST, PUT, PATCH, DELETE"});
  headers.push_back({"access-control-allow-headers",
                     "Authorization, Content-Type, Accept, If-Match, If-None-Match, Idempotency-Key, X-Request-Id"});
  headers.push_back({"access-control-max-age", "600"});
}

template <typename IsPresent>
void Exchange::add_common_headers(std::vector<Header>& headers, const IsPresent& is_present) const {
  const auto add = [&](std::string_view name, std::string_view value) {
    if (!is_present(name)) headers.push_back({name, std::string(value)});
  };
  add("x-request-id", request_id_);
  add("x-content-type-options", "nosniff");
  add("x-frame-options", "DENY");
  add("referrer-policy", "no-referrer");
  add("content-security-policy", "default-src 'none'; frame-ancestors 'none'");
  add("cross-origin-opener-policy", "same-origin");
  add("cross-origin-resource-policy", "same-origin");
  if (gateway_.options_.strict_transport) {
    add("strict-transport-security", "max-age=31536000; includeSubDomains");
  }
  add("cache-control", authorization_.empty() ? "no-cache" : "private, no-cache");
  add("vary", "Authorization, Cookie, X-Api-Key, Accept");
  add_limits(headers);
  // An application that answers CORS itself: two such headers would be none to a browser.
  if (!is_present("access-control-allow-origin")) add_cors(headers);
}

Response Exchange::finished(Response response) const {
  auto& headers = response.headers;
  headers.reserve(headers.size() + kMaxCommonHeaders);
  if (response.status != 204 && response.status != 304) {
    headers.push_back({"content-length", std::to_string(response.body.size())});
  }
  const std::size_t own = headers.size();
  add_common_headers(headers, [&](std::string_view name) {
    return std::any_of(headers.begin(), headers.begin() + static_cast<std::ptrdiff_t>(own),
                       [&](const Header& header) { return header.name == name; });
  });
  if (method_ == "HEAD") response.body.clear();
  return response;
}

}  // namespace apiwright::engine
