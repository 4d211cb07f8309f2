#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/clock.hpp"
#include "apiwright/engine/address.hpp"
#include "apiwright/engine/log.hpp"
#include "apiwright/engine/preconditions.hpp"
#include "apiwright/engine/rate_limiter.hpp"
#include "apiwright/engine/response.hpp"
#include "apiwright/repositories/sessions.hpp"
#include "apiwright/tokens/access_tokens.hpp"

namespace apiwright::engine {

/// A request's head as a host hands it over; views live for the call only.
struct RequestHead {
  std::string_view method;
  std::string_view path;       ///< as it came, still percent-encoded
  std::string_view root_path;  ///< what stands before the application's own paths, encoded; usually empty
  std::string_view peer;       ///< the socket's other end, without port
  std::vector<std::pair<std::string_view, std::string_view>> headers;  ///< names in lower case
};

struct GatewayOptions {
  std::optional<Quota> anonymous = Quota{100, std::chrono::seconds(900)};
  std::optional<Quota> authenticated = Quota{6000, std::chrono::seconds(900)};
  std::optional<Quota> login = Quota{10, std::chrono::seconds(900)};
  std::uint64_t body_limit = 10 * 1024 * 1024;  ///< bytes
  std::vector<std::string> cors_origins;        ///< exact origins, or one `*`
  std::vector<Network> trusted_proxies;
  bool strict_transport = false;  ///< send Strict-Transport-Security
  LogOptions log;
};

class Gateway;

/// One request on its way through, in either lane: its id, who sent it, what it may do, and what its answer must carry.
/// Made on the host's thread; after that its facts are read-only, so workers may read them.
class Exchange {
 public:
  Exchange(Gateway& gateway, const RequestHead& head);

  [[nodiscard]] const std::string& request_id() const noexcept { return request_id_; }
  [[nodiscard]] const std::string& client() const noexcept { return client_; }
  /// `path` of this application as clients name it: with the root path.
  [[nodiscard]] std::string location(std::string_view path) const { return root_path_ + std::string(path); }
  [[nodiscard]] repositories::Origin origin() const;

  [[nodiscard]] bool has_claims() const noexcept { return claims_.has_value(); }
  /// The token's claims. Throws Error(kUnauthorized or kTokenExpired) when there is no good one.
  [[nodiscard]] const tokens::AccessClaims& claims() const;
  /// The same for what anonymous callers may ask too: null when the request brought no Authorization at all.
  [[nodiscard]] const tokens::AccessClaims* claims_if_any() const;
  /// Throws Error(kUnsupportedMediaType) unless the body was sent as one of these media types.
  void require_media_type(std::initializer_list<std::string_view> accepted) const;
  [[nodiscard]] const ConditionalHeaders& conditional() const noexcept { return conditional_; }
  /// None: not sent. Throws Error(kValidationError), naming `header.Idempotency-Key`, for what is no key.
  [[nodiscard]] std::optional<std::string> idempotency_key() const;
  /// Throws Error(kValidationError) when an Idempotency-Key was sent.
  void refuse_idempotency_key() const;

  /// An answer to give at once instead of asking the application: over a limit, a body too large, a CORS preflight.
  [[nodiscard]] std::optional<Response> refusal();
  /// For what anybody may ask: counts the request for its address too when a token had it counted for a user, since
  /// tokens are free to whoever registers. Throws Error(kRateLimited).
  void count_anonymous();
  /// Counts one attempt to sign in with this e-mail. Throws Error(kRateLimited).
  void count_login(std::string_view email);

  [[nodiscard]] Response error_response(const Error& error) const;

  /// What the answer carries beside its own headers (`present`: their names): request id, security, cache, limits,
  /// CORS.
  [[nodiscard]] std::vector<Header> common_headers(const std::vector<std::string_view>& present) const;

  /// The answer as it goes out, with its length and the common headers; without its body when HEAD asked.
  [[nodiscard]] Response finished(Response response) const;

  /// Writes the request's line to the log, the first time.
  void log(int status, std::uint64_t bytes) const;

 private:
  void read_header(std::string_view name, std::string_view value);
  void identify();
  void count_request();
  // Counts one request; allowed where there is no limit.
  Allowance count(std::string_view name, std::optional<RateLimiter>& limiter, std::string_view key);
  template <typename IsPresent>
  void add_common_headers(std::vector<Header>& headers, const IsPresent& is_present) const;
  void add_limits(std::vector<Header>& headers) const;
  void add_cors(std::vector<Header>& headers) const;
  [[nodiscard]] bool is_preflight() const;
  [[nodiscard]] bool origin_allowed() const;

  struct Limit {
    std::string_view name;
    Quota quota;
    Allowance allowance;
  };

  Gateway& gateway_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Timestamp received_;
  std::string method_;
  std::string path_;
  std::string root_path_;
  std::string client_;
  std::string request_id_;
  std::string forwarded_for_;
  std::string authorization_;
  std::string content_type_;
  std::string user_agent_;
  std::string cors_origin_;
  std::string cors_method_;
  std::optional<std::uint64_t> content_length_;
  ConditionalHeaders conditional_;
  std::optional<std::string> idempotency_key_;  ///< as it was sent; empty of several
  bool brought_authorization_ = false;          ///< even an empty one
  bool twice_authorized_ = false;
  bool problem_ = false;
  std::optional<tokens::AccessClaims> claims_;
  std::exception_ptr token_error_;
  std::vector<Limit> limits_;
  mutable std::atomic_flag logged_;
};

/// What every request passes before the application and every answer after it: limits, ids, headers. Thread-safe.
class Gateway {
 public:
  Gateway(GatewayOptions options, const tokens::AccessTokens& access_tokens, const Clock& clock);

  [[nodiscard]] std::shared_ptr<Exchange> begin(const RequestHead& head);

 private:
  friend class Exchange;

  GatewayOptions options_;
  const tokens::AccessTokens& access_tokens_;
  const Clock& clock_;
  Log log_;
  std::optional<RateLimiter> anonymous_;
  std::optional<RateLimiter> authenticated_;
  std::optional<RateLimiter> login_;
};

}  // namespace apiwright::engine
