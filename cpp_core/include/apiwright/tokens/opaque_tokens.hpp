#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "apiwright/base/digest.hpp"

namespace apiwright::tokens {

/// A payload that its bearer can read but not change: base64url(payload ‖ tag), the tag being 128 bits of BLAKE2b keyed
/// for one purpose. It has no date; what shall expire says so in its payload. Immutable, thread-safe, one microsecond.
class OpaqueTokens {
 public:
  static constexpr std::size_t kMaxPayloadBytes = 4096;
  static constexpr std::size_t kTagBytes = 16;  ///< one forgery in 2^128, and texts short enough for URLs
  static constexpr std::size_t kMaxPurposeBytes = 64;

  /// Tokens of one purpose are refused for every other, though the key be the same. Throws Error(kValidationError) when
  /// the purpose is empty or over 64 bytes.
  OpaqueTokens(const Key& key, std::string_view purpose);

  /// Always the same text for one payload, of A–Z, a–z, 0–9, - and _. Throws Error(kValidationError) over 4096 bytes.
  [[nodiscard]] std::string seal(std::string_view payload) const;

  /// The payload. Throws Error(kUnauthorized) unless `text` is the very one that seal() gives.
  [[nodiscard]] std::string open(std::string_view text) const;

 private:
  Key key_;
};

}  // namespace apiwright::tokens
