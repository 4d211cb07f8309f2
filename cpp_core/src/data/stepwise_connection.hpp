#pragma once

#include <chrono>

#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// What a statement past limit_statements may throw, where the database has no error of its own for it. Goes no further
/// than this module.
struct ReadLimitReached {};

/// What this module asks of each database's connection to run a transaction in parts. One thread at a time.
class StepwiseConnection : public Connection {
 public:
  /// Throws when the transaction is lost: nothing of it will be stored.
  virtual void check_transaction() const = 0;
  /// A part of the transaction that may be undone alone; not nested. Undoing it may lose the transaction.
  virtual void set_savepoint() = 0;
  virtual void release_savepoint() = 0;
  virtual void rollback_to_savepoint() noexcept = 0;

  /// Statements of this transaction that run past `deadline` are interrupted, and may lose it.
  virtual void limit_statements(std::chrono::steady_clock::time_point deadline) = 0;
  virtual void lift_limit() noexcept = 0;
};

}  // namespace apiwright::data
