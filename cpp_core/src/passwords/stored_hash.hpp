#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "passwords/argon2.hpp"
#include "passwords/bcrypt.hpp"
#include "passwords/pbkdf2.hpp"
#include "passwords/scrypt.hpp"

namespace apiwright::passwords {

/// A hash of one of the schemes that are checked; only Argon2id is made.
using StoredHash = std::variant<Argon2, Bcrypt, Scrypt, Pbkdf2>;

/// Empty unless `text` is in a form that one of the schemes reads: each says which.
[[nodiscard]] std::optional<StoredHash> parse_stored(std::string_view text);

/// Whether `password`, exactly as it is, is the one behind the hash. Throws Error(kUnavailable) as the schemes do.
[[nodiscard]] bool matches(const StoredHash& stored, std::string_view password);

}  // namespace apiwright::passwords
