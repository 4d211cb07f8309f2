#include "passwords/stored_hash.hpp"

#include <utility>

namespace apiwright::passwords {

std::optional<StoredHash> parse_stored(std::string_view text) {
  if (auto argon2 = parse_argon2(text)) return std::move(*argon2);
  if (auto bcrypt = parse_bcrypt(text)) return std::move(*bcrypt);
  if (auto scrypt = parse_scrypt(text)) return std::move(*scrypt);
  if (auto pbkdf2 = parse_pbkdf2(text)) return std::move(*pbkdf2);
  return std::nullopt;
}

bool matches(const StoredHash& stored, std::string_view password) {
  return std::visit([password](const auto& scheme) { return scheme.matches(password); }, stored);
}

}  // namespace apiwright::passwords
