#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiwright::passwords {

using Bytes = std::vector<unsigned char>;

// What hashes of other systems may have; their makers' own are 16 bytes of salt and 32 or 64 of hash.
inline constexpr std::size_t kMaxSaltBytes = 64;
inline constexpr std::size_t kMinHashBytes = 16;
inline constexpr std::size_t kMaxHashBytes = 64;

/// The alphabets in which hashes are stored; each canonical: no white space, unused bits zero.
enum class Base64 {
  kPhc,     ///< RFC 4648 §4 without padding: the PHC string format
  kPadded,  ///< RFC 4648 §4 with its padding: Django
  kPasslib  ///< as kPhc, but '.' for '+': passlib's "ab64"
};

/// A stored hash on its way to being taken apart. Every take…() goes on past what it took, or says no, after which the
/// reader is of no more use.
class StoredText {
 public:
  explicit StoredText(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool take(std::string_view prefix) noexcept;

  /// A decimal number without sign or leading zeros, so that each value has one spelling.
  [[nodiscard]] bool take_number(std::uint32_t& number) noexcept;

  /// What precedes the next `end`, and that byte; nothing where there is none.
  [[nodiscard]] std::optional<std::string_view> take_until(char end) noexcept;

  [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

 private:
  std::string_view rest_;
};

/// Whether `salt` is one that Django writes as it is: 1 to 64 visible ASCII characters.
[[nodiscard]] bool is_text_salt(std::string_view salt) noexcept;

/// Nothing unless `text` is canonical and of `least` to `most` bytes.
[[nodiscard]] std::optional<Bytes> decode(std::string_view text, Base64 alphabet, std::size_t least, std::size_t most);

[[nodiscard]] std::string encode(const Bytes& bytes, Base64 alphabet);

}  // namespace apiwright::passwords
