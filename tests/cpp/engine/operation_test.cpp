#include "apiwright/engine/operation.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using support::header;
using support::said;

// Each stage as the test wants it.
class Scripted final : public Operation {
 public:
  explicit Scripted(const Services& services) : Operation(services) {}

  bool is_write = false;
  bool sets_password = false;
  std::function<void()> on_read = [] {};
  bool is_open = false;
  std::function<void(const Principal*)> on_authorise = [](const Principal*) {};
  std::function<void(const Input&)> on_run = [](const Input&) {};
  std::function<void(data::Connection&)> on_rows = [](data::Connection&) {};

 protected:
  [[nodiscard]] bool writes() const override { return is_write; }
  [[nodiscard]] Input read(const Call&) const override {
    Input input;
    on_read();
    if (sets_password) {
      input.body.emplace(repositories::users_schema());
      input.password.emplace("correct horse battery staple");
    }
    return input;
  }
  [[nodiscard]] bool admits_anonymous() const override { return is_open; }
  void authorise(const Principal* principal) const override { on_authorise(principal); }
  [[nodiscard]] bool may_set_password(const Principal* principal) const override {
    return principal != nullptr && principal->has_role("admin");
  }
  [[nodiscard]] Outcome run(data::Connection& connection, const Principal*, const Call&, Input& input) const override {
    on_rows(connection);
    on_run(input);
    return {json_response(200, "{}")};
  }
};

class OperationTest : public testing::Test {
 protected:
  support::Api api;
  Scripted operation{api.services};
  const support::Person ada = api.person("ada@example.org", {"admin"});
  const support::Person bob = api.person("bob@example.org");

  Response ask(const support::Person& who) { return api.ask(operation, {.token = who.token}); }
  std::optional<Response> ask_now(const support::Ask& asked) { return operation.answer_now(api.call(asked)); }
  // What is said at once, or "later".
  std::string said_now(const std::string& token) {
    const auto response = ask_now({.token = token});
    return response ? said(*response) : "later";
  }
};

[[noreturn]] void forbid(const Principal*) { throw Error(ErrorCode::kForbidden, "No."); }
[[noreturn]] void invalid() { throw Error(ErrorCode::kValidationError, "No.", {{"email", "No.", "format"}}); }

TEST_F(OperationTest, answers_what_run_gives) {
  for (const bool writes : {false, true}) {
    operation.is_write = writes;
    const auto response = ask(ada);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "{}");
  }
}

TEST_F(OperationTest, who_is_not_signed_in_learns_nothing_of_the_input) {
  operation.on_read = invalid;
  operation.on_authorise = forbid;
  const auto anonymous = api.ask(operation, {});
  EXPECT_EQ(said(anonymous), "401 UNAUTHORIZED");
  EXPECT_EQ(header(anonymous, "www-authenticate"), "Bearer realm=\"apiwright\"");
  EXPECT_EQ(said(api.ask(operation, {.token = "forged"})), "401 UNAUTHORIZED");
  const auto expired = api.access_tokens.issue(ada.id, ada.session, support::kStart - std::chrono::hours(1));
  EXPECT_EQ(said(api.ask(operation, {.token = expired})), "401 TOKEN_EXPIRED");
}

// --- nobody signed in ---

TEST_F(OperationTest, without_authorization_an_open_operation_runs_for_nobody) {
  operation.is_open = true;
  std::string who;
  operation.on_authorise = [&](const Principal* principal) {
    who = principal == nullptr ? "nobody" : principal->user.to_string();
  };
  for (const bool writes : {false, true}) {
    operation.is_write = writes;
    EXPECT_EQ(api.ask(operation, {}).status, 200);
    EXPECT_EQ(who, "nobody");
    EXPECT_EQ(ask(ada).status, 200);
    EXPECT_EQ(who, ada.id_text());
  }
  operation.is_write = false;
  EXPECT_EQ(said_now(""), "200");
  EXPECT_EQ(who, "nobody");
}

TEST_F(OperationTest, bad_credentials_are_401_though_none_would_do) {
  operation.is_open = true;
  const auto expired = api.access_tokens.issue(ada.id, ada.session, support::kStart - std::chrono::hours(1));
  EXPECT_EQ(said(api.ask(operation, {.token = "forged"})), "401 UNAUTHORIZED");
  EXPECT_EQ(said(api.ask(operation, {.token = expired})), "401 TOKEN_EXPIRED");
  for (const auto* value : {"", " ", "Basic YTpi", "Bearer", "bearer "}) {
    EXPECT_EQ(said(api.ask(operation, {.headers = {{"authorization", value}}})), "401 UNAUTHORIZED") << value;
    EXPECT_EQ(said(ask_now({.headers = {{"authorization", value}}}).value()), "401 UNAUTHORIZED") << value;
  }
  api.people.database.execute("DELETE FROM sessions");
  EXPECT_EQ(said(ask(ada)), "401 UNAUTHORIZED");
  EXPECT_EQ(said_now(ada.token), "401 UNAUTHORIZED");
}

