#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>

#include "apiwright/engine/operation.hpp"

namespace apiwright::bindings {

/// How much work is under way. Thread-safe.
class Count : public std::enable_shared_from_this<Count> {
 public:
  /// Counts until the last copy of what it gives is gone.
  [[nodiscard]] std::shared_ptr<void> one() {
    const std::scoped_lock lock(mutex_);
    ++count_;
    return {this, [self = shared_from_this()](void*) { self->one_less(); }};
  }

  void wait_for_none() {
    std::unique_lock lock(mutex_);
    none_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  void one_less() {
    const std::scoped_lock lock(mutex_);
    if (--count_ == 0) none_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable none_;
  std::size_t count_ = 0;
};

struct CountedOperation {
  const engine::Operation& operation;
  std::shared_ptr<Count> count;
};

}  // namespace apiwright::bindings
