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

constexpr Parameters kCheapest{.memory_kib = 8, .iterations = 1};
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
  HashingPool pool(Hasher({.memory_kib = 16, .iterations = 1}), 1, 8, kWaitLimit);
  const std::optional<std::string> rehashed = verify(pool, kPassword, Hasher(kCheapest).hash(kPassword)).get();
  ASSERT_TRUE(rehashed.has_value());
  EXPECT_FALSE(pool.hasher().needs_rehash(*rehashed));
  EXPECT_NO_THROW(pool.hasher().verify(kPassword, *rehashed));
}

TEST(HashingPool, AWrongPasswordIsInvalidCredentialsAndIsNeverRehashed) {
  HashingPool pool(Hasher({.memory_kib = 16, .iterations = 1}), 1, 8, kWaitLimit);
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

}  // namespace
}  // namespace apiwright::passwords
