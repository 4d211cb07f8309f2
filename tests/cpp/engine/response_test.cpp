#include "apiwright/engine/response.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using support::header;

const Error kInvalid(ErrorCode::kValidationError, "The request is not valid.",
                     {{"email", "Must be an e-mail address.", "format"}, {"roles[2]", "Is \"odd\".", "pattern"}});

TEST(JsonResponse, is_json) {
  const auto response = json_response(201, "{}");
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(header(response, "content-type"), "application/json");
}

TEST(ErrorResponse, has_the_contracts_envelope) {
  const auto response = error_response(kInvalid, {.request_id = "id-1"});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "content-type"), "application/json");
  EXPECT_EQ(header(response, "cache-control"), "no-store");
  EXPECT_EQ(response.body,
            "{\"error\":{\"code\":\"VALIDATION_ERROR\",\"message\":\"The request is not valid.\",\"details\":["
            "{\"field\":\"email\",\"message\":\"Must be an e-mail address.\",\"code\":\"format\"},"
            "{\"field\":\"roles[2]\",\"message\":\"Is \\\"odd\\\".\",\"code\":\"pattern\"}],\"requestId\":\"id-1\"}}");
}

TEST(ErrorResponse, has_the_form_of_rfc_9457_when_asked) {
  const auto response = error_response(kInvalid, {.request_id = "id-1", .problem = true});
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(header(response, "content-type"), "application/problem+json");
  EXPECT_EQ(response.body,
            "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
            "\"detail\":\"The request is not valid.\",\"code\":\"VALIDATION_ERROR\",\"details\":["
            "{\"field\":\"email\",\"message\":\"Must be an e-mail address.\",\"code\":\"format\"},"
            "{\"field\":\"roles[2]\",\"message\":\"Is \\\"odd\\\".\",\"code\":\"pattern\"}],\"requestId\":\"id-1\"}");
}

TEST(ErrorResponse, every_code_has_its_status_and_phrase_in_both_forms) {
  for (const auto code : all_error_codes()) {
    const Error error(code, "Words.");
    const auto plain = error_response(error, {.request_id = "x"});
    const auto problem = nlohmann::json::parse(error_response(error, {.request_id = "x", .problem = true}).body);
    EXPECT_EQ(plain.status, http_status(code));
    EXPECT_EQ(nlohmann::json::parse(plain.body).at("error").at("details"), nlohmann::json::array());
    EXPECT_EQ(problem.at("status"), http_status(code));
    EXPECT_NE(problem.at("title"), "Error") << name_of(code);
  }
}

TEST(ErrorResponse, a_401_alone_challenges) {
  const auto challenge = [](ErrorCode code, bool had_token) {
    return header(error_response({code, "Words."}, {.request_id = "x", .had_token = had_token}), "www-authenticate");
  };
  EXPECT_EQ(challenge(ErrorCode::kUnauthorized, false), "Bearer realm=\"apiwright\"");
  EXPECT_EQ(challenge(ErrorCode::kUnauthorized, true),
            "Bearer realm=\"apiwright\", error=\"invalid_token\", error_description=\"Words.\"");
  EXPECT_EQ(challenge(ErrorCode::kTokenExpired, true),
            "Bearer realm=\"apiwright\", error=\"invalid_token\", error_description=\"Words.\"");
  EXPECT_EQ(challenge(ErrorCode::kInvalidCredentials, true), "Bearer realm=\"apiwright\"");
  EXPECT_EQ(challenge(ErrorCode::kForbidden, true), std::nullopt);
}

TEST(ErrorResponse, no_message_escapes_from_the_challenge) {
  const Error error(ErrorCode::kUnauthorized, "a\", x=\"\\\r\nset-cookie: a=b\n\x01\x7f\u00e9");
  const auto value = header(error_response(error, {.request_id = "x", .had_token = true}), "www-authenticate").value();
  const std::string start = "Bearer realm=\"apiwright\", error=\"invalid_token\", error_description=\"";
  ASSERT_TRUE(value.starts_with(start));
  const auto words = value.substr(start.size(), value.size() - start.size() - 1);
  for (const char c : words) {  // RFC 6750 section 3
    EXPECT_TRUE(c >= ' ' && c <= '~' && c != '"' && c != '\\') << value;
  }
  EXPECT_EQ(value.back(), '"');
}

TEST(ErrorResponse, tells_when_to_come_back_where_known) {
  using std::chrono::seconds;
  const auto later = Error::retry_later(ErrorCode::kUnavailable, "Busy.", seconds(7));
  EXPECT_EQ(header(error_response(later, {}), "retry-after"), "7");
  EXPECT_EQ(header(error_response({ErrorCode::kUnavailable, "Busy."}, {}), "retry-after"), std::nullopt);
}

TEST(ErrorResponse, what_lies_behind_an_error_is_not_answered) {
  for (const bool problem : {false, true}) {
    const auto error = Error(ErrorCode::kInternal, "Ours.").caused_by("SELECT secret");
    EXPECT_EQ(error_response(error, {.request_id = "x", .problem = problem}).body.find("secret"), std::string::npos);
  }
}

TEST(ErrorResponse, texts_are_escaped) {
  const Error error(ErrorCode::kValidationError, "\"\n\\", {{"a\"b\x01", "\t", "unknown"}});
  const auto parsed = nlohmann::json::parse(error_response(error, {.request_id = "x"}).body).at("error");
  EXPECT_EQ(parsed.at("message"), "\"\n\\");
  EXPECT_EQ(parsed.at("details").at(0).at("field"), "a\"b\x01");
}

}  // namespace
}  // namespace apiwright::engine
