#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <string>

namespace apiwright::tasks {

/// One piece of work and what is told when it is over. Exactly one of `run` and `refuse` is called, exactly once,
/// on a thread of the executor or (when it stops) on the stopping one. Neither may throw.
struct Job {
  std::function<void()> run;
  std::function<void(std::exception_ptr)> refuse;  ///< Error(kUnavailable): waited too long, or stopping
};

struct ExecutorOptions {
  std::string name;  ///< threads' name, at most 15 bytes
  std::size_t threads = 1;
  int niceness = 0;                ///< Linux: how far the threads stand back (0 to 19) where cores are short
  std::size_t queue_limit = 1024;  ///< jobs waiting, beyond those running
  std::chrono::milliseconds wait_limit{10'000};  ///< a job that waited longer is refused unrun
  /// Called on a thread that has settled a job and finds none waiting, before it waits or ends: what jobs only gathered
  /// is done here at the latest. May not throw.
  std::function<void()> when_idle = nullptr;
};

/// A fixed number of threads with one bounded queue, first in, first out. Thread-safe.
/// Threads start with the first job, so an executor that is never used costs nothing and survives fork.
class Executor {
 public:
  explicit Executor(ExecutorOptions options);
  ~Executor();  ///< stop() without grace
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  /// Hands `job` over. Throws Error(kUnavailable) with retry_after, the job untouched, when the queue is full or the
  /// executor stops.
  void submit(Job job);

  /// Takes no more jobs, runs those waiting for up to `grace`, refuses the rest, joins the threads. Idempotent.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::size_t threads() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace apiwright::tasks
