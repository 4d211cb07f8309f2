#include "apiwright/engine/exchange.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using support::header;
using support::kStart;
using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

class ExchangeTest : public testing::Test {
 protected:
  const ManualClock clock{kStart};
  const tokens::AccessTokens access_tokens{support::key_of(1), {}};
  const Uuid user = Uuid::generate(kStart);
  const Uuid session = Uuid::generate(kStart);

  [[nodiscard]] static GatewayOptions unlimited() {
    GatewayOptions options;
    options.anonymous = options.authenticated = options.login = std::nullopt;
    options.log.descriptor = -1;
    return options;
  }
  [[nodiscard]] std::shared_ptr<Exchange> begin(const Headers& headers, const GatewayOptions& options = unlimited()) {
    gateways_.push_back(std::make_unique<Gateway>(options, access_tokens, clock));
    return gateways_.back()->begin({.method = "GET", .path = "/x", .peer = "192.0.2.1", .headers = headers});
  }
  [[nodiscard]] std::string bearer() const { return "Bearer " + access_tokens.issue(user, session, kStart); }

 private:
  std::vector<std::unique_ptr<Gateway>> gateways_;
};

TEST_F(ExchangeTest, a_well_formed_request_id_is_taken_over) {
  for (const std::string id : {"a", "A-b_c.9", "0198c0de-0000-7000-8000-000000000001"}) {
    EXPECT_EQ(begin({{"x-request-id", id}})->request_id(), id);
  }
  const std::string longest(64, 'x');
  EXPECT_EQ(begin({{"x-request-id", longest}})->request_id(), longest);
}

TEST_F(ExchangeTest, any_other_request_id_is_replaced_by_a_new_one) {
  for (const std::string& id : {""s, " "s, "a b"s, "a\r\nset-cookie: x=y"s, "a\n"s, "a\0b"s, "\x1b[2J"s, "<script>"s,
                                "a\"b"s, "\u00e9"s, "a/b"s, "a;b"s, std::string(65, 'x')}) {
    const auto exchange = begin({{"x-request-id", id}});
    EXPECT_TRUE(Uuid::parse(exchange->request_id())) << id;
    EXPECT_EQ(header(exchange->common_headers({}), "x-request-id"), exchange->request_id());
  }
  EXPECT_NE(begin({})->request_id(), begin({})->request_id());
}

TEST_F(ExchangeTest, a_bearer_token_is_read_in_whatever_case_of_its_scheme) {
  const auto token = access_tokens.issue(user, session, kStart);
  for (const auto* scheme : {"Bearer ", "bearer ", "BEARER "}) {
    const auto exchange = begin({{"authorization", scheme + token}});
    EXPECT_TRUE(exchange->has_claims());
    EXPECT_EQ(exchange->claims().subject, user);
    EXPECT_EQ(exchange->claims().session, session);
  }
}

TEST_F(ExchangeTest, without_a_good_token_claims_are_unauthorized) {
  const auto token = access_tokens.issue(user, session, kStart);
  for (const std::string& value :
       {""s, "Bearer"s, "Bearer "s, "Bearer x"s, token, "Basic " + token, "Bearer" + token, "Bearer " + token + " ",
        "Bearer " + token + "x", "Bearer " + token + ", Bearer " + token, "Bearer " + token + "\0"s}) {
    const auto exchange = begin({{"authorization", value}});
    EXPECT_FALSE(exchange->has_claims()) << value;
    EXPECT_EQ(data::error_of([&] { static_cast<void>(exchange->claims_if_any()); }).code(), ErrorCode::kUnauthorized);
    EXPECT_EQ(data::error_of([&] { static_cast<void>(exchange->claims()); }).code(), ErrorCode::kUnauthorized) << value;
  }
}