TEST_F(OperationTest, who_asks_is_known_before_a_body_is_waited_for) {
  EXPECT_EQ(operation.identify(*api.call({.token = ada.token}).exchange)->subject, ada.id);
  const auto refusal = data::error_of([&] { static_cast<void>(operation.identify(*api.call({}).exchange)); });
  EXPECT_EQ(refusal.code(), ErrorCode::kUnauthorized);
  operation.is_open = true;
  EXPECT_FALSE(operation.identify(*api.call({}).exchange));
}

TEST_F(OperationTest, nobodys_password_is_hashed_for_nobody) {
  operation.is_open = operation.is_write = operation.sets_password = true;
  api.hashing.stop();
  bool hashed = true;
  operation.on_run = [&](const auto& input) { hashed = input.body->has("password_hash"); };
  EXPECT_EQ(api.ask(operation, {}).status, 200);
  EXPECT_FALSE(hashed);
}

TEST_F(OperationTest, a_good_token_of_an_ended_session_is_worth_nothing) {
  operation.on_read = invalid;
  api.people.database.execute("DELETE FROM sessions");
  const auto response = ask(ada);
  EXPECT_EQ(said(response), "401 UNAUTHORIZED");
  EXPECT_NE(header(response, "www-authenticate")->find("error=\"invalid_token\""), std::string::npos);
}

TEST_F(OperationTest, an_inactive_users_token_is_worth_nothing) {
  api.people.set(bob.id, "status", std::string("inactive"));
  EXPECT_EQ(said(ask(bob)), "401 UNAUTHORIZED");
}

TEST_F(OperationTest, who_may_not_ask_at_all_learns_nothing_of_the_input) {
  operation.on_read = invalid;
  operation.on_authorise = forbid;
  EXPECT_EQ(said(ask(ada)), "403 FORBIDDEN");
}

TEST_F(OperationTest, a_bad_input_is_told_before_anything_runs) {
  operation.on_read = invalid;
  operation.on_run = [](const auto&) { ADD_FAILURE() << "ran"; };
  EXPECT_EQ(said(ask(ada)), "400 VALIDATION_ERROR email:format");
}

TEST_F(OperationTest, nothing_leaks_from_an_unexpected_exception_in_any_stage) {
  const auto explode = [] { throw std::runtime_error("SELECT secret FROM users; /var/lib/apiwright.db"); };
  const auto expect_tight = [&](std::size_t failures) {
    for (const bool writes : {false, true}) {
      operation.is_write = writes;
      const auto response = ask(ada);
      EXPECT_EQ(said(response), "500 INTERNAL_ERROR");
      for (const auto* secret : {"SELECT", "secret", "/var/lib", "runtime_error"}) {
        EXPECT_EQ(response.body.find(secret), std::string::npos);
        for (const auto& [name, value] : response.headers) EXPECT_EQ(value.find(secret), std::string::npos);
      }
    }
    std::size_t logged = 0;
    const auto text = api.log.text();
    for (auto at = text.find("/var/lib"); at != std::string::npos; at = text.find("/var/lib", at + 1)) ++logged;
    EXPECT_EQ(logged, failures) << "the operator's log has the cause";
  };
  operation.on_run = [&](const auto&) { explode(); };
  expect_tight(2);
  operation.on_authorise = [&](const auto*) { explode(); };
  expect_tight(4);
  operation.on_authorise = [](const auto*) {};
  operation.on_read = explode;
  expect_tight(6);
}

TEST_F(OperationTest, even_what_is_no_exception_is_an_answer) {
  operation.on_run = [](const auto&) { throw 42; };  // NOLINT(hicpp-exception-baseclass)
  EXPECT_EQ(said(ask(ada)), "500 INTERNAL_ERROR");
}

TEST_F(OperationTest, a_stopped_database_is_503_and_when_to_come_back) {
  api.people.database->stop(std::chrono::seconds(1));
  for (const bool writes : {false, true}) {
    operation.is_write = writes;
    for (const bool sets_password : {false, true}) {
      operation.sets_password = sets_password;
      const auto response = ask(ada);
      EXPECT_EQ(said(response), "503 UNAVAILABLE");
      EXPECT_GE(std::stoi(header(response, "retry-after").value_or("0")), 1);
    }
  }
}

