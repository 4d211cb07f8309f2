#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "apiwright/repositories/sessions.hpp"
#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using namespace std::chrono_literals;
using tokens::RefreshToken;
using Outcome = Refreshed::Outcome;

class SessionsRefreshTest : public testing::Test {
 protected:
  support::People people;
  const Uuid ada = people.add_user("ada@example.org");
  const StartedSession started = people.start(ada);
  const RefreshToken first = started.refresh_token;

  [[nodiscard]] std::string text(const RefreshToken& token) const {
    return people.sessions.refresh_tokens().encode(token);
  }
  [[nodiscard]] bool is_live() const { return people.is_live(ada, started.id); }
  RefreshToken rotate(const RefreshToken& token) const {
    const auto refreshed = people.refresh(token);
    EXPECT_EQ(refreshed.outcome, Outcome::kRotated);
    EXPECT_EQ(refreshed.user, ada);
    EXPECT_EQ(refreshed.session, started.id);
    return refreshed.refresh_token;
  }
};

TEST_F(SessionsRefreshTest, each_token_is_good_for_the_next) {
  auto token = first;
  for (std::uint32_t generation = 2; generation < 6; ++generation) {
    token = rotate(token);
    EXPECT_EQ(token.generation, generation);
    EXPECT_EQ(token.session, started.id);
    people.clock.advance(1h);
  }
  EXPECT_TRUE(is_live());
}

TEST_F(SessionsRefreshTest, a_refresh_moves_the_expiry) {
  people.clock.advance(144h);
  const auto second = rotate(first);
  people.clock.advance(144h);
  EXPECT_TRUE(is_live());
  static_cast<void>(rotate(second));
}

TEST_F(SessionsRefreshTest, a_lost_answer_gets_the_very_same_successor_within_the_grace) {
  const auto successor = text(rotate(first));
  for (const auto wait : {0ms, 5'000ms, 5'000ms}) {  // ten seconds included
    people.clock.advance(wait);
    EXPECT_EQ(text(rotate(first)), successor);
  }
  people.clock.advance(1ms);
  static_cast<void>(rotate(people.sessions.refresh_tokens().successor(first)));
}

TEST_F(SessionsRefreshTest, asking_again_does_not_prolong_the_grace) {
  static_cast<void>(rotate(first));
  people.clock.advance(9s);
  static_cast<void>(rotate(first));
  people.clock.advance(2s);
  EXPECT_EQ(people.refresh(first).outcome, Outcome::kReused);
}

TEST_F(SessionsRefreshTest, past_the_grace_it_is_reuse_and_the_session_is_gone) {
  const auto second = rotate(first);
  people.clock.advance(10s + 1ms);
  EXPECT_EQ(people.refresh(first).outcome, Outcome::kReused);
  EXPECT_FALSE(is_live());
  EXPECT_EQ(people.refresh(second).outcome, Outcome::kRefused) << "the thief's or the owner's: both are out";
  EXPECT_EQ(people.refresh(first).outcome, Outcome::kRefused);
}

TEST_F(SessionsRefreshTest, once_its_successor_was_used_it_is_reuse_even_within_the_grace) {
  const auto second = rotate(first);
  static_cast<void>(rotate(second));
  EXPECT_EQ(people.refresh(first).outcome, Outcome::kReused);
  EXPECT_FALSE(is_live());
}

TEST_F(SessionsRefreshTest, reuse_ends_that_session_alone) {
  const auto other = people.start(ada);
  static_cast<void>(rotate(rotate(first)));
  EXPECT_EQ(people.refresh(first).outcome, Outcome::kReused);
  EXPECT_TRUE(people.is_live(ada, other.id));
}

TEST_F(SessionsRefreshTest, a_generation_not_reached_yet_is_refused_and_the_session_untouched) {
  const auto& tokens = people.sessions.refresh_tokens();
  const auto second = tokens.successor(first);
  EXPECT_EQ(people.refresh(second).outcome, Outcome::kRefused);
  EXPECT_EQ(people.refresh(tokens.successor(second)).outcome, Outcome::kRefused);
  EXPECT_TRUE(is_live());
  static_cast<void>(rotate(first));
}

TEST_F(SessionsRefreshTest, a_token_with_another_secret_is_refused_and_the_session_untouched) {
  auto forged = first;
  forged.secret.back() ^= 1U;
  EXPECT_EQ(people.refresh(forged).outcome, Outcome::kRefused);
  EXPECT_TRUE(is_live());
  static_cast<void>(rotate(first));
}

TEST_F(SessionsRefreshTest, a_token_of_no_session_is_refused) {
  EXPECT_EQ(people.refresh(people.sessions.refresh_tokens().first(Uuid::generate(support::kStart))).outcome,
            Outcome::kRefused);
}

TEST_F(SessionsRefreshTest, many_refreshes_of_one_token_at_once_give_one_successor) {
  std::mutex mutex;
  std::set<std::string> successors;
  int rotated = 0;
  std::vector<std::thread> threads;
  for (int count = 0; count < 8; ++count) {
    threads.emplace_back([&] {
      const auto refreshed = people.refresh(first);
      const std::lock_guard lock(mutex);
      rotated += refreshed.outcome == Outcome::kRotated ? 1 : 0;
      successors.insert(text(refreshed.refresh_token));
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(rotated, 8);
  ASSERT_EQ(successors.size(), 1U);
  EXPECT_EQ(*successors.begin(), text(people.sessions.refresh_tokens().successor(first)));
  EXPECT_EQ(people.database.integer("SELECT generation FROM sessions"), 2);
  EXPECT_TRUE(is_live());
}

}  // namespace
}  // namespace apiwright::repositories
