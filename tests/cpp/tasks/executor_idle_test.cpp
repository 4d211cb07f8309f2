// When an executor says that no job waits.

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <latch>
#include <vector>

#include "apiwright/tasks/executor.hpp"

namespace apiwright::tasks {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

void never_refused(const std::exception_ptr& /*error*/) { ADD_FAILURE() << "the job was refused"; }
void never_run() { ADD_FAILURE() << "the job was run"; }

TEST(ExecutorIdle, IsToldOnceNoJobWaits) {
  std::vector<int> order;
  Executor executor({.name = "test", .when_idle = [&] { order.push_back(-1); }});
  std::latch all_submitted(1);
  for (int i = 0; i < 3; ++i) {
    executor.submit({.run =
                         [&, i] {
                           all_submitted.wait();
                           order.push_back(i);
                         },
                     .refuse = never_refused});
  }
  all_submitted.count_down();
  executor.stop(hours(1));
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, -1}));
}

TEST(ExecutorIdle, IsToldAfterAJobThatWaitedTooLong) {
  std::promise<void> idle;
  Executor executor({.name = "test", .wait_limit = milliseconds(-1), .when_idle = [&] { idle.set_value(); }});
  executor.submit({.run = never_run, .refuse = [](const std::exception_ptr&) {}});
  idle.get_future().wait();
}

TEST(ExecutorIdle, IsToldWhenAStopTookWhatWaited) {
  bool told = false;
  Executor executor({.name = "test", .when_idle = [&] { told = true; }});
  std::latch begun(1);
  std::latch refused(1);
  executor.submit({.run =
                       [&] {
                         begun.count_down();
                         refused.wait();
                       },
                   .refuse = never_refused});
  begun.wait();
  executor.submit({.run = never_run, .refuse = [&](const std::exception_ptr&) { refused.count_down(); }});
  executor.stop(milliseconds(0));
  EXPECT_TRUE(told);
}

TEST(ExecutorIdle, StillCountsAsRunning) {
  std::latch idle(1);
  std::latch released(1);
  Executor executor({.name = "test", .queue_limit = 0, .when_idle = [&] {
                       idle.count_down();
                       released.wait();
                     }});
  executor.submit({.run = [] {}, .refuse = never_refused});
  idle.wait();
  EXPECT_ANY_THROW(executor.submit({.run = never_run, .refuse = never_refused}));
  released.count_down();
}

}  // namespace
}  // namespace apiwright::tasks
