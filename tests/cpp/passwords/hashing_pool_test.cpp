#include "apiwright/passwords/hashing_pool.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::passwords {
namespace {

using namespace std::chrono_literals;

constexpr Parameters kCheapest{.memory_kib = 8, .passes = 1};
constexpr std::string_view kPassword = "correct horse battery staple";
constexpr std::chrono::milliseconds kWaitLimit = 60s;

ErrorCode code_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error.code();
  }
}

template <typename Call>
ErrorCode thrown_code(const Call& call) {
  try {
    call();
  } catch (...) {
    return code_of(std::current_exception());
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

/// Turns a done callback into a future.
template <typename Result>
struct Outcome {
  std::shared_ptr<std::promise<Result>> promise = std::make_shared<std::promise<Result>>();
  std::future<Result> future = promise->get_future();

  auto done() {
    return [promise = promise](std::exception_ptr failure, Result result) {
      if (failure) {
        promise->set_exception(std::move(failure));
      } else {
        promise->set_value(std::move(result));
      }
    };
  }
};

std::future<std::string> hash(HashingPool& pool, std::string_view password) {
  Outcome<std::string> outcome;
  pool.submit_hash(Secret(password), outcome.done());
  return std::move(outcome.future);
}

std::future<std::optional<std::string>> verify(HashingPool& pool, std::string_view password,
                                               std::optional<std::string> phc) {
  Outcome<std::optional<std::string>> outcome;
  pool.submit_verify(Secret(password), std::move(phc), outcome.done());
  return std::move(outcome.future);
}

/// Keeps a pool's one thread busy, within a job's `done`, until release() or the end.
class BusyThread {
 public:
  explicit BusyThread(HashingPool& pool) {
    pool.submit_hash(Secret(kPassword), [this](const std::exception_ptr& failure, const std::string& /*phc*/) {
      failed_ = failure != nullptr;
      running_.set_value();
      released_.get_future().wait();
    });
    running_.get_future().wait();
  }
  ~BusyThread() { release(); }
  BusyThread(const BusyThread&) = delete;
  BusyThread& operator=(const BusyThread&) = delete;

  void release() {
    if (!std::exchange(free_, true)) {
      released_.set_value();
    }
  }
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  std::promise<void> running_;
  std::promise<void> released_;
  bool free_ = false;
  bool failed_ = false;
};

TEST(HashingPool, HashesWhatTheHasherVerifies) {
  HashingPool pool(Hasher(kCheapest), 2, 8, kWaitLimit);
  const std::string phc = hash(pool, kPassword).get();
  EXPECT_NO_THROW(pool.hasher().verify(kPassword, phc));
}

TEST(HashingPool, VerifiesAndGivesNoNewHashWhileTheCostIsTheSame) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  EXPECT_EQ(verify(pool, kPassword, pool.hasher().hash(kPassword)).get(), std::nullopt);
}

TEST(HashingPool, GivesANewHashAfterAMatchWhenTheCostWasRaised) {
  HashingPool pool(Hasher({.memory_kib = 16, .passes = 1}), 1, 8, kWaitLimit);
  const std::optional<std::string> rehashed = verify(pool, kPassword, Hasher(kCheapest).hash(kPassword)).get();
  ASSERT_TRUE(rehashed.has_value());
  EXPECT_FALSE(pool.hasher().needs_rehash(*rehashed));
  EXPECT_NO_THROW(pool.hasher().verify(kPassword, *rehashed));
}

TEST(HashingPool, AWrongPasswordIsInvalidCredentialsAndIsNeverRehashed) {
  HashingPool pool(Hasher({.memory_kib = 16, .passes = 1}), 1, 8, kWaitLimit);
  auto outcome = verify(pool, "wrong", Hasher(kCheapest).hash(kPassword));
  EXPECT_EQ(thrown_code([&] { outcome.get(); }), ErrorCode::kInvalidCredentials);
}

TEST(HashingPool, NobodyIsInvalidCredentials) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  auto outcome = verify(pool, kPassword, std::nullopt);
  EXPECT_EQ(thrown_code([&] { outcome.get(); }), ErrorCode::kInvalidCredentials);
}

