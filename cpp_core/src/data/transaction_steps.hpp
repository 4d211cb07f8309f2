#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>

#include "apiwright/data/runner.hpp"

namespace apiwright::data {

/// The steps of an interactive transaction on their way from its user to the writer. Thread-safe: the user's side
/// submits and abandons, the writer's takes and closes, stop is anybody's.
class TransactionSteps {
 public:
  static constexpr std::size_t kQueueLimit = 1024;  ///< steps waiting

  using Done = std::function<void(std::exception_ptr)>;
  enum class Kind { kWork, kCommit, kRollback };
  struct Step {
    Kind kind = Kind::kWork;
    Work work;  ///< `run` only for kWork
  };

  explicit TransactionSteps(std::chrono::milliseconds time_limit);

  /// Throws what ended the transaction, when it is over, and Error(kUnavailable) past the limit of the queue.
  void submit(Step step);
  /// True when it is over and nothing of it is stored.
  [[nodiscard]] bool rolled_back() const;
  /// The user is gone: when what waits is done, it ends.
  void abandon() noexcept;
  /// The same, for the whole database.
  void stop() noexcept;

  /// The clock runs from here.
  std::chrono::steady_clock::time_point begin();
  /// Waits for a step; none when the transaction is to be rolled back because of ending().
  [[nodiscard]] std::optional<Step> next();
  /// What ended it, other than its user.
  [[nodiscard]] std::exception_ptr ending() const;
  /// It is over: what waits and what comes is told `ending` (nothing: its user did).
  void close(bool stored, const std::exception_ptr& ending) noexcept;

 private:
  [[nodiscard]] bool is_past_limit() const noexcept { return std::chrono::steady_clock::now() >= deadline_; }
  [[nodiscard]] std::exception_ptr refusal() const;

  const std::chrono::milliseconds time_limit_;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Step> queue_;
  bool abandoned_ = false;
  bool stopping_ = false;
  bool over_ = false;
  bool stored_ = false;
  std::exception_ptr ending_;
};

}  // namespace apiwright::data
