#pragma once

#include <cstdint>
#include <string_view>

#include "apiwright/validation/field.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::validation {

/// A text from JSON for a field of a textual kind (string, email, uuid, enum, date-time, decimal), checked and in its
/// own type: strings and e-mails in NFC. Every violation goes to `violations` under `path`; then the result is Absent.
/// U+0000 is refused (code `format`): no database text may hold it everywhere; so are more than 30 combining marks in a
/// row in long texts (UAX #15's Stream-Safe Text Format): their normal form would cost quadratic time.
[[nodiscard]] Value check_text(const Field& field, std::string_view text, Path path, Violations& violations);

/// A JSON number for an integer, number or decimal field: `text` as written (`12`, `12.50`, `1e2`). As in JSON Schema a
/// number without a fractional part is an integer (`1.0`, `1e2`); one beyond 64 bits is past `max` or `min`.
[[nodiscard]] Value check_number(const Field& field, std::string_view text, Path path, Violations& violations);
[[nodiscard]] Value check_integer(const Field& field, std::int64_t value, Path path, Violations& violations);

/// The same for a number that is a double already: neither infinite nor a NaN. Minus zero becomes zero.
[[nodiscard]] Value check_real(const Field& field, double value, Path path, Violations& violations);

[[nodiscard]] Value check_boolean(const Field& field, bool value, Path path, Violations& violations);

/// Adds the violation `type`: the value was of a JSON type that is not the field's.
void refuse_type(const Field& field, Path path, Violations& violations);

/// A value from a query string or a path, where everything is text: also integers and booleans (`true`, `false`).
/// `text` may be any bytes. Throws std::logic_error for a field that holds others: it has no text form.
[[nodiscard]] Value check_parameter(const Field& field, std::string_view text, Path path, Violations& violations);

}  // namespace apiwright::validation
