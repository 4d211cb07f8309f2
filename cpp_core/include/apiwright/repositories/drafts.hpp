#pragma once

#include <string>
#include <vector>

#include "apiwright/data/connection.hpp"

namespace apiwright::repositories {

/// Drafts are what add_declared has added, beside the migrations, to a database that is developed with. A migration
/// that is written later makes the same things, so before it is applied they are set aside, and their rows and values
/// are brought back into what it made.

/// Takes every draft out of its table, or its name from it, keeping its rows and values. In a transaction of its own,
/// which stores nothing where there are no drafts.
void set_drafts_aside(data::Connection& connection);

/// Moves what was set aside into the tables and columns of the same names, in a transaction of its own; sentences about
/// what has none there and is kept in a table of its own. What belongs to a table that is not there stays aside. Throws
/// Error(kUnprocessable) naming the table whose rows do not fit.
[[nodiscard]] std::vector<std::string> bring_drafts_back(data::Connection& connection);

}  // namespace apiwright::repositories
