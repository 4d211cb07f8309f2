#pragma once

#include <sqlite3.h>

namespace apiwright::data {

/// Gives a connection's statements `apiwright_casefold(text)` and `apiwright_email_key(text)`: what the key column
/// beside a text holds, so that a migration can fill it. NULL of NULL. Not for constraints, indexes or triggers: other
/// programs could not write the table then.
void add_functions(sqlite3* native);

}  // namespace apiwright::data
