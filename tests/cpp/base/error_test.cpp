#include "apiwright/base/error.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

namespace apiwright {
namespace {

TEST(ErrorCode, NamesAndStatusesAreThoseOfTheContract) {
  const std::map<std::string_view, int> contract = {
      {"MALFORMED_JSON", 400},
      {"VALIDATION_ERROR", 400},
      {"UNAUTHORIZED", 401},
      {"TOKEN_EXPIRED", 401},
      {"TOKEN_REUSED", 401},
      {"INVALID_CREDENTIALS", 401},
      {"FORBIDDEN", 403},
      {"NOT_FOUND", 404},
      {"METHOD_NOT_ALLOWED", 405},
      {"CONFLICT", 409},
      {"PRECONDITION_FAILED", 412},
      {"PRECONDITION_REQUIRED", 428},
      {"PAYLOAD_TOO_LARGE", 413},
      {"UNSUPPORTED_MEDIA_TYPE", 415},
      {"UNPROCESSABLE", 422},
      {"RATE_LIMITED", 429},
      {"INTERNAL_ERROR", 500},
      {"UNAVAILABLE", 503},
      {"TIMEOUT", 504},
  };
  std::map<std::string_view, int> ours;
  for (const ErrorCode code : all_error_codes()) ours.emplace(name_of(code), http_status(code));
  EXPECT_EQ(ours, contract);
}

TEST(ErrorCode, AllOfThemAreListedOnce) {
  const std::set<ErrorCode> codes(all_error_codes().begin(), all_error_codes().end());
  EXPECT_EQ(codes.size(), all_error_codes().size());
  EXPECT_EQ(all_error_codes().front(), ErrorCode::kMalformedJson);
  EXPECT_EQ(all_error_codes().back(), ErrorCode::kTimeout);
}

TEST(Error, CarriesWhatItWasGiven) {
  const Detail detail{.field = "email", .message = "is taken", .code = "unique"};
  const Error error(ErrorCode::kConflict, "The e-mail is taken.", {detail});
  EXPECT_EQ(error.code(), ErrorCode::kConflict);
  EXPECT_EQ(error.message(), "The e-mail is taken.");
  EXPECT_STREQ(error.what(), "The e-mail is taken.");
  EXPECT_EQ(error.details(), std::vector<Detail>{detail});
  EXPECT_EQ(error.retry_after(), std::nullopt);
}

TEST(Error, RetryLaterSaysWhen) {
  const Error error = Error::retry_later(ErrorCode::kUnavailable, "Busy.", std::chrono::seconds(3));
  EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
  EXPECT_EQ(error.retry_after(), std::chrono::seconds(3));
  EXPECT_TRUE(error.details().empty());
}

}  // namespace
}  // namespace apiwright
