#pragma once

#include <functional>

#include "data/stepwise_connection.hpp"
#include "data/transaction_steps.hpp"

namespace apiwright::data {

/// Opens a transaction on `connection`, calls `begun`, and runs its steps until it is over; true when it was stored.
/// For a thread that writes. Throws, `begun` uncalled, when the transaction cannot be opened.
bool serve_steps(StepwiseConnection& connection, TransactionSteps& steps, const std::function<void()>& begun);

}  // namespace apiwright::data
