#pragma once

#include <string>

#include "apiwright/data/connection.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// The statements that make a Schema's table unless it exists: STRICT, every constraint and index named
/// `<table>_<columns>…`, its columns in the Schema's order, each text that is unique or searchable with its `_key`
/// column. With `deleted_at`, unique indexes and those for lists are over the rows that are not deleted. Filterable,
/// sortable and referring columns have an index; a reference is a foreign key.
///
/// It is what a migration would say; an application with several releases writes that instead, since this never changes
/// a table that is there.
[[nodiscard]] std::string create_table_sql(const validation::Schema& schema);

/// What keeps the table's row in `table_versions` (see Repository) up to date.
[[nodiscard]] std::string version_triggers_sql(const validation::Schema& schema);

/// Makes the table in the connection's transaction, with version triggers where `table_versions` exists. Idempotent.
/// Throws Error(kUnprocessable) naming the fields that a table which existed before has no column for.
void create_table(data::Connection& connection, const validation::Schema& schema);

}  // namespace apiwright::repositories
