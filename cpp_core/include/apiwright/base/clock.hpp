#pragma once

#include <atomic>

#include "apiwright/base/timestamp.hpp"

namespace apiwright {

/// Where the core reads the wall clock, so that tests can hold it still. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Timestamp now() const noexcept = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override;
};

/// A clock that moves only when told to.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) noexcept : now_(start.time_since_epoch().count()) {}
  [[nodiscard]] Timestamp now() const noexcept override { return Timestamp(Timestamp::duration(now_.load())); }
  void advance(std::chrono::milliseconds by) noexcept { now_ += by.count(); }

 private:
  std::atomic<std::chrono::milliseconds::rep> now_;
};

}  // namespace apiwright
