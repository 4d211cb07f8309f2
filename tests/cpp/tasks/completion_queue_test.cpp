#include "apiwright/tasks/completion_queue.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace apiwright::tasks {
namespace {

struct Numbered final : Completion {
  explicit Numbered(int given, std::atomic<int>* destroyed = nullptr) : number(given), counter(destroyed) {}
  ~Numbered() override {
    if (counter != nullptr) ++*counter;
  }
  Numbered(const Numbered&) = delete;
  Numbered& operator=(const Numbered&) = delete;

  int number;
  std::atomic<int>* counter;
};

int number_of(const std::unique_ptr<Completion>& completion) {
  return dynamic_cast<const Numbered&>(*completion).number;
}

/// Whether the descriptor is readable within `milliseconds`; -1 waits for ever.
bool is_readable(const CompletionQueue& queue, int milliseconds = 0) {
  pollfd descriptor{.fd = queue.descriptor(), .events = POLLIN, .revents = 0};
  return poll(&descriptor, 1, milliseconds) == 1;
}

TEST(CompletionQueue, IsQuietWhileNothingWaits) {
  CompletionQueue queue;
  EXPECT_FALSE(is_readable(queue));
  EXPECT_TRUE(queue.drain().empty());
}

TEST(CompletionQueue, GivesAllThatWaitsOldestFirstAndIsQuietAgain) {
  CompletionQueue queue;
  for (int i = 0; i < 5; ++i) queue.push(std::make_unique<Numbered>(i));
  EXPECT_TRUE(is_readable(queue));
  const auto drained = queue.drain();
  ASSERT_EQ(drained.size(), 5U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(number_of(drained[static_cast<std::size_t>(i)]), i);
  EXPECT_FALSE(is_readable(queue));
  EXPECT_TRUE(queue.drain().empty());
}

TEST(CompletionQueue, WakesTheLoopAgainAfterADrain) {
  CompletionQueue queue;
  for (int round = 0; round < 3; ++round) {
    queue.push(std::make_unique<Numbered>(round));
    EXPECT_TRUE(is_readable(queue));
    EXPECT_EQ(queue.drain().size(), 1U);
    EXPECT_FALSE(is_readable(queue));
  }
}

TEST(CompletionQueue, WhatIsOverTogetherWakesEachLoopOnceAtTheEnd) {
  const auto one = std::make_shared<CompletionQueue>();
  const auto two = std::make_shared<CompletionQueue>();
  {
    const WakeUpOnce once;
    for (int i = 0; i < 3; ++i) one->push(std::make_unique<Numbered>(i));
    two->push(std::make_unique<Numbered>(0));
    EXPECT_FALSE(is_readable(*one));
    EXPECT_FALSE(is_readable(*two));
    std::thread([&] { one->push(std::make_unique<Numbered>(3)); }).join();
    EXPECT_TRUE(is_readable(*one));  // another thread's is told at once
  }
  EXPECT_TRUE(is_readable(*one));
  EXPECT_TRUE(is_readable(*two));
  EXPECT_EQ(one->drain().size(), 4U);
  EXPECT_EQ(two->drain().size(), 1U);
  one->push(std::make_unique<Numbered>(4));
  EXPECT_TRUE(is_readable(*one));
}

TEST(CompletionQueue, OneThatGoesAwayMeanwhileIsHeldUntilItsLoopIsWoken) {
  std::weak_ptr<CompletionQueue> gone;
  {
    const WakeUpOnce once;
    auto queue = std::make_shared<CompletionQueue>();
    gone = queue;
    queue->push(std::make_unique<Numbered>(0));
    queue.reset();
    EXPECT_FALSE(gone.expired());
  }
  EXPECT_TRUE(gone.expired());
}

TEST(CompletionQueue, DescriptorNeitherBlocksNorIsInherited) {
  CompletionQueue queue;
  EXPECT_NE(fcntl(queue.descriptor(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(queue.descriptor(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(CompletionQueue, ClosingDropsWhatWaitsAndWhatComes) {
  std::atomic<int> destroyed{0};
  CompletionQueue queue;
  queue.push(std::make_unique<Numbered>(0, &destroyed));
  queue.close();
  EXPECT_EQ(destroyed, 1);
  EXPECT_TRUE(queue.drain().empty());
  queue.push(std::make_unique<Numbered>(1, &destroyed));
  EXPECT_EQ(destroyed, 2);
  EXPECT_FALSE(is_readable(queue));
  queue.close();
}

// A forked child shares the descriptor with its parent, whose loop still waits for it.
TEST(CompletionQueue, ClosingTakesNoWakeUpAway) {
  CompletionQueue queue;
  queue.push(std::make_unique<Numbered>(0));
  queue.close();
  EXPECT_TRUE(is_readable(queue));
}

TEST(CompletionQueue, DestructionDropsWhatWaitsAndClosesTheDescriptor) {
  std::atomic<int> destroyed{0};
  int descriptor = -1;
  {
    CompletionQueue queue;
    descriptor = queue.descriptor();
    queue.push(std::make_unique<Numbered>(0, &destroyed));
  }
  EXPECT_EQ(destroyed, 1);
  EXPECT_EQ(fcntl(descriptor, F_GETFD), -1);
}

/// Pushes into its own queue when destroyed, as a host's callback might.
struct Pushing final : Completion {
  explicit Pushing(CompletionQueue& target) : queue(target) {}
  ~Pushing() override { queue.push(std::make_unique<Numbered>(0)); }
  Pushing(const Pushing&) = delete;
  Pushing& operator=(const Pushing&) = delete;

  CompletionQueue& queue;
};

TEST(CompletionQueue, DropsOutsideItsLock) {
  CompletionQueue queue;
  queue.push(std::make_unique<Pushing>(queue));
  queue.close();
  queue.push(std::make_unique<Pushing>(queue));
  EXPECT_TRUE(queue.drain().empty());
}

TEST(CompletionQueue, ALoopThatWaitsForTheDescriptorGetsEverythingInEachThreadsOrder) {
  constexpr int kThreads = 4;
  constexpr int kEach = 5'000;
  CompletionQueue queue;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&queue, t] {
      for (int i = 0; i < kEach; ++i) queue.push(std::make_unique<Numbered>(t * kEach + i));
    });
  }
  std::vector<int> next(kThreads, 0);
  for (int received = 0; received < kThreads * kEach;) {
    ASSERT_TRUE(is_readable(queue, -1));
    for (const auto& completion : queue.drain()) {
      const int number = number_of(completion);
      EXPECT_EQ(number % kEach, next[static_cast<std::size_t>(number / kEach)]++);
      ++received;
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(queue.drain().empty());  // the last wake-up may have come after its completion was taken
  EXPECT_FALSE(is_readable(queue));
}

}  // namespace
}  // namespace apiwright::tasks
