#pragma once

#include <functional>

#include "data/sqlite_connection.hpp"
#include "data/transaction_steps.hpp"

namespace apiwright::data {

/// Opens a transaction on `connection`, calls `begun`, and runs its steps until it is over; true when it was stored.
/// The writer's thread's. Throws, `begun` uncalled, when the transaction cannot be opened.
bool serve_steps(SqliteConnection& connection, TransactionSteps& steps, const std::function<void()>& begun);

}  // namespace apiwright::data
