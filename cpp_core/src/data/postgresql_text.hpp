#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apiwright::data {

/// `sql`, as Connection::prepare has it, in PostgreSQL's words: `?` as `$1`, `$2`, … in their order, SQLite's functions
/// as those of the same meaning. What is in quotes or comments stays. PostgreSQL's operators with a question mark have
/// functions of the same meaning (jsonb_exists).
[[nodiscard]] std::string in_postgresql(std::string_view sql);

/// How many `?` of `sql` are parameters.
[[nodiscard]] std::size_t count_parameters(std::string_view sql);

/// True when a statement of `script` would begin, end or divide a transaction. A function's body counts as a part of
/// the script unless it is quoted.
[[nodiscard]] bool controls_transactions(std::string_view script);

}  // namespace apiwright::data
