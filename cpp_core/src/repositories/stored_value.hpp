#pragma once

#include <string>
#include <string_view>

#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/validation/record.hpp"

namespace apiwright::repositories {

/// Binds a checked value in the form its column has; Absent and Null are NULL, what holds others is JSON text.
void bind_value(data::Statement& statement, int index, const validation::Value& value);

/// What the `<name>_key` column holds for a text: the form in which equal means the same. Empty, which no row has, for
/// an e-mail field and a text that is no address: folding it by other rules would let it stand for one.
[[nodiscard]] std::string key_of(KeyForm form, std::string_view text);
[[nodiscard]] std::string key_of(const validation::Field& field, std::string_view text);

/// Binds a field's column, and its key column where it has one; the next free parameter.
int bind_field(data::Statement& statement, int index, const validation::Field& field, const validation::Value& value);
/// Binds every stored field in the schema's order, from 1.
void bind_row(data::Statement& statement, const validation::Record& record);

/// What a column's JSON text holds; `stored_form` is the Schema's, of a composite field.
[[nodiscard]] validation::Value read_composite(const validation::Field& stored_form, std::string_view json);

}  // namespace apiwright::repositories
