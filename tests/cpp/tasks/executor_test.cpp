#include "apiwright/tasks/executor.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <latch>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::tasks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void never_refused(const std::exception_ptr& /*error*/) { ADD_FAILURE() << "the job was refused"; }

Job job(std::function<void()> run) { return {.run = std::move(run), .refuse = never_refused}; }

/// A job that tells how it ended.
class Outcome {
 public:
  [[nodiscard]] Job job() {
    return {.run = [this] { end_.set_value(nullptr); },
            .refuse = [this](std::exception_ptr error) { end_.set_value(std::move(error)); }};
  }

  /// Waits; empty when the job was run.
  [[nodiscard]] std::exception_ptr refusal() { return end_.get_future().get(); }

 private:
  std::promise<std::exception_ptr> end_;
};

/// Keeps one thread of an executor busy until it is let go.
class Blocker {
 public:
  explicit Blocker(Executor& executor) {
    executor.submit(job([this] {
      begun_.count_down();
      released_.wait();
    }));
    begun_.wait();
  }
  void release() { released_.count_down(); }

 private:
  std::latch begun_{1};
  std::latch released_{1};
};

void expect_unavailable(const std::exception_ptr& thrown) {
  ASSERT_NE(thrown, nullptr) << "the job was run";
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnavailable);
    EXPECT_TRUE(error.retry_after().has_value());
  }
}

void expect_submit_unavailable(Executor& executor) {
  try {
    executor.submit({.run = [] { ADD_FAILURE() << "run"; }, .refuse = never_refused});
    ADD_FAILURE() << "the job was taken";
  } catch (...) {
    expect_unavailable(std::current_exception());
  }
}

TEST(Executor, RunsJobsOnItsOwnThreadsOfWhichThereIsAlwaysOne) {
  Executor executor({.name = "test", .threads = 0});
  EXPECT_EQ(executor.threads(), 1U);
  std::promise<std::thread::id> ran_on;
  executor.submit(job([&] { ran_on.set_value(std::this_thread::get_id()); }));
  EXPECT_NE(ran_on.get_future().get(), std::this_thread::get_id());
}

TEST(Executor, OneThreadRunsThemFirstInFirstOut) {
  Executor executor({.name = "test"});
  std::vector<int> order;
  for (int i = 0; i < 100; ++i) executor.submit(job([&order, i] { order.push_back(i); }));
  executor.stop(hours(1));
  ASSERT_EQ(order.size(), 100U);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(order[static_cast<std::size_t>(i)], i);
}

TEST(Executor, ManyThreadsRunAtTheSameTime) {
  Executor executor({.name = "test", .threads = 4});
  std::latch all_there(4);
  for (int i = 0; i < 4; ++i) executor.submit(job([&] { all_there.arrive_and_wait(); }));
  executor.stop(hours(1));
  EXPECT_TRUE(all_there.try_wait());
}

TEST(Executor, AFullQueueIsUnavailableAndTheJobUntouched) {
  Executor executor({.name = "test", .queue_limit = 2});
  Blocker blocker(executor);
  Outcome first;
  Outcome second;
  executor.submit(first.job());
  executor.submit(second.job());
  EXPECT_EQ(executor.waiting(), 2U);
  expect_submit_unavailable(executor);
  blocker.release();
  EXPECT_EQ(first.refusal(), nullptr);
  EXPECT_EQ(second.refusal(), nullptr);
}

TEST(Executor, AnIdleThreadNeedsNoQueue) {
  Executor executor({.name = "test", .threads = 2, .queue_limit = 0});
  Blocker one(executor);
  Blocker other(executor);
  expect_submit_unavailable(executor);
  one.release();
  other.release();
}

TEST(Executor, AJobThatWaitedTooLongIsRefusedUnrun) {
  Executor executor({.name = "test", .wait_limit = milliseconds(-1)});  // any wait is too long
  Outcome outcome;
  executor.submit(outcome.job());
  expect_unavailable(outcome.refusal());
}

TEST(Executor, AnEndlessWaitLimitAndGraceAreNoOverflow) {
  Executor executor({.name = "test", .wait_limit = milliseconds::max()});
  Outcome outcome;
  executor.submit(outcome.job());
  EXPECT_EQ(outcome.refusal(), nullptr);
  executor.stop(milliseconds::max());
}

TEST(Executor, StopRunsWhatWaitsWithinTheGrace) {
  Executor executor({.name = "test"});
  std::atomic<int> ran{0};
  for (int i = 0; i < 50; ++i) executor.submit(job([&] { ++ran; }));
  executor.stop(hours(1));
  EXPECT_EQ(ran, 50);
  EXPECT_EQ(executor.waiting(), 0U);
}

