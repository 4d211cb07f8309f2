#include "data/transaction_steps.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);  // keeps sums with now() in range
constexpr std::chrono::seconds kRetryAfter{1};

std::exception_ptr past_limit() {
  return std::make_exception_ptr(
      Error(ErrorCode::kTimeout, "The transaction took longer than its time limit and was rolled back."));
}

Error unavailable(const char* message) { return Error::retry_later(ErrorCode::kUnavailable, message, kRetryAfter); }

}  // namespace

TransactionSteps::TransactionSteps(std::chrono::milliseconds time_limit)
    : time_limit_(std::clamp(time_limit, std::chrono::milliseconds{0}, kLongest)) {}

void TransactionSteps::submit(Step step) {
  {
    const std::scoped_lock lock(mutex_);
    if (over_) std::rethrow_exception(refusal());
    if (queue_.size() >= kQueueLimit) throw unavailable("Too many steps of the transaction wait.");
    queue_.push_back(std::move(step));
  }
  changed_.notify_one();
}

std::exception_ptr TransactionSteps::refusal() const {
  if (ending_) return ending_;
  return std::make_exception_ptr(std::logic_error("The transaction is over: it was committed or rolled back."));
}

bool TransactionSteps::rolled_back() const {
  const std::scoped_lock lock(mutex_);
  return over_ && !stored_;
}

void TransactionSteps::abandon() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    abandoned_ = true;
  }
  changed_.notify_one();
}

void TransactionSteps::stop() noexcept {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
}

steady_clock::time_point TransactionSteps::begin() {
  const std::scoped_lock lock(mutex_);
  return deadline_ = steady_clock::now() + time_limit_;
}

std::optional<TransactionSteps::Step> TransactionSteps::next() {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline_, [this] { return !queue_.empty() || abandoned_ || stopping_; });
  if (queue_.empty() || is_past_limit()) return std::nullopt;
  auto step = std::move(queue_.front());
  queue_.pop_front();
  return step;
}

std::exception_ptr TransactionSteps::ending() const {
  const std::scoped_lock lock(mutex_);
  if (is_past_limit()) return past_limit();
  return stopping_ ? std::make_exception_ptr(unavailable("The database was closed.")) : nullptr;
}

void TransactionSteps::close(bool stored, const std::exception_ptr& ending) noexcept {
  std::deque<Step> left;
  std::exception_ptr reason;
  {
    const std::scoped_lock lock(mutex_);
    over_ = true;
    stored_ = stored;
    ending_ = ending;
    left = std::exchange(queue_, {});
    reason = refusal();
  }
  for (const Step& step : left) step.work.done(!stored && step.kind == Kind::kRollback ? nullptr : reason);
}

}  // namespace apiwright::data