TEST(HashingPool, TheHashersErrorsReachTheCaller) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  auto overlong = hash(pool, std::string(2000, 'a'));
  EXPECT_EQ(thrown_code([&] { overlong.get(); }), ErrorCode::kValidationError);
  auto damaged = verify(pool, kPassword, "damaged");
  EXPECT_EQ(thrown_code([&] { damaged.get(); }), ErrorCode::kInternal);
}

TEST(HashingPool, PastTheQueueItAsksToComeBackLaterAndCallsNothing) {
  HashingPool pool(Hasher(kCheapest), 1, 1, kWaitLimit);
  BusyThread busy(pool);
  auto queued = hash(pool, kPassword);
  EXPECT_EQ(pool.waiting(), 1U);
  bool called = false;
  try {
    pool.submit_hash(Secret(kPassword), [&](const std::exception_ptr&, const std::string&) { called = true; });
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_TRUE(error.retry_after().has_value());
  }
  EXPECT_EQ(thrown_code([&] { verify(pool, kPassword, std::nullopt); }), ErrorCode::kUnavailable);
  busy.release();
  EXPECT_FALSE(queued.get().empty());
  pool.stop();
  EXPECT_FALSE(called);
}

TEST(HashingPool, StoppingRefusesWhatWaitsAtOnceAndLetsTheRunningFinish) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  BusyThread busy(pool);
  auto hashing = hash(pool, kPassword);
  auto verifying = verify(pool, kPassword, std::nullopt);
  std::thread stopping([&] { pool.stop(); });
  // Both are answered while the one before them still runs: it is released only afterwards.
  EXPECT_EQ(thrown_code([&] { hashing.get(); }), ErrorCode::kUnavailable);
  EXPECT_EQ(thrown_code([&] { verifying.get(); }), ErrorCode::kUnavailable);
  busy.release();
  stopping.join();
  EXPECT_FALSE(busy.failed());
}

TEST(HashingPool, AfterStoppingItTakesNothingAndStopsAgainQuietly) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  EXPECT_FALSE(hash(pool, kPassword).get().empty());
  pool.stop();
  pool.stop();
  EXPECT_EQ(thrown_code([&] { hash(pool, kPassword); }), ErrorCode::kUnavailable);
}

TEST(HashingPool, EveryJobOfManyThreadsIsAnsweredOnce) {
  constexpr std::size_t kSubmitters = 4;
  constexpr std::size_t kJobsEach = 50;
  HashingPool pool(Hasher(kCheapest), 2, kSubmitters * kJobsEach, kWaitLimit);
  const std::string phc = pool.hasher().hash(kPassword);
  std::vector<std::thread> submitters;
  for (std::size_t index = 0; index < kSubmitters; ++index) {
    submitters.emplace_back([&] {
      std::vector<std::future<std::optional<std::string>>> outcomes;
      for (std::size_t job = 0; job < kJobsEach; ++job) {
        outcomes.push_back(verify(pool, kPassword, phc));
      }
      for (auto& outcome : outcomes) {
        EXPECT_EQ(outcome.get(), std::nullopt);  // a second answer would make the promise throw
      }
    });
  }
  for (std::thread& submitter : submitters) {
    submitter.join();
  }
  EXPECT_EQ(pool.waiting(), 0U);
}

std::vector<Claim> claims(std::size_t count, const std::string& phc) {
  std::vector<Claim> made;
  for (std::size_t index = 0; index < count; ++index) {
    made.push_back({.password = Secret(index % 3 == 0 ? kPassword : "another"), .phc = phc});
  }
  return made;
}

std::vector<bool> every_third(std::size_t count) {
  std::vector<bool> expected;
  for (std::size_t index = 0; index < count; ++index) expected.push_back(index % 3 == 0);
  return expected;
}

