#include "apiwright/repositories/sessions.hpp"

#include <gtest/gtest.h>

#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using namespace std::chrono_literals;
using support::texts;

class SessionsTest : public testing::Test {
 protected:
  support::People people;
  const Uuid ada = people.add_user("ada@example.org", {"admin", "editor"});
  const Uuid bob = people.add_user("bob@example.org");

  [[nodiscard]] bool end(const Uuid& user, const Uuid& session) const {
    return people.database.write(
        [&](data::Connection& connection) { return people.sessions.end(connection, user, session); });
  }
  void end_all(const Uuid& user, std::optional<Uuid> except) const {
    people.database.write([&](data::Connection& connection) { people.sessions.end_all(connection, user, except); });
  }
};

TEST_F(SessionsTest, a_started_session_lets_its_user_in_with_the_roles_of_now) {
  const auto session = people.start(ada);
  auto principal = people.authenticate(people.claims(ada, session.id));
  EXPECT_EQ(principal.user, ada);
  EXPECT_EQ(principal.session, session.id);
  EXPECT_EQ(principal.roles, (std::vector<std::string>{"admin", "editor"}));
  people.set(ada, "roles", validation::Array{});
  EXPECT_TRUE(people.authenticate(people.claims(ada, session.id)).roles.empty());
}

TEST_F(SessionsTest, the_row_tells_where_it_came_from_and_keeps_no_token) {
  const auto session = people.start(ada, {"curl/8", "192.0.2.1"});
  const auto row = people.database.read([&](data::Connection& connection) {
    return people.sessions.rows().find(connection, session.id, access::Predicate::always());
  });
  ASSERT_TRUE(row);
  EXPECT_EQ(row->at("user_id").as<Uuid>(), ada);
  EXPECT_EQ(row->at("user_agent").as<std::string>(), "curl/8");
  EXPECT_EQ(row->at("ip_address").as<std::string>(), "192.0.2.1");
  EXPECT_EQ(row->at("created_at").as<Timestamp>(), support::kStart);
  EXPECT_EQ(row->at("last_used_at").as<Timestamp>(), support::kStart);
  EXPECT_EQ(row->at("expires_at").as<Timestamp>(), support::kStart + 168h);
  const auto token = people.sessions.refresh_tokens().encode(session.refresh_token);
  const auto secret = as_text(session.refresh_token.secret);
  const auto digest = row->at("digest").as<std::string>();
  EXPECT_EQ(digest.size(), 43U);
  EXPECT_EQ(token.find(digest), std::string::npos);
  EXPECT_EQ(digest.find(secret), std::string::npos);
}

TEST_F(SessionsTest, an_unknown_origin_is_null) {
  static_cast<void>(people.start(ada));
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions WHERE user_agent IS NULL AND ip_address IS NULL"),
            1);
}

TEST_F(SessionsTest, it_expires_seven_days_after_its_last_use_to_the_millisecond) {
  const auto session = people.start(ada);
  people.clock.advance(168h - 1ms);
  EXPECT_TRUE(people.is_live(ada, session.id));
  people.clock.advance(1ms);
  EXPECT_FALSE(people.is_live(ada, session.id));
  EXPECT_EQ(people.refresh(session.refresh_token).outcome, Refreshed::Outcome::kRefused);
}

TEST_F(SessionsTest, starting_one_removes_expired_ones_and_no_live_one) {
  static_cast<void>(people.start(ada));
  static_cast<void>(people.start(bob));
  people.clock.advance(1h);
  const auto live = people.start(ada);
  people.clock.advance(167h);
  static_cast<void>(people.start(ada));
  EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions"), 2);
  EXPECT_TRUE(people.is_live(ada, live.id));
}

TEST_F(SessionsTest, no_start_pays_for_more_than_a_few_expired_ones) {
  for (int count = 0; count < 45; ++count) static_cast<void>(people.start(bob));
  people.clock.advance(168h);
  for (const int left : {26, 7, 3}) {  // twenty go and one comes each time
    static_cast<void>(people.start(ada));
    EXPECT_EQ(people.database.integer("SELECT count(*) FROM sessions"), left);
  }
}

TEST_F(SessionsTest, another_users_name_on_a_session_is_refused) {
  const auto session = people.start(ada);
  EXPECT_FALSE(people.is_live(bob, session.id));
  EXPECT_FALSE(people.is_live(ada, Uuid::generate(support::kStart)));
}

TEST_F(SessionsTest, an_inactive_user_is_shut_out_and_let_in_again) {
  const auto session = people.start(ada);
  people.set(ada, "status", std::string("inactive"));
  EXPECT_FALSE(people.is_live(ada, session.id));
  EXPECT_EQ(people.refresh(session.refresh_token).outcome, Refreshed::Outcome::kRefused);
  people.set(ada, "status", std::string("active"));
  EXPECT_TRUE(people.is_live(ada, session.id));
}

TEST_F(SessionsTest, a_deleted_user_is_shut_out) {
  const auto session = people.start(ada);
  people.remove(ada);
  EXPECT_FALSE(people.is_live(ada, session.id));
  EXPECT_EQ(people.refresh(session.refresh_token).outcome, Refreshed::Outcome::kRefused);
}

TEST_F(SessionsTest, ending_one_ends_it_at_once_and_only_for_its_user) {
  const auto first = people.start(ada);
  const auto second = people.start(ada);
  EXPECT_FALSE(end(bob, first.id));
  EXPECT_TRUE(people.is_live(ada, first.id));
  EXPECT_TRUE(end(ada, first.id));
  EXPECT_FALSE(end(ada, first.id)) << "a second time";
  EXPECT_FALSE(people.is_live(ada, first.id));
  EXPECT_TRUE(people.is_live(ada, second.id));
  EXPECT_EQ(people.refresh(first.refresh_token).outcome, Refreshed::Outcome::kRefused);
}

TEST_F(SessionsTest, ending_all_spares_the_exception_and_other_users) {
  const auto first = people.start(ada);
  const auto second = people.start(ada);
  const auto of_bob = people.start(bob);
  end_all(ada, second.id);
  EXPECT_FALSE(people.is_live(ada, first.id));
  EXPECT_TRUE(people.is_live(ada, second.id));
  end_all(ada, of_bob.id);
  EXPECT_FALSE(people.is_live(ada, second.id));
  EXPECT_TRUE(people.is_live(bob, of_bob.id));
  end_all(bob, std::nullopt);
  EXPECT_FALSE(people.is_live(bob, of_bob.id));
}

}  // namespace
}  // namespace apiwright::repositories
