#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/access/principal.hpp"
#include "apiwright/base/digest.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/data/connection.hpp"

namespace apiwright::repositories {

/// A request that its sender may repeat, by digests: nothing of a key or a body can be read from it.
struct IdempotentRequest {
  ShortDigest key{};          ///< whose key it is, and on which route
  ShortDigest fingerprint{};  ///< what it asks for: its query and its body
};

/// What a request was answered, as far as that is the same for everybody who sends it again.
struct KeptAnswer {
  int status = 0;
  std::optional<std::string> location{};
  std::optional<std::string> etag{};
  std::string body{};  ///< JSON; empty: none
};

/// Answers to requests with an Idempotency-Key, each kept for a day in the transaction of what the request did. The
/// constraint decides: of two that are one request, one transaction sees what the other stored, or takes its place.
/// Immutable, thread-safe.
class IdempotencyKeys {
 public:
  static constexpr std::chrono::hours kLifetime{24};

  /// `key`: of Purpose::kIdempotency.
  explicit IdempotencyKeys(Key key) : key_(std::move(key)) {}

  /// `route`: such as `POST /api/v1/articles`; `query` and `body` as they were sent.
  [[nodiscard]] IdempotentRequest request(const Uuid& user, std::string_view route, std::string_view key,
                                          std::string_view query, std::string_view body) const;

  /// What this request was answered; none when it has not been, or too long ago. Throws Error(kUnprocessable), naming
  /// `header.Idempotency-Key`, when the key was another request's, and Error(kForbidden) when what its sender may do
  /// has changed since: the answer may show what they may not see any more.
  [[nodiscard]] std::optional<KeptAnswer> find(data::Connection& connection, const IdempotentRequest& request,
                                               const access::Principal& principal, Timestamp now) const;

  /// Keeps an answer, and removes two of the oldest that have expired.
  void keep(data::Connection& connection, const IdempotentRequest& request, const access::Principal& principal,
            const KeptAnswer& answer, Timestamp now) const;

 private:
  [[nodiscard]] ShortDigest roles_of(const access::Principal& principal) const;

  Key key_;
};

}  // namespace apiwright::repositories
