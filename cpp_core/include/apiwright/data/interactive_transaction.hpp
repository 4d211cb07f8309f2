#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "apiwright/data/runner.hpp"

namespace apiwright::data {

class TransactionSteps;

/// A write transaction that its user takes step by step: Database::begin() opens it, and the writer serves nobody else
/// until it is over. Thread-safe; steps run one after the other, on the writer's thread, in the order of submission.
///
/// A step that fails is undone alone, and the transaction goes on. The whole is rolled back when its time limit passes
/// (a running statement is interrupted), when the database stops, when there is no room or I/O fails, and when this
/// object goes away: so a user who forgets it, or whose thread dies, blocks the writer no longer than the limit.
/// What is asked of it afterwards throws what ended it: Error(kTimeout), Error(kUnavailable), or std::logic_error where
/// its user did.
class InteractiveTransaction final : public Runner {
 public:
  /// The database's: what it shares with the writer.
  explicit InteractiveTransaction(std::shared_ptr<TransactionSteps> steps) noexcept;
  ~InteractiveTransaction() override;  ///< rolls back unless committed; waits for nothing
  InteractiveTransaction(const InteractiveTransaction&) = delete;
  InteractiveTransaction& operator=(const InteractiveTransaction&) = delete;

  /// Always false: only the writer's thread sees what the transaction wrote.
  [[nodiscard]] bool try_read(const std::function<void(Connection&)>& run) override;
  /// A step. `done` is told when it has run, long before anything is durable.
  void submit_read(Work work) override;
  void submit_write(Work work) override;

  /// Ends it, after the steps before. `done` is told when all of it is durable, or nothing of it will be.
  void submit_commit(std::function<void(std::exception_ptr)> done);
  /// Ends it; rolling back what is rolled back already is well.
  void submit_rollback(std::function<void(std::exception_ptr)> done);

  /// The same, waiting for the end; rethrows what went wrong.
  void commit();
  void rollback();

 private:
  std::shared_ptr<TransactionSteps> steps_;
};

}  // namespace apiwright::data
