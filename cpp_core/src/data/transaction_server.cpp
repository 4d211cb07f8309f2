#include "data/transaction_server.hpp"

#include <chrono>
#include <exception>
#include <optional>
#include <utility>

#include "data/savepoint.hpp"

namespace apiwright::data {
namespace {

using Kind = TransactionSteps::Kind;
using Step = TransactionSteps::Step;

/// Statements of its scope are interrupted past `deadline`.
class StatementsLimited {
 public:
  StatementsLimited(StepwiseConnection& connection, std::chrono::steady_clock::time_point deadline)
      : connection_(connection) {
    connection_.limit_statements(deadline);
  }
  ~StatementsLimited() { connection_.lift_limit(); }
  StatementsLimited(const StatementsLimited&) = delete;
  StatementsLimited& operator=(const StatementsLimited&) = delete;

 private:
  StepwiseConnection& connection_;
};

/// How a transaction ends: by a step of its user, or by none and because of `reason`.
struct Ending {
  std::optional<Step> step;
  std::exception_ptr reason;
};

std::exception_ptr failure_of(StepwiseConnection& connection, const TransactionSteps& steps,
                              const Step& step) noexcept {
  try {
    run_in_savepoint(connection, step.work);
    return nullptr;
  } catch (const ReadLimitReached&) {
    return steps.ending();
  } catch (...) {
    return std::current_exception();
  }
}

// None while the transaction can go on.
std::exception_ptr loss_of(const StepwiseConnection& connection, const TransactionSteps& steps) noexcept {
  try {
    connection.check_transaction();
    return nullptr;
  } catch (...) {
    const auto limit = steps.ending();  // an interrupted statement loses the transaction
    return limit ? limit : std::current_exception();
  }
}

Ending run_steps(StepwiseConnection& connection, TransactionSteps& steps) noexcept {
  while (auto step = steps.next()) {
    if (step->kind != Kind::kWork) return {std::move(step), nullptr};
    const auto failure = failure_of(connection, steps, *step);
    if (auto loss = loss_of(connection, steps)) {
      step->work.run = nullptr;
      return {std::move(step), std::move(loss)};
    }
    step->work.done(failure);
  }
  return {std::nullopt, steps.ending()};
}

}  // namespace

bool serve_steps(StepwiseConnection& connection, TransactionSteps& steps, const std::function<void()>& begun) {
  bool stored = false;
  Ending ending;
  {
    Transaction transaction(connection);
    {
      const StatementsLimited limited(connection, steps.begin());
      begun();
      ending = run_steps(connection, steps);
    }
    try {
      if (ending.step && ending.step->kind == Kind::kCommit) {
        transaction.commit();
        stored = true;
      }
    } catch (...) {
      ending.reason = std::current_exception();
    }
  }
  steps.close(stored, ending.reason);
  if (ending.step) ending.step->work.done(ending.reason);
  return stored;
}

}  // namespace apiwright::data