TEST(Executor, StopWithoutGraceRefusesWhatWaitsAndLetsTheRunningFinish) {
  Executor executor({.name = "test"});
  std::latch begun(1);
  std::latch refused(1);
  std::atomic<bool> finished{false};
  executor.submit(job([&] {
    begun.count_down();
    refused.wait();  // the waiting job is refused while this one still runs
    finished = true;
  }));
  begun.wait();
  std::exception_ptr refusal;
  executor.submit({.run = [] { ADD_FAILURE() << "run"; },
                   .refuse =
                       [&](std::exception_ptr error) {
                         refusal = std::move(error);
                         refused.count_down();
                       }});
  executor.stop(milliseconds(0));
  EXPECT_TRUE(finished);
  expect_unavailable(refusal);
}

TEST(Executor, TakesNothingOnceStopped) {
  Executor unused({.name = "test"});
  unused.stop(hours(1));
  expect_submit_unavailable(unused);

  Executor used({.name = "test"});
  used.submit(job([] {}));
  used.stop(hours(1));
  expect_submit_unavailable(used);
}

TEST(Executor, MayBeStoppedTwiceAndFromManyThreads) {
  Executor executor({.name = "test", .threads = 2});
  std::atomic<int> ran{0};
  for (int i = 0; i < 20; ++i) executor.submit(job([&] { ++ran; }));
  std::vector<std::thread> stoppers;
  for (int i = 0; i < 4; ++i) {
    stoppers.emplace_back([&] {
      executor.stop(hours(1));
      EXPECT_EQ(ran, 20);  // none returns before the stop is over
    });
  }
  for (std::thread& stopper : stoppers) stopper.join();
  executor.stop(milliseconds(0));
}

TEST(Executor, DestructionSettlesEveryJob) {
  std::atomic<int> settled{0};
  {
    Executor executor({.name = "test", .threads = 2});
    for (int i = 0; i < 200; ++i) {
      executor.submit({.run = [&] { ++settled; }, .refuse = [&](const std::exception_ptr&) { ++settled; }});
    }
  }
  EXPECT_EQ(settled, 200);
}

TEST(Executor, EachJobIsSettledExactlyOnceUnderConcurrentSubmitsAndAStop) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2'000;
  Executor executor({.name = "test", .threads = 2, .queue_limit = 64});
  std::vector<std::atomic<int>> settled(kThreads * kEach);
  std::atomic<int> submitted{0};
  std::latch some_submitted(1);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        std::atomic<int>& mine = settled[static_cast<std::size_t>(t * kEach + i)];
        try {
          executor.submit({.run = [&mine] { ++mine; }, .refuse = [&mine](const std::exception_ptr&) { ++mine; }});
        } catch (const Error&) {
          ++mine;
        }
        if (++submitted == kEach) some_submitted.count_down();
      }
    });
  }
  some_submitted.wait();
  executor.stop(milliseconds(0));
  for (std::thread& thread : threads) thread.join();
  for (const std::atomic<int>& count : settled) ASSERT_EQ(count, 1);
}

TEST(Executor, DropsAJobsStateBeforeItTakesTheNext) {
  Executor executor({.name = "test"});
  auto held = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = held;
  executor.submit(job([held = std::move(held)] {}));
  std::promise<bool> gone;
  executor.submit(job([&] { gone.set_value(watch.expired()); }));
  EXPECT_TRUE(gone.get_future().get());
}

TEST(Executor, ThreadsCarryItsNameCutToWhatTheSystemTakes) {
  Executor executor({.name = "a-name-of-over-fifteen-bytes"});
  std::promise<std::string> name;
  executor.submit(job([&] {
    std::array<char, 32> text{};
    pthread_getname_np(pthread_self(), text.data(), text.size());
    name.set_value(text.data());
  }));
  EXPECT_EQ(name.get_future().get(), "a-name-of-over-");
}

TEST(Executor, SignalsGoToTheHostsThreads) {
  sigset_t before;
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  Executor executor({.name = "test"});
  std::promise<sigset_t> mask;
  executor.submit(job([&] {
    sigset_t current;
    pthread_sigmask(SIG_SETMASK, nullptr, &current);
    mask.set_value(current);
  }));
  const sigset_t theirs = mask.get_future().get();
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGCHLD}) EXPECT_EQ(sigismember(&theirs, number), 1);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT}) EXPECT_EQ(sigismember(&theirs, fault), 0);
  sigset_t after;
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    EXPECT_EQ(sigismember(&after, number), sigismember(&before, number));
  }
}

TEST(Executor, AnUnusedOneSurvivesAFork) {
  Executor executor({.name = "test"});
  const pid_t child = fork();
  if (child == 0) {
    std::promise<void> ran;
    executor.submit({.run = [&] { ran.set_value(); }, .refuse = [](const std::exception_ptr&) { _exit(2); }});
    ran.get_future().wait();
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
}

}  // namespace
}  // namespace apiwright::tasks
