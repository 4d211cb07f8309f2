#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {

/// API keys: `prefix_`, then 16 letters that name the key, 32 that are secret (190 bits), and 6 of a checksum, all
/// base62 (0–9, A–Z, a–z), so that a double click takes a whole key. The checksum is the CRC-32 (ISO 3309, as in zlib)
/// of all that stands before it: a typing error or a secret scanner's false hit shows without a database, in any
/// language. It proves nothing; the stored digest does. Immutable, thread-safe.
class ApiKeys {
 public:
  static constexpr std::size_t kMaxPrefixBytes = 16;
  static constexpr std::size_t kIdLetters = 16;
  static constexpr std::size_t kSecretLetters = 32;
  static constexpr std::size_t kChecksumLetters = 6;

  /// `prefix` says whose keys these are: 1 to 16 of a–z, 0–9 and _, beginning with a letter and not ending with _.
  /// Throws Error(kValidationError).
  explicit ApiKeys(std::string_view prefix);

  /// A new key.
  [[nodiscard]] Secret generate() const;

  /// The public part of a key, such as `aw_3fZ…` (prefix and id): fit for logs, lists and for looking the key up.
  /// Throws Error(kUnauthorized) unless `text` has the form and the checksum of our keys.
  [[nodiscard]] std::string id_of(std::string_view text) const;

  /// BLAKE2b-256 of the key, for storing: no salt or slow hash, since nobody guesses 190 bits. Throws as id_of().
  [[nodiscard]] Digest digest(std::string_view text) const;

 private:
  std::string start_;  ///< the prefix with its _
};

}  // namespace apiwright::tokens
