#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <chrono>

namespace apiwright {

/// What went wrong, as clients see it. Each code has one HTTP status and one Python exception.
enum class ErrorCode {
  kMalformedJson,
  kValidationError,
  kUnauthorized,
  kTokenExpired,
  kTokenReused,
  kInvalidCredentials,
  kForbidden,
  kNotFound,
  kMethodNotAllowed,
  kConflict,
  kPreconditionFailed,
  kPreconditionRequired,
  kPayloadTooLarge,
  kUnsupportedMediaType,
  kUnprocessable,
  kRateLimited,
  kInternal,
  kUnavailable,
  kTimeout,
};

/// Every code, in the order above: for tests and for the bindings' table of exceptions.
[[nodiscard]] const std::vector<ErrorCode>& all_error_codes();

/// The code on the wire, such as "VALIDATION_ERROR".
[[nodiscard]] std::string_view name_of(ErrorCode code) noexcept;

/// The code of that name; kInternal for any other text.
[[nodiscard]] ErrorCode error_code_named(std::string_view name) noexcept;

/// The HTTP status that answers with this code, such as 400.
[[nodiscard]] int http_status(ErrorCode code) noexcept;

/// One violation: the field by its path on the wire (`email`, `items[2].quantity`, `query.limit`),
/// a sentence for people, and a stable code for programs (`required`, `max_length`, …).
struct Detail {
  std::string field;
  std::string message;
  std::string code;

  friend bool operator==(const Detail&, const Detail&) = default;
};

/// The one exception the core throws. Its text is fit for clients: never SQL, a path, a secret
/// or another library's message.
class Error : public std::exception {
 public:
  Error(ErrorCode code, std::string message, std::vector<Detail> details = {});

  /// An error that asks the client to come back after `seconds`.
  [[nodiscard]] static Error retry_later(ErrorCode code, std::string message, std::chrono::seconds seconds);

  /// The same error, asking the client to come back after `seconds`.
  [[nodiscard]] Error retried_after(std::chrono::seconds seconds) && {
    retry_after_ = seconds;
    return std::move(*this);
  }

  /// The same error with what lies behind it, for the operator's log alone: never answered.
  [[nodiscard]] Error caused_by(std::string cause) && {
    cause_ = std::move(cause);
    return std::move(*this);
  }

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  [[nodiscard]] const std::vector<Detail>& details() const noexcept { return details_; }
  [[nodiscard]] std::optional<std::chrono::seconds> retry_after() const noexcept { return retry_after_; }
  [[nodiscard]] const std::string& cause() const noexcept { return cause_; }
  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::vector<Detail> details_;
  std::optional<std::chrono::seconds> retry_after_;
  std::string cause_;
};

}  // namespace apiwright