TEST_F(ExchangeTest, two_authorization_headers_are_nobodys) {
  const auto good = bearer();
  for (const auto& second : {good, "Basic x"s}) {
    const auto exchange = begin({{"authorization", good}, {"authorization", second}});
    EXPECT_EQ(data::error_of([&] { static_cast<void>(exchange->claims()); }).code(), ErrorCode::kUnauthorized);
  }
}

TEST_F(ExchangeTest, an_empty_authorization_header_between_two_hides_neither) {
  const auto good = bearer();
  const auto exchange = begin({{"authorization", good}, {"authorization", ""}, {"authorization", good}});
  EXPECT_EQ(data::error_of([&] { static_cast<void>(exchange->claims()); }).code(), ErrorCode::kUnauthorized);
}

TEST_F(ExchangeTest, an_expired_token_is_told_apart) {
  const auto old = "Bearer " + access_tokens.issue(user, session, kStart - 900s);
  const auto exchange = begin({{"authorization", old}});
  EXPECT_FALSE(exchange->has_claims());
  EXPECT_EQ(data::error_of([&] { static_cast<void>(exchange->claims()); }).code(), ErrorCode::kTokenExpired);
}

TEST_F(ExchangeTest, a_challenge_names_an_invalid_token_only_when_one_was_sent) {
  const Error error(ErrorCode::kUnauthorized, "Words.");
  EXPECT_EQ(header(begin({})->error_response(error), "www-authenticate"), "Bearer realm=\"apiwright\"");
  EXPECT_EQ(header(begin({{"authorization", "Bearer x"}})->error_response(error), "www-authenticate"),
            "Bearer realm=\"apiwright\", error=\"invalid_token\", error_description=\"Words.\"");
}

TEST_F(ExchangeTest, media_types_are_compared_without_case_or_parameters) {
  for (const auto* type : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                           "application/json ; charset=\"utf-8\"", "application/json\t"}) {
    begin({{"content-type", type}})->require_media_type({"application/json"});
  }
  begin({{"content-type", "application/merge-patch+json"}})
      ->require_media_type({"application/json", "application/merge-patch+json"});
}

TEST_F(ExchangeTest, any_other_media_type_is_refused_naming_what_is_taken) {
  for (const auto* type : {"", "text/plain", "application/jsonx", "application/json, text/plain", "json",
                           "application/x-www-form-urlencoded", "multipart/form-data; boundary=application/json"}) {
    const auto error = data::error_of([&] {
      begin({{"content-type", type}})->require_media_type({"application/json", "application/merge-patch+json"});
    });
    EXPECT_EQ(error.code(), ErrorCode::kUnsupportedMediaType) << type;
    EXPECT_EQ(error.message(), "Send the body as application/json or application/merge-patch+json.");
  }
  EXPECT_EQ(data::error_of([&] { begin({})->require_media_type({"application/json"}); }).code(),
            ErrorCode::kUnsupportedMediaType);
}

