#include "apiwright/data/interactive_transaction.hpp"

#include <utility>

#include "data/transaction_steps.hpp"
#include "data/waiting.hpp"

namespace apiwright::data {

using Kind = TransactionSteps::Kind;

InteractiveTransaction::InteractiveTransaction(std::shared_ptr<TransactionSteps> steps) noexcept
    : steps_(std::move(steps)) {}

InteractiveTransaction::~InteractiveTransaction() { steps_->abandon(); }

bool InteractiveTransaction::try_read(const std::function<void(Connection&)>& /*run*/) { return false; }

void InteractiveTransaction::submit_read(Work work) { submit_write(std::move(work)); }

void InteractiveTransaction::submit_write(Work work) { steps_->submit({Kind::kWork, std::move(work)}); }

void InteractiveTransaction::submit_commit(std::function<void(std::exception_ptr)> done) {
  steps_->submit({Kind::kCommit, {.run = nullptr, .done = std::move(done)}});
}

void InteractiveTransaction::submit_rollback(std::function<void(std::exception_ptr)> done) {
  // When it ends in between, the step is refused with what ended it, or told that all is well.
  if (steps_->rolled_back()) return done(nullptr);
  steps_->submit({Kind::kRollback, {.run = nullptr, .done = std::move(done)}});
}

void InteractiveTransaction::commit() {
  wait_for([this](auto done) { submit_commit(std::move(done)); });
}

void InteractiveTransaction::rollback() {
  wait_for([this](auto done) { submit_rollback(std::move(done)); });
}

}  // namespace apiwright::data
