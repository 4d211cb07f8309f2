#include "apiwright/repositories/idempotency_keys.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Principal;
using support::key_of;
using support::kStart;

Uuid user(std::uint8_t number) {
  Uuid id;
  id.bytes.back() = number;
  return id;
}

class IdempotencyKeysTest : public testing::Test {
 protected:
  support::MigratedDatabase database;
  const IdempotencyKeys keys{key_of(1)};
  const Principal ada{user(1), {}, {"clerk"}, {"catalogue:write"}};
  const KeptAnswer answer{201, "/api/v1/notes/1", "\"1-x\"", R"({"data":{}})"};

  [[nodiscard]] IdempotentRequest request(std::string_view key = "k", std::string_view body = "{}") const {
    return keys.request(ada.user, "POST /api/v1/notes", key, "", body);
  }
  void keep(const IdempotentRequest& of, Timestamp now = kStart) const {
    database.write([&](data::Connection& it) { keys.keep(it, of, ada, answer, now); });
  }
  [[nodiscard]] std::optional<KeptAnswer> find(const IdempotentRequest& of, const Principal& who,
                                               Timestamp now = kStart) const {
    return database.read([&](data::Connection& it) { return keys.find(it, of, who, now); });
  }
  [[nodiscard]] std::int64_t count() const { return database.integer("SELECT count(*) FROM idempotency_keys"); }
};

TEST_F(IdempotencyKeysTest, what_was_kept_is_found_whole) {
  EXPECT_FALSE(find(request(), ada));
  keep(request());
  const auto found = find(request(), ada);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->status, 201);
  EXPECT_EQ(found->location, answer.location);
  EXPECT_EQ(found->etag, answer.etag);
  EXPECT_EQ(found->body, answer.body);
}

TEST_F(IdempotencyKeysTest, a_key_is_its_users_on_one_route) {
  const std::set<ShortDigest> apart{
      keys.request(user(1), "POST /a", "k", "", "").key,
      keys.request(user(2), "POST /a", "k", "", "").key,
      keys.request(user(1), "POST /b", "k", "", "").key,
      keys.request(user(1), "POST /a", "l", "", "").key,
      keys.request(user(1), "POST /ak", "", "", "").key,
      IdempotencyKeys(key_of(2)).request(user(1), "POST /a", "k", "", "").key,
  };
  EXPECT_EQ(apart.size(), 6U);
}

TEST_F(IdempotencyKeysTest, a_key_of_another_request_is_refused_by_name) {
  keep(request());
  for (const auto& other : {request("k", "{} "), keys.request(ada.user, "POST /api/v1/notes", "k", "a=1", "{}"),
                            keys.request(ada.user, "POST /api/v1/notes", "k", "{}", "")}) {
    const auto error = data::error_of([&] { static_cast<void>(find(other, ada)); });
    EXPECT_EQ(error.code(), ErrorCode::kUnprocessable);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details().front().field, "header.Idempotency-Key");
  }
}

TEST_F(IdempotencyKeysTest, an_answer_does_not_outlive_the_roles_it_was_given_under) {
  keep(request());
  for (const auto& other : {Principal{ada.user, {}, {}, {}}, Principal{ada.user, {}, {"clerk"}, {}},
                            Principal{ada.user, {}, {"clerk", "catalogue:write"}, {}}}) {
    EXPECT_EQ(data::error_of([&] { static_cast<void>(find(request(), other)); }).code(), ErrorCode::kForbidden);
  }
}

TEST_F(IdempotencyKeysTest, after_a_day_a_key_is_new_again) {
  keep(request());
  EXPECT_TRUE(find(request(), ada, kStart + IdempotencyKeys::kLifetime - std::chrono::milliseconds(1)));
  const auto later = kStart + IdempotencyKeys::kLifetime;
  EXPECT_FALSE(find(request(), ada, later));
  EXPECT_FALSE(find(request("k", "other"), ada, later));
  keep(request("k", "other"), later);
  EXPECT_TRUE(find(request("k", "other"), ada, later));
  EXPECT_EQ(count(), 1);
}

TEST_F(IdempotencyKeysTest, expired_ones_go_a_few_with_each_new_one) {
  for (const auto* key : {"1", "2", "3", "4", "5"}) keep(request(key));
  const auto later = kStart + IdempotencyKeys::kLifetime;
  keep(request("6"), later);
  EXPECT_EQ(count(), 4);
  keep(request("7"), later);
  keep(request("8"), later);
  EXPECT_EQ(count(), 3);
  keep(request("9"), later);
  EXPECT_EQ(count(), 4) << "none that still holds";
}

TEST_F(IdempotencyKeysTest, neither_keys_nor_bodies_can_be_read_from_the_table) {
  keep(request("my-secret-key", R"({"password":"correct horse"})"));
  EXPECT_EQ(database.integer("SELECT sum(instr(CAST(request_key AS TEXT), 'secret') + "
                             "instr(CAST(fingerprint AS TEXT), 'horse') + instr(body, 'horse')) FROM idempotency_keys"),
            0);
  EXPECT_EQ(database.integer("SELECT max(length(request_key) + length(fingerprint) + length(roles)) "
                             "FROM idempotency_keys"),
            48);
}

}  // namespace
}  // namespace apiwright::repositories
