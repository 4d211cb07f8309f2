#pragma once

#include <string>
#include <string_view>

namespace apiwright::data {

/// `sql` with its `?` as PostgreSQL's `$1`, `$2`, …, in their order; none of those in quotes or comments. Its operators
/// with a question mark have functions of the same meaning (jsonb_exists).
[[nodiscard]] std::string numbered_placeholders(std::string_view sql);

/// True when a statement of `script` would begin, end or divide a transaction. A function's body counts as a part of
/// the script unless it is quoted.
[[nodiscard]] bool controls_transactions(std::string_view script);

}  // namespace apiwright::data
