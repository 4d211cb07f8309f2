// A creation that is asked for twice and done once.

#include <gtest/gtest.h>

#include <future>
#include <string>
#include <vector>

#include "support/notes.hpp"

namespace apiwright::engine {
namespace {

using support::data_of;
using support::header;
using support::Person;
using support::said;

class IdempotencyTest : public support::NotesTest {
 protected:
  Response post(const Person& who, std::string_view key, const std::string& body) {
    return api.ask(*make_create(api.services, notes),
                   {.token = who.token, .body = body, .headers = {{"idempotency-key", key}}});
  }
  [[nodiscard]] std::int64_t kept() const {
    return api.people.database.integer("SELECT count(*) FROM idempotency_keys");
  }
};

TEST_F(IdempotencyTest, the_same_request_again_has_the_same_answer_and_is_marked) {
  const auto first = post(ada, "k-1", body(ada));
  const auto again = post(ada, "\"k-1\"", body(ada));
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(header(first, "idempotency-replayed"), std::nullopt);
  EXPECT_EQ(header(again, "idempotency-replayed"), "true");
  EXPECT_EQ(again.status, first.status);
  EXPECT_EQ(again.body, first.body);
  for (const auto* name : {"location", "etag", "content-type"}) EXPECT_EQ(header(again, name), header(first, name));
  EXPECT_EQ(count(), 1);
}

TEST_F(IdempotencyTest, another_key_or_another_user_is_another_request) {
  post(ada, "k-1", body(ada));
  EXPECT_EQ(post(ada, "k-2", body(ada)).status, 201);
  EXPECT_EQ(post(bob, "k-1", body(bob)).status, 201);
  EXPECT_EQ(count(), 3);
}

TEST_F(IdempotencyTest, the_key_of_another_body_is_422) {
  post(ada, "k-1", body(ada));
  EXPECT_EQ(said(post(ada, "k-1", body(ada, true))), "422 UNPROCESSABLE header.Idempotency-Key:duplicate");
  EXPECT_EQ(count(), 1);
}

TEST_F(IdempotencyTest, what_failed_left_nothing_and_may_be_sent_again) {
  EXPECT_EQ(said(post(ada, "k-1", "{}")), "400 VALIDATION_ERROR text:required");
  EXPECT_EQ(said(post(ada, "k-1", body(bob))), "403 FORBIDDEN");
  EXPECT_EQ(kept(), 0);
  EXPECT_EQ(post(ada, "k-1", body(ada)).status, 201);
  EXPECT_EQ(kept(), 1);
}

TEST_F(IdempotencyTest, a_key_is_one_of_255_printable_characters_and_sent_once) {
  for (const auto& key : {std::string(), std::string(256, 'k'), std::string("\xC3\xA4"), std::string("\"a")}) {
    EXPECT_EQ(said(post(ada, key, body(ada))), "400 VALIDATION_ERROR header.Idempotency-Key:format") << key;
  }
  const auto twice =
      api.ask(*make_create(api.services, notes),
              {.token = ada.token, .body = body(ada), .headers = {{"idempotency-key", "a"}, {"idempotency-key", "a"}}});
  EXPECT_EQ(said(twice), "400 VALIDATION_ERROR header.Idempotency-Key:format");
}

TEST_F(IdempotencyTest, an_answer_is_given_again_only_to_who_may_still_ask) {
  post(ada, "k-1", body(ada));
  api.people.set(ada.id, "roles", support::texts({"editor"}));
  EXPECT_EQ(said(post(ada, "k-1", body(ada))), "403 FORBIDDEN") << "their roles have changed";
  api.people.set(ada.id, "roles", support::texts({}));
  EXPECT_EQ(post(ada, "k-1", body(ada)).status, 201);
  api.people.database.write([&](data::Connection& it) { api.people.sessions.end_all(it, ada.id, std::nullopt); });
  EXPECT_EQ(said(post(ada, "k-1", body(ada))), "401 UNAUTHORIZED");
  EXPECT_EQ(post(api.sign_in(ada.id), "k-1", body(ada)).status, 201) << "another session of the same user";
  EXPECT_EQ(count(), 1);
}

TEST_F(IdempotencyTest, of_strangers_no_key_is_taken) {
  notes.create = access::Rule::everyone();
  const auto anonymous =
      api.ask(*make_create(api.services, notes), {.body = body(ada), .headers = {{"idempotency-key", "k-1"}}});
  EXPECT_EQ(said(anonymous), "400 VALIDATION_ERROR header.Idempotency-Key:unknown");
  EXPECT_EQ(count(), 0);
}

TEST_F(IdempotencyTest, sent_many_times_at_once_it_is_done_once) {
  const auto create = make_create(api.services, notes);
  std::vector<std::promise<Response>> answers(64);
  for (auto& answer : answers) {
    create->answer(api.call({.token = ada.token, .body = body(ada), .headers = {{"idempotency-key", "k-1"}}}),
                   [&](Response response) { answer.set_value(std::move(response)); });
  }
  const auto first = answers.front().get_future().get();
  for (std::size_t index = 1; index < answers.size(); ++index) {
    const auto response = answers[index].get_future().get();
    EXPECT_EQ(response.status, 201);
    EXPECT_EQ(response.body, first.body);
  }
  EXPECT_EQ(count(), 1);
}

TEST_F(IdempotencyTest, a_password_is_not_hashed_again) {
  const auto admin = api.person("root@example.org", {"admin"});
  const auto ask = [&] {
    return api.ask(api.users.at("create"),
                   {.token = admin.token,
                    .body = R"({"email":"new@example.org","name":"N","password":"correct horse"})",
                    .headers = {{"idempotency-key", "k-1"}}});
  };
  const auto first = ask();
  EXPECT_EQ(first.status, 201) << first.body;
  api.hashing.stop();
  EXPECT_EQ(ask().body, first.body);
}

TEST_F(IdempotencyTest, an_admission_tells_what_was_answered_before) {
  const auto create = make_create(api.services, notes);
  const auto admitted = [&](const std::string& body) {
    std::promise<Admission> told;
    create->admit(api.call({.token = ada.token, .body = body, .headers = {{"idempotency-key", "k-1"}}}),
                  [&](const std::exception_ptr& failure, Admission admission) {
                    EXPECT_FALSE(failure);
                    told.set_value(std::move(admission));
                  });
    return told.get_future().get();
  };
  const auto within = [&](const std::string& body, Admission admission) {
    std::promise<Outcome> told;
    create->answer_within(*api.people.database, api.call({.token = ada.token, .body = body}), std::move(admission),
                          [&](const std::exception_ptr& failure, Outcome outcome) {
                            EXPECT_FALSE(failure);
                            told.set_value(std::move(outcome));
                          });
    return told.get_future().get();
  };
  auto first = admitted(body(ada));
  auto second = admitted(body(ada));
  EXPECT_FALSE(first.answer || second.answer);
  const auto done = within(body(ada, true), std::move(first));
  EXPECT_FALSE(done.replayed);
  const auto replayed = within(body(ada), std::move(second));
  EXPECT_TRUE(replayed.replayed && !replayed.after);
  EXPECT_EQ(replayed.response.body, done.response.body);
  EXPECT_EQ(admitted(body(ada)).answer->body, done.response.body) << "by what was sent, not by what became of it";
  EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace apiwright::engine