TEST_F(ExchangeTest, an_idempotency_key_is_refused_even_when_empty) {
  begin({})->refuse_idempotency_key();
  for (const auto* key : {"", "abc"}) {
    const auto error = data::error_of([&] { begin({{"idempotency-key", key}})->refuse_idempotency_key(); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details().front().field, "header.Idempotency-Key");
  }
}

TEST_F(ExchangeTest, a_body_announced_over_the_limit_is_refused_at_once) {
  auto options = unlimited();
  options.body_limit = 100;
  for (const auto* length : {"100", "0", "", "-1", "x"}) {
    EXPECT_FALSE(begin({{"content-length", length}}, options)->refusal()) << length;
  }
  for (const auto* length : {"101", "18446744073709551615", "99999999999999999999999999"}) {
    const auto refusal = begin({{"content-length", length}}, options)->refusal();
    ASSERT_TRUE(refusal) << length;
    EXPECT_EQ(support::said(*refusal), "413 PAYLOAD_TOO_LARGE");
  }
}

TEST_F(ExchangeTest, errors_are_problem_details_for_who_accepts_them) {
  const Error error(ErrorCode::kNotFound, "Nothing.");
  for (const auto* accept : {"application/problem+json", "application/json, application/problem+json;q=0.9",
                             "Application/Problem+JSON", "application/problem+json; q=0.001"}) {
    EXPECT_EQ(header(begin({{"accept", accept}})->error_response(error), "content-type"), "application/problem+json");
  }
  for (const auto* accept :
       {"*/*", "", "application/problem+json;q=0", "application/problem+json; q=0.000, text/html"}) {
    EXPECT_EQ(header(begin({{"accept", accept}})->error_response(error), "content-type"), "application/json");
  }
}

TEST_F(ExchangeTest, an_errors_cause_goes_to_the_log_alone) {
  const data::TemporaryFolder folder;
  const support::LogFile log(folder);
  auto options = unlimited();
  options.log.descriptor = log.descriptor();
  const auto exchange = begin({{"x-request-id", "id-1"}}, options);
  const auto response =
      exchange->error_response(Error(ErrorCode::kInternal, "Ours.").caused_by("SELECT secret FROM users"));
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_NE(log.text().find("SELECT secret FROM users"), std::string::npos);
  EXPECT_NE(log.text().find("id-1"), std::string::npos);
}

TEST_F(ExchangeTest, the_log_line_holds_neither_token_nor_query) {
  const data::TemporaryFolder folder;
  const support::LogFile log(folder);
  auto options = unlimited();
  options.log.descriptor = log.descriptor();
  const auto authorization = bearer();
  begin({{"authorization", authorization}, {"user-agent", "curl"}}, options)->log(200, 17);
  const auto line = nlohmann::json::parse(log.text());
  EXPECT_EQ(line.at("user"), user.to_string());
  EXPECT_EQ(line.at("client"), "192.0.2.1");
  EXPECT_EQ(line.at("path"), "/x");
  EXPECT_EQ(line.at("bytes"), 17);
  EXPECT_EQ(log.text().find(authorization.substr(7)), std::string::npos);
}

TEST_F(ExchangeTest, the_user_agent_is_kept_as_printable_ascii_of_bounded_length) {
  EXPECT_EQ(begin({{"user-agent", "Mozilla/5.0 (X11)"}})->origin().user_agent, "Mozilla/5.0 (X11)");
  const auto hostile = "a\x1b[2J\r\nset-cookie: b\0c\x7f\xc2\x9b\u00e9\xff"s;
  EXPECT_EQ(begin({{"user-agent", hostile}})->origin().user_agent, "a[2Jset-cookie: bc");
  EXPECT_EQ(begin({{"user-agent", std::string(5000, 'x')}})->origin().user_agent, std::string(255, 'x'));
}

TEST_F(ExchangeTest, the_client_is_looked_through_trusted_proxies_over_several_headers) {
  auto options = unlimited();
  options.trusted_proxies = {Network::parse("192.0.2.0/24").value()};
  EXPECT_EQ(begin({{"x-forwarded-for", "203.0.113.7"}, {"x-forwarded-for", "192.0.2.9"}}, options)->client(),
            "203.0.113.7");
  EXPECT_EQ(begin({{"x-forwarded-for", "203.0.113.7"}})->client(), "192.0.2.1") << "nobody is trusted";
  EXPECT_EQ(begin({{"x-forwarded-for", "203.0.113.7\r\nx: y"}}, options)->origin().ip_address, "192.0.2.1");
}

TEST_F(ExchangeTest, a_location_carries_the_root_path) {
  Gateway gateway(unlimited(), access_tokens, clock);
  const auto exchange =
      gateway.begin({.method = "GET", .path = "/app/x", .root_path = "/app", .peer = "", .headers = {}});
  EXPECT_EQ(exchange->location("/api/v1/users/1"), "/app/api/v1/users/1");
}

}  // namespace
}  // namespace apiwright::engine
