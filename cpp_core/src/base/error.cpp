#include "apiwright/base/error.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace apiwright {
namespace {

struct Meaning {
  ErrorCode code;
  std::string_view name;
  int status;
};

constexpr std::array kMeanings{
    Meaning{ErrorCode::kMalformedJson, "MALFORMED_JSON", 400},
    Meaning{ErrorCode::kValidationError, "VALIDATION_ERROR", 400},
    Meaning{ErrorCode::kUnauthorized, "UNAUTHORIZED", 401},
    Meaning{ErrorCode::kTokenExpired, "TOKEN_EXPIRED", 401},
    Meaning{ErrorCode::kTokenReused, "TOKEN_REUSED", 401},
    Meaning{ErrorCode::kInvalidCredentials, "INVALID_CREDENTIALS", 401},
    Meaning{ErrorCode::kForbidden, "FORBIDDEN", 403},
    Meaning{ErrorCode::kNotFound, "NOT_FOUND", 404},
    Meaning{ErrorCode::kMethodNotAllowed, "METHOD_NOT_ALLOWED", 405},
    Meaning{ErrorCode::kConflict, "CONFLICT", 409},
    Meaning{ErrorCode::kPreconditionFailed, "PRECONDITION_FAILED", 412},
    Meaning{ErrorCode::kPreconditionRequired, "PRECONDITION_REQUIRED", 428},
    Meaning{ErrorCode::kPayloadTooLarge, "PAYLOAD_TOO_LARGE", 413},
    Meaning{ErrorCode::kUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", 415},
    Meaning{ErrorCode::kUnprocessable, "UNPROCESSABLE", 422},
    Meaning{ErrorCode::kRateLimited, "RATE_LIMITED", 429},
    Meaning{ErrorCode::kInternal, "INTERNAL_ERROR", 500},
    Meaning{ErrorCode::kUnavailable, "UNAVAILABLE", 503},
    Meaning{ErrorCode::kTimeout, "TIMEOUT", 504},
};

constexpr bool stand_at_their_codes() {
  for (std::size_t i = 0; i < kMeanings.size(); ++i) {
    if (kMeanings[i].code != static_cast<ErrorCode>(i)) return false;
  }
  return true;
}
static_assert(stand_at_their_codes());
static_assert(kMeanings.back().code == ErrorCode::kTimeout);

const Meaning& meaning_of(ErrorCode code) noexcept { return kMeanings[static_cast<std::size_t>(code)]; }

std::vector<ErrorCode> list_codes() {
  std::vector<ErrorCode> codes;
  codes.reserve(kMeanings.size());
  for (const Meaning& meaning : kMeanings) codes.push_back(meaning.code);
  return codes;
}

}  // namespace

const std::vector<ErrorCode>& all_error_codes() {
  static const std::vector<ErrorCode> kCodes = list_codes();
  return kCodes;
}

std::string_view name_of(ErrorCode code) noexcept { return meaning_of(code).name; }

ErrorCode error_code_named(std::string_view name) noexcept {
  for (const Meaning& meaning : kMeanings) {
    if (meaning.name == name) return meaning.code;
  }
  return ErrorCode::kInternal;
}

int http_status(ErrorCode code) noexcept { return meaning_of(code).status; }

Error::Error(ErrorCode code, std::string message, std::vector<Detail> details)
    : code_(code), message_(std::move(message)), details_(std::move(details)) {}

Error Error::retry_later(ErrorCode code, std::string message, std::chrono::seconds seconds) {
  Error error(code, std::move(message));
  error.retry_after_ = seconds;
  return error;
}

}  // namespace apiwright
