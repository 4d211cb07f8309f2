#include "apiwright/tokens/api_keys.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "apiwright/base/error.hpp"
#include "apiwright/base/random.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr unsigned kFairBytes = 256 / kAlphabet.size() * kAlphabet.size();  // from there on, letters would be unequal
constexpr std::uint32_t kPolynomial = 0xEDB88320U;                          // ISO 3309, reflected
constexpr std::size_t kRandomLetters = ApiKeys::kIdLetters + ApiKeys::kSecretLetters;

[[noreturn]] void refuse() { throw Error(ErrorCode::kUnauthorized, "The API key is not valid."); }

bool is_small_letter(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_base62(char c) { return is_small_letter(c) || is_digit(c) || (c >= 'A' && c <= 'Z'); }

bool is_prefix(std::string_view text) {
  return !text.empty() && text.size() <= ApiKeys::kMaxPrefixBytes && is_small_letter(text.front()) &&
         text.back() != '_' &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_small_letter(c) || is_digit(c) || c == '_'; });
}

std::uint32_t crc32(std::string_view text) {
  std::uint32_t crc = ~0U;
  for (const char c : text) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
  }
  return ~crc;
}

/// Six base62 digits, the highest first: 62^6 is more than 2^32.
std::array<char, ApiKeys::kChecksumLetters> checksum(std::string_view text) {
  std::array<char, ApiKeys::kChecksumLetters> letters{};
  std::uint32_t rest = crc32(text);
  for (std::size_t at = letters.size(); at-- > 0;) {
    letters[at] = kAlphabet[rest % kAlphabet.size()];
    rest /= static_cast<std::uint32_t>(kAlphabet.size());
  }
  return letters;
}

void append_random_letters(std::string& text, std::size_t count) {
  std::array<std::uint8_t, 64> bytes{};
  for (std::size_t added = 0; added < count;) {
    fill_random(bytes);
    for (const std::uint8_t byte : bytes) {
      if (byte < kFairBytes && added < count) {
        text += kAlphabet[byte % kAlphabet.size()];
        ++added;
      }
    }
  }
  fill_random(bytes);  // what was drawn is not left in memory
}

}  // namespace

ApiKeys::ApiKeys(std::string_view prefix) : start_(std::string(prefix) + '_') {
  if (!is_prefix(prefix)) {
    throw Error(ErrorCode::kValidationError, "The prefix is not valid.",
                {{.field = "prefix",
                  .message = "Must be 1 to 16 of a-z, 0-9 and _, beginning with a letter and not ending with _.",
                  .code = "pattern"}});
  }
}

Secret ApiKeys::generate() const {
  std::string text;
  text.reserve(start_.size() + kRandomLetters + kChecksumLetters);
  text += start_;
  append_random_letters(text, kRandomLetters);
  const auto sum = checksum(text);
  text.append(sum.begin(), sum.end());
  Secret key(text);
  wipe(text);
  return key;
}

std::string ApiKeys::id_of(std::string_view text) const {
  const std::size_t summed = start_.size() + kRandomLetters;
  if (text.size() != summed + kChecksumLetters || !text.starts_with(start_)) refuse();
  const std::string_view letters = text.substr(start_.size());
  if (!std::all_of(letters.begin(), letters.end(), is_base62)) refuse();
  const auto sum = checksum(text.substr(0, summed));
  if (text.substr(summed) != std::string_view(sum.data(), sum.size())) refuse();
  return std::string(text.substr(0, start_.size() + kIdLetters));
}

Digest ApiKeys::digest(std::string_view text) const {
  static_cast<void>(id_of(text));
  return blake2b(text);
}

}  // namespace apiwright::tokens