TEST(HashingPool, ABatchIsAnsweredInItsOrder) {
  for (const std::size_t threads : {1U, 2U, 5U}) {
    HashingPool pool(Hasher(kCheapest), threads, 8, kWaitLimit);
    for (const std::size_t count : {0U, 1U, 2U, 100U}) {
      EXPECT_EQ(pool.verify_many(claims(count, pool.hasher().hash(kPassword))), every_third(count));
    }
  }
}

TEST(HashingPool, ABatchLongerThanTheQueueFindsItsPlace) {
  HashingPool pool(Hasher(kCheapest), 2, 1, kWaitLimit);
  EXPECT_EQ(pool.verify_many(claims(50, pool.hasher().hash(kPassword))), every_third(50));
}

TEST(HashingPool, ABatchTakesHashesOfOtherSystems) {
  HashingPool pool(Hasher(kCheapest), 2, 8, kWaitLimit);
  std::vector<Claim> mixed = claims(1, pool.hasher().hash(kPassword));
  mixed.push_back({Secret(kPassword), "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"});
  mixed.push_back({Secret("\xFF"), "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"});
  EXPECT_EQ(pool.verify_many(std::move(mixed)), (std::vector<bool>{true, true, false}));
}

TEST(HashingPool, ABatchWithAHashThatCannotBeReadIsRefusedBeforeAnyWork) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  std::vector<Claim> batch = claims(2, pool.hasher().hash(kPassword));
  batch.push_back({Secret(kPassword), "damaged"});
  try {
    static_cast<void>(pool.verify_many(std::move(batch)));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details().front().field, "claims[2].phc");
  }
}

TEST(HashingPool, ABatchHasALimit) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  const std::string phc = pool.hasher().hash(kPassword);
  EXPECT_EQ(thrown_code([&] { static_cast<void>(pool.verify_many(claims(HashingPool::kMaxClaims + 1, phc))); }),
            ErrorCode::kValidationError);
}

TEST(HashingPool, WhatWaitsComesBetweenTheHashesOfABatch) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  BusyThread busy(pool);
  Outcome<std::vector<bool>> batch;
  const std::string phc = pool.hasher().hash(kPassword);
  pool.submit_verify_many(claims(1000, phc), batch.done());
  auto single = verify(pool, kPassword, phc);
  busy.release();
  EXPECT_EQ(single.get(), std::nullopt);
  EXPECT_EQ(batch.future.wait_for(0s), std::future_status::timeout);
  EXPECT_EQ(batch.future.get(), every_third(1000));
}

TEST(HashingPool, AFullQueueRefusesABatch) {
  HashingPool pool(Hasher(kCheapest), 1, 1, kWaitLimit);
  BusyThread busy(pool);
  const std::string phc = pool.hasher().hash(kPassword);
  auto waiting = verify(pool, kPassword, phc);
  Outcome<std::vector<bool>> batch;
  EXPECT_EQ(thrown_code([&] { pool.submit_verify_many(claims(2, phc), batch.done()); }), ErrorCode::kUnavailable);
  busy.release();
  EXPECT_EQ(waiting.get(), std::nullopt);
}

TEST(HashingPool, StoppingEndsABatchAfterTheHashesThatRun) {
  HashingPool pool(Hasher(kCheapest), 2, 8, kWaitLimit);
  Outcome<std::vector<bool>> batch;
  pool.submit_verify_many(claims(HashingPool::kMaxClaims, pool.hasher().hash(kPassword)), batch.done());
  pool.stop();
  EXPECT_EQ(thrown_code([&] { batch.future.get(); }), ErrorCode::kUnavailable);
}

TEST(HashingPool, GivesOneOfItsOwnHashesForAnotherSystems) {
  HashingPool pool(Hasher(kCheapest), 1, 8, kWaitLimit);
  const auto own = verify(pool, kPassword, "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG").get();
  ASSERT_TRUE(own.has_value());
  EXPECT_EQ(verify(pool, kPassword, own).get(), std::nullopt);
}

}  // namespace
}  // namespace apiwright::passwords