TEST_F(OperationTest, a_password_is_hashed_before_run_sees_it) {
  operation.is_write = true;
  operation.sets_password = true;
  std::string hash;
  operation.on_run = [&](const auto& input) { hash = input.body->at("password_hash").template as<std::string>(); };
  EXPECT_EQ(ask(ada).status, 200);
  api.hashing.hasher().verify("correct horse battery staple", hash);
}

TEST_F(OperationTest, a_password_of_who_may_not_set_it_is_left_to_run_unhashed) {
  operation.is_write = true;
  operation.sets_password = true;
  api.hashing.stop();  // were it asked, it would be 503
  bool hashed = true;
  operation.on_run = [&](const auto& input) { hashed = input.body->has("password_hash"); };
  EXPECT_EQ(ask(bob).status, 200);
  EXPECT_FALSE(hashed);
  EXPECT_EQ(said(ask(ada)), "503 UNAVAILABLE");
  EXPECT_EQ(said(api.ask(operation, {})), "401 UNAUTHORIZED");
}

TEST_F(OperationTest, who_may_not_ask_at_all_has_nothing_hashed) {
  operation.sets_password = true;
  operation.on_authorise = forbid;
  api.hashing.stop();
  EXPECT_EQ(said(ask(ada)), "403 FORBIDDEN");
}

// --- here and now ---

constexpr const char* kMillionSteps =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT count(*) FROM n";

TEST_F(OperationTest, a_short_read_is_answered_at_once_as_it_would_be_later) {
  const auto now = ask_now({.token = ada.token});
  const auto later = ask(ada);
  ASSERT_TRUE(now);
  EXPECT_EQ(now->status, later.status);
  EXPECT_EQ(now->body, later.body);
}

TEST_F(OperationTest, a_refusal_needs_no_thread) {
  const auto expired = api.access_tokens.issue(ada.id, ada.session, support::kStart - std::chrono::hours(1));
  for (const bool writes : {false, true}) {
    operation.is_write = writes;
    EXPECT_EQ(said_now(""), "401 UNAUTHORIZED");
    EXPECT_EQ(said_now("forged"), "401 UNAUTHORIZED");
    EXPECT_EQ(said_now(expired), "401 TOKEN_EXPIRED");
  }
}

TEST_F(OperationTest, what_a_read_refuses_is_refused_at_once) {
  operation.on_read = invalid;
  EXPECT_EQ(said_now(ada.token), "400 VALIDATION_ERROR email:format");
  operation.on_authorise = forbid;
  EXPECT_EQ(said_now(ada.token), "403 FORBIDDEN");
  api.people.database.execute("DELETE FROM sessions");
  EXPECT_EQ(said_now(ada.token), "401 UNAUTHORIZED");
}

TEST_F(OperationTest, a_write_is_left_for_later_untouched) {
  operation.is_write = true;
  operation.on_read = [] { ADD_FAILURE() << "read"; };
  operation.on_run = [](const auto&) { ADD_FAILURE() << "ran"; };
  EXPECT_EQ(said_now(ada.token), "later");
}

TEST_F(OperationTest, a_long_read_is_left_for_later_and_answered_then) {
  operation.on_rows = [](data::Connection& connection) {
    EXPECT_EQ(data::integer_of(connection, kMillionSteps), 1'000'000);
  };
  EXPECT_EQ(said_now(ada.token), "later");
  EXPECT_EQ(ask(ada).status, 200);
  operation.on_rows = [](data::Connection&) {};
  EXPECT_EQ(said_now(ada.token), "200") << "the next short one";
}

TEST_F(OperationTest, a_stopped_database_is_503_at_once) {
  api.people.database->stop(std::chrono::seconds(1));
  EXPECT_EQ(said_now(ada.token), "503 UNAVAILABLE");
}

TEST_F(OperationTest, nothing_leaks_at_once_either) {
  operation.on_run = [](const auto&) { throw std::runtime_error("SELECT secret FROM users"); };
  const auto response = ask_now({.token = ada.token});
  ASSERT_TRUE(response);
  EXPECT_EQ(said(*response), "500 INTERNAL_ERROR");
  EXPECT_EQ(response->body.find("secret"), std::string::npos);
  EXPECT_NE(api.log.text().find("secret"), std::string::npos);
  operation.on_run = [](const auto&) { throw 42; };  // NOLINT(hicpp-exception-baseclass)
  EXPECT_EQ(said_now(ada.token), "500 INTERNAL_ERROR");
}

}  // namespace
}  // namespace apiwright::engine
