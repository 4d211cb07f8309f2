#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace apiwright::tasks {

/// Something finished that an event loop waits for; the host derives from it what it needs.
class Completion {
 public:
  virtual ~Completion() = default;
};

/// Hands finished work from any thread to one event loop: threads push, the loop watches `descriptor()` and drains.
/// One wake-up serves all that was pushed before the drain. push and close are thread-safe; drain is the loop's.
class CompletionQueue : public std::enable_shared_from_this<CompletionQueue> {
 public:
  CompletionQueue();  ///< throws Error(kInternal) when the system has no descriptor left
  ~CompletionQueue();
  CompletionQueue(const CompletionQueue&) = delete;
  CompletionQueue& operator=(const CompletionQueue&) = delete;

  /// Readable while something waits: an eventfd on Linux, a pipe's end elsewhere. Owned by this object.
  [[nodiscard]] int descriptor() const noexcept { return read_end_; }

  /// Dropped silently once closed.
  void push(std::unique_ptr<Completion> completion);

  /// All that waits, oldest first; the descriptor is quiet again.
  [[nodiscard]] std::vector<std::unique_ptr<Completion>> drain();

  /// The loop is gone: what waits and what comes is dropped. The descriptor stays as it is.
  void close();

 private:
  friend class WakeUpOnce;

  void signal() const noexcept;
  void quiet() const noexcept;

  std::mutex mutex_;
  std::vector<std::unique_ptr<Completion>> waiting_;
  bool closed_ = false;
  int read_end_ = -1;
  int write_end_ = -1;
};

/// While one lives, what its thread pushes wakes each loop once, when it ends: for works that are over together. Else
/// the first of them would wake the loop, which takes the core from the thread that has the others still to tell.
class WakeUpOnce {
 public:
  WakeUpOnce() noexcept;
  ~WakeUpOnce();
  WakeUpOnce(const WakeUpOnce&) = delete;
  WakeUpOnce& operator=(const WakeUpOnce&) = delete;

 private:
  friend class CompletionQueue;

  // False when nobody holds the queue: it is to be signalled at once.
  bool remember(CompletionQueue& queue);

  WakeUpOnce* outer_;
  std::vector<std::shared_ptr<CompletionQueue>> queues_;
};

}  // namespace apiwright::tasks
