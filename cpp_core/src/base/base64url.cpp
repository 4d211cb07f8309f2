#include "apiwright/base/base64url.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>

#include "bytes.hpp"

namespace apiwright {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoLetter = 0xFF;
constexpr unsigned kLetterBits = 6;
constexpr unsigned kByteBits = 8;

constexpr std::array<std::uint8_t, 256> kValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoLetter);
  for (std::size_t value = 0; value < kAlphabet.size(); ++value) {
    values[static_cast<unsigned char>(kAlphabet[value])] = static_cast<std::uint8_t>(value);
  }
  return values;
}();

}  // namespace

std::string encode_base64url(std::string_view bytes) {
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), as_bytes(bytes), bytes.size(), kVariant);
  text.pop_back();  // libsodium ends the text with a NUL
  return text;
}

// Not sodium_base642bin: 1.0.18 reads every byte past ASCII as the last letter, and takes four times as long.
std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;  // six bits are no byte
  std::string bytes(text.size() * kLetterBits / kByteBits, '\0');
  std::size_t at = 0;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char letter : text) {
    const std::uint8_t value = kValues[static_cast<unsigned char>(letter)];
    if (value == kNoLetter) return std::nullopt;
    bits = (bits << kLetterBits) | value;
    held += kLetterBits;
    if (held >= kByteBits) {
      held -= kByteBits;
      bytes[at++] = static_cast<char>(static_cast<std::uint8_t>(bits >> held));
      bits &= (1U << held) - 1;
    }
  }
  if (bits != 0) return std::nullopt;  // unused bits
  return bytes;
}

}  // namespace apiwright
