// The core started, asked by several threads, and stopped meanwhile.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using support::Ask;

constexpr int kTimes = 50;
constexpr int kThreads = 4;
constexpr int kRounds = 6;

// Asks for reads, writes and hashes; each must be answered once.
class Crowd {
 public:
  Crowd(support::Api& api, const support::Person& admin) : api_(api), admin_(admin) {}

  void join_in(int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const auto number = std::to_string(thread) + "-" + std::to_string(round);
      const auto email = R"({"email": "u)" + number + R"(@example.org", "name": "U")";
      ask("create", email + R"(, "password": "correct horse battery"})");
      ask("create", R"({"email": "v)" + number + R"(@example.org", "name": "V"})");
      ask("update_me", R"({"name": "Ada )" + number + R"("})");
      ask("get_me", "");
      ask("list", "");
      const auto now = api_.users.at("get_me").answer_now(api_.call({.token = admin_.token}));
      if (now) check(*now);
    }
  }

  [[nodiscard]] int asked() const { return asked_; }
  [[nodiscard]] int answered() const { return answered_; }
  [[nodiscard]] int odd() const { return odd_; }

 private:
  void ask(std::string_view operation, const std::string& body) {
    ++asked_;
    api_.users.at(operation).answer(api_.call({.token = admin_.token, .body = body}), [this](const Response& response) {
      check(response);
      ++answered_;
    });
  }
  void check(const Response& response) {
    if (response.status != 200 && response.status != 201 && response.status != 503) ++odd_;
  }

  support::Api& api_;
  const support::Person& admin_;
  std::atomic<int> asked_ = 0;
  std::atomic<int> answered_ = 0;
  std::atomic<int> odd_ = 0;
};

// `rounds` of the crowd are over when the core is stopped.
void start_and_stop(bool await_crowd) {
  support::Api api;
  const auto admin = api.person("ada@example.org", {"admin"});
  Crowd crowd(api, admin);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&crowd, thread] { crowd.join_in(thread); });
  }
  const auto join = [&] {
    for (auto& thread : threads) {
      if (thread.joinable()) thread.join();
    }
  };
  if (await_crowd) join();
  api.hashing.stop();
  api.people.database->stop(std::chrono::seconds(30));
  join();
  EXPECT_EQ(crowd.asked(), kThreads * kRounds * 5);
  EXPECT_EQ(crowd.answered(), crowd.asked());
  EXPECT_EQ(crowd.odd(), 0);
}

TEST(LifecycleTest, fifty_cores_that_are_stopped_with_work_under_way_answer_everything_once) {
  for (int time = 0; time < kTimes; ++time) start_and_stop(time % 2 == 0);
}

}  // namespace
}  // namespace apiwright::engine
