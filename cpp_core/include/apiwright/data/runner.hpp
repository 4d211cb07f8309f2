#pragma once

#include <exception>
#include <functional>

#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// How a read sees what others store meanwhile.
enum class Reading {
  kOneMoment,   ///< all of it as it was at one moment
  kEachMoment,  ///< each statement what is stored by then
  kBrief,       ///< the same, for statements that each find few rows by an index. `run` is called again from its start,
                ///< through what it throws, until each of its statements was answered: such reads share round trips.
};

/// Work for a database. `run` gets a connection inside a transaction (a read snapshot, or a write): what it throws
/// rolls back. `done` is told once, after the COMMIT: nothing on success, else what went wrong. Writes that waited
/// share a COMMIT; each is rolled back alone, but when the database has no room or fails, all of them get
/// Error(kUnavailable). Neither callback may block on the same database; `done` may not throw.
struct Work {
  std::function<void(Connection&)> run;
  std::function<void(std::exception_ptr)> done;
  Reading reading = Reading::kOneMoment;  ///< of submit_read
};

/// What runs works: a Database, each in a transaction of its own, or an InteractiveTransaction, all of them in that
/// one. Thread-safe.
class Runner {
 public:
  virtual ~Runner() = default;

  /// Runs `run` on this thread if that costs less than handing it over; otherwise false, and submit_read it then.
  [[nodiscard]] virtual bool try_read(const std::function<void(Connection&)>& run) = 0;

  /// True where each statement is a round trip: try_read never runs anything, and a Reading::kBrief costs less than a
  /// statement of a write.
  [[nodiscard]] virtual bool is_remote() const noexcept { return false; }

  /// Hands `work` over. Throws Error(kUnavailable) with retry_after, `work` untold, when too much waits.
  virtual void submit_read(Work work) = 0;
  virtual void submit_write(Work work) = 0;

  /// The same, waiting for the end; rethrows what went wrong.
  void read(const std::function<void(Connection&)>& run);
  void write(const std::function<void(Connection&)>& run);

 protected:
  Runner() = default;
  Runner(const Runner&) = default;
  Runner& operator=(const Runner&) = default;
};

}  // namespace apiwright::data
