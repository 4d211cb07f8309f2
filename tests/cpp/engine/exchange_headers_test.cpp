// What every answer carries, and what is answered before the application is asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "apiwright/engine/exchange.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using namespace std::chrono_literals;
using support::header;
using support::kStart;
using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

class ExchangeHeadersTest : public testing::Test {
 protected:
  ManualClock clock{kStart};
  const tokens::AccessTokens access_tokens{support::key_of(1), {}};
  GatewayOptions options = quiet();

  // As each test needs it: made with the first request.
  [[nodiscard]] std::shared_ptr<Exchange> begin(const Headers& headers, std::string_view method = "GET",
                                                std::string_view path = "/x", std::string_view peer = "192.0.2.1") {
    if (!gateway_) gateway_ = std::make_unique<Gateway>(options, access_tokens, clock);
    return gateway_->begin({.method = method, .path = path, .peer = peer, .headers = headers});
  }
  [[nodiscard]] std::string token_of(const Uuid& user) const {
    return "Bearer " + access_tokens.issue(user, Uuid::generate(kStart), kStart);
  }
  static std::ptrdiff_t count(const std::vector<Header>& headers, std::string_view name) {
    return std::count_if(headers.begin(), headers.end(), [&](const auto& header) { return header.name == name; });
  }

 private:
  static GatewayOptions quiet() {
    GatewayOptions quiet;
    quiet.anonymous = quiet.authenticated = quiet.login = std::nullopt;
    quiet.log.descriptor = -1;
    return quiet;
  }
  std::unique_ptr<Gateway> gateway_;
};

TEST_F(ExchangeHeadersTest, every_answer_carries_the_security_headers) {
  const auto headers = begin({})->common_headers({});
  EXPECT_EQ(header(headers, "x-content-type-options"), "nosniff");
  EXPECT_EQ(header(headers, "x-frame-options"), "DENY");
  EXPECT_EQ(header(headers, "referrer-policy"), "no-referrer");
  EXPECT_EQ(header(headers, "content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
  EXPECT_EQ(header(headers, "cross-origin-opener-policy"), "same-origin");
  EXPECT_EQ(header(headers, "cross-origin-resource-policy"), "same-origin");
  EXPECT_EQ(header(headers, "vary"), "Authorization, Cookie, X-Api-Key, Accept");
  EXPECT_EQ(header(headers, "strict-transport-security"), std::nullopt);
  EXPECT_EQ(header(headers, "access-control-allow-origin"), std::nullopt);
  EXPECT_EQ(header(headers, "ratelimit"), std::nullopt);
}

TEST_F(ExchangeHeadersTest, strict_transport_is_sent_when_asked_for) {
  options.strict_transport = true;
  EXPECT_EQ(header(begin({})->common_headers({}), "strict-transport-security"), "max-age=31536000; includeSubDomains");
}

TEST_F(ExchangeHeadersTest, what_came_with_credentials_is_private) {
  EXPECT_EQ(header(begin({})->common_headers({}), "cache-control"), "no-cache");
  EXPECT_EQ(header(begin({{"authorization", "Basic x"}})->common_headers({}), "cache-control"), "private, no-cache");
}

TEST_F(ExchangeHeadersTest, an_answers_own_headers_stand) {
  options.cors_origins = {"https://app.example"};
  const auto headers = begin({{"origin", "https://app.example"}})
                           ->common_headers({"cache-control", "content-security-policy", "x-request-id", "vary"});
  for (const auto* name : {"cache-control", "content-security-policy", "x-request-id"}) {
    EXPECT_EQ(count(headers, name), 0) << name;
  }
  EXPECT_EQ(count(headers, "x-frame-options"), 1);
  ASSERT_EQ(count(headers, "vary"), 1) << "an answer's own Vary says nothing of origins";
  EXPECT_EQ(header(headers, "vary"), "Origin");
}

TEST_F(ExchangeHeadersTest, an_application_that_answers_cors_itself_is_left_alone) {
  options.cors_origins = {"https://app.example"};
  const auto headers = begin({{"origin", "https://app.example"}})->common_headers({"access-control-allow-origin"});
  EXPECT_EQ(count(headers, "access-control-allow-origin"), 0) << "two would be none to a browser";
}

TEST_F(ExchangeHeadersTest, an_allowed_origin_may_read_answers_and_another_may_not) {
  options.cors_origins = {"https://app.example", "http://localhost:3000"};
  const auto allowed = begin({{"origin", "http://localhost:3000"}})->common_headers({});
  EXPECT_EQ(header(allowed, "access-control-allow-origin"), "http://localhost:3000");
  EXPECT_NE(header(allowed, "access-control-expose-headers")->find("ETag"), std::string::npos);
  EXPECT_EQ(header(allowed, "access-control-allow-credentials"), std::nullopt);
  for (const auto* origin : {"https://evil.example", "https://app.example.evil.example", "https://APP.example", "null",
                             "https://app.example\r\nset-cookie: a=b", "http://app.example", ""}) {
    const auto headers = begin({{"origin", origin}})->common_headers({});
    EXPECT_EQ(header(headers, "access-control-allow-origin"), std::nullopt) << origin;
    EXPECT_EQ(count(headers, "vary"), 2) << "caches must tell origins apart";
  }
}

TEST_F(ExchangeHeadersTest, where_any_origin_may_read_none_is_echoed) {
  options.cors_origins = {"*"};
  for (const auto* origin : {"https://any.example", "https://x\r\nset-cookie: a=b"}) {
    EXPECT_EQ(header(begin({{"origin", origin}})->common_headers({}), "access-control-allow-origin"), "*");
  }
}

TEST_F(ExchangeHeadersTest, a_preflight_of_an_allowed_origin_is_answered_at_once_and_free_of_charge) {
  options.cors_origins = {"https://app.example"};
  options.anonymous = Quota{1, 900s};
  for (int count = 0; count < 3; ++count) {
    const auto exchange =
        begin({{"origin", "https://app.example"}, {"access-control-request-method", "PATCH"}}, "OPTIONS");
    const auto response = exchange->refusal();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 204);
    const auto headers = exchange->common_headers({});
    EXPECT_EQ(header(headers, "access-control-allow-origin"), "https://app.example");
    EXPECT_EQ(header(headers, "access-control-allow-methods"), "GET, HEAD, POST, PUT, PATCH, DELETE");
    for (const auto* name : {"Authorization", "If-Match", "If-None-Match", "Idempotency-Key"}) {
      EXPECT_NE(header(headers, "access-control-allow-headers")->find(name), std::string::npos);
    }
    EXPECT_EQ(header(headers, "access-control-max-age"), "600");
  }
}

TEST_F(ExchangeHeadersTest, any_other_preflight_goes_to_the_application_without_cors_headers) {
  options.cors_origins = {"https://app.example"};
  const auto exchange =
      begin({{"origin", "https://evil.example"}, {"access-control-request-method", "GET"}}, "OPTIONS");
  EXPECT_FALSE(exchange->refusal());
  EXPECT_EQ(header(exchange->common_headers({}), "access-control-allow-methods"), std::nullopt);
  EXPECT_FALSE(begin({{"origin", "https://app.example"}}, "OPTIONS")->refusal()) << "OPTIONS, but no preflight";
}

TEST_F(ExchangeHeadersTest, a_preflight_of_another_origin_is_counted_like_any_request) {
  options.cors_origins = {"https://app.example"};
  options.anonymous = Quota{1, 900s};
  const Headers foreign{{"origin", "https://evil.example"}, {"access-control-request-method", "GET"}};
  EXPECT_FALSE(begin(foreign, "OPTIONS")->refusal());
  EXPECT_EQ(support::said(begin(foreign, "OPTIONS")->refusal().value()), "429 RATE_LIMITED");
}

TEST_F(ExchangeHeadersTest, the_limits_headers_say_what_is_left) {
  options.anonymous = Quota{3, 900s};
  const auto headers = begin({})->common_headers({});
  EXPECT_EQ(header(headers, "ratelimit-policy"), "\"burst\";q=3;w=900");
  EXPECT_EQ(header(headers, "ratelimit"), "\"burst\";r=2;t=300");
}

TEST_F(ExchangeHeadersTest, past_the_limit_it_is_429_and_when_to_come_back) {
  options.anonymous = Quota{2, 900s};
  EXPECT_FALSE(begin({})->refusal());
  EXPECT_FALSE(begin({})->refusal());
  const auto exchange = begin({});
  const auto refusal = exchange->refusal();
  ASSERT_TRUE(refusal);
  EXPECT_EQ(support::said(*refusal), "429 RATE_LIMITED");
  EXPECT_EQ(header(*refusal, "retry-after"), "450");
  EXPECT_EQ(header(exchange->common_headers({}), "ratelimit"), "\"burst\";r=0;t=900");
  EXPECT_FALSE(begin({}, "GET", "/x", "192.0.2.2")->refusal()) << "another address";
  clock.advance(450s);
  EXPECT_FALSE(begin({})->refusal());
}

TEST_F(ExchangeHeadersTest, probes_alone_are_never_counted) {
  options.anonymous = Quota{1, 900s};
  EXPECT_FALSE(begin({})->refusal());
  for (const auto* path : {"/health", "/health/live", "/health/ready"}) {
    EXPECT_FALSE(begin({}, "GET", path)->refusal()) << path;
  }
  for (const auto* path :
       {"/healthy", "/health-records", "/health/../api/v1/users", "/api/v1/users", "/health/liveX"}) {
    EXPECT_TRUE(begin({}, "GET", path)->refusal()) << path;
  }
}

TEST_F(ExchangeHeadersTest, the_signed_in_are_counted_by_user_wherever_they_are) {
  options.anonymous = Quota{1, 900s};
  options.authenticated = Quota{2, 900s};
  const auto ada = token_of(Uuid::generate(kStart));
  const auto bob = token_of(Uuid::generate(kStart));
  EXPECT_FALSE(begin({{"authorization", ada}})->refusal());
  EXPECT_FALSE(begin({{"authorization", ada}}, "GET", "/x", "192.0.2.2")->refusal());
  EXPECT_TRUE(begin({{"authorization", ada}}, "GET", "/x", "192.0.2.3")->refusal());
  EXPECT_FALSE(begin({{"authorization", bob}})->refusal());
  EXPECT_FALSE(begin({{"authorization", "Bearer forged"}})->refusal());
  EXPECT_TRUE(begin({{"authorization", "Bearer forged2"}})->refusal()) << "a bad token counts as anonymous";
}

TEST_F(ExchangeHeadersTest, sign_ins_are_counted_by_address_and_account_together) {
  options.login = Quota{1, 900s};
  const auto first = begin({});
  first->count_login("ada@example.org");
  EXPECT_EQ(header(first->common_headers({}), "ratelimit-policy"), "\"login\";q=1;w=900");
  EXPECT_EQ(header(first->common_headers({}), "ratelimit"), "\"login\";r=0;t=900");
  const auto second = begin({});
  const auto error = data::error_of([&] { second->count_login("ada@example.org"); });
  EXPECT_EQ(error.code(), ErrorCode::kRateLimited);
  EXPECT_EQ(error.retry_after(), 900s);
  begin({})->count_login("bob@example.org");
  begin({}, "POST", "/x", "192.0.2.2")->count_login("ada@example.org");
}

TEST_F(ExchangeHeadersTest, what_anybody_may_ask_counts_for_the_address_even_with_a_token_and_never_twice) {
  options.anonymous = Quota{1, 900s};
  options.authenticated = Quota{100, 900s};
  const auto ada = token_of(Uuid::generate(kStart));
  const auto first = begin({{"authorization", ada}});
  first->count_anonymous();
  EXPECT_EQ(header(first->common_headers({}), "ratelimit-policy"), "\"burst\";q=100;w=900, \"address\";q=1;w=900");
  const auto bob = token_of(Uuid::generate(kStart));
  const auto second = begin({{"authorization", bob}});
  EXPECT_EQ(data::error_of([&] { second->count_anonymous(); }).code(), ErrorCode::kRateLimited);
  const auto anonymous = begin({}, "POST", "/x", "192.0.2.2");
  EXPECT_FALSE(anonymous->refusal());
  anonymous->count_anonymous();  // counted already
}

TEST_F(ExchangeHeadersTest, several_limits_share_the_headers) {
  options.anonymous = Quota{10, 100s};
  options.login = Quota{5, 100s};
  const auto exchange = begin({});
  exchange->count_login("ada@example.org");
  EXPECT_EQ(header(exchange->common_headers({}), "ratelimit-policy"), "\"burst\";q=10;w=100, \"login\";q=5;w=100");
  EXPECT_EQ(header(exchange->common_headers({}), "ratelimit"), "\"burst\";r=9;t=10, \"login\";r=4;t=20");
}

// --- finished answers ---

TEST_F(ExchangeHeadersTest, a_finished_answer_has_its_own_headers_its_length_and_the_common_ones) {
  const auto exchange = begin({{"x-request-id", "r-1"}});
  const auto finished = exchange->finished({201, {{"location", "/x/1"}, {"cache-control", "no-store"}}, "body"});
  EXPECT_EQ(finished.status, 201);
  EXPECT_EQ(finished.body, "body");
  ASSERT_GE(finished.headers.size(), 4);
  EXPECT_EQ(finished.headers[0].name, "location");
  EXPECT_EQ(finished.headers[1].value, "no-store");
  EXPECT_EQ(finished.headers[2].name, "content-length");
  EXPECT_EQ(finished.headers[2].value, "4");
  EXPECT_EQ(finished.headers[3].value, "r-1");
  EXPECT_EQ(count(finished.headers, "cache-control"), 1) << "its own stands instead of ours";
  EXPECT_EQ(header(finished, "x-frame-options"), "DENY");
}

TEST_F(ExchangeHeadersTest, without_a_body_by_its_status_a_finished_answer_has_no_length) {
  for (const int status : {204, 304}) {
    EXPECT_EQ(header(begin({})->finished({status, {}, {}}), "content-length"), std::nullopt) << status;
  }
  EXPECT_EQ(header(begin({})->finished({200, {}, {}}), "content-length"), "0");
}

TEST_F(ExchangeHeadersTest, to_head_an_answer_is_finished_with_the_length_of_the_body_it_leaves_out) {
  const auto finished = begin({}, "HEAD")->finished({200, {}, "body"});
  EXPECT_EQ(finished.body, "");
  EXPECT_EQ(header(finished, "content-length"), "4");
}

}  // namespace
}  // namespace apiwright::engine
