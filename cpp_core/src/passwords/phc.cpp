#include "passwords/phc.hpp"

#include <sodium.h>

#include <charconv>

#include "apiwright/base/text.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::size_t kMaxTextBytes = 256;  // the longest string within the bounds below takes 217 bytes
constexpr std::size_t kMinSaltBytes = 8;    // RFC 9106 §3.1
constexpr std::size_t kMaxSaltBytes = 64;
constexpr std::size_t kMinHashBytes = 16;  // libsodium's least (crypto_pwhash_BYTES_MIN)
constexpr std::size_t kMaxHashBytes = 64;
constexpr std::uint32_t kMaxLanes = 16;
constexpr std::uint32_t kMinMemoryPerLaneKib = 8;  // RFC 9106 §3.1: m ≥ 8·p
constexpr int kBase64 = sodium_base64_VARIANT_ORIGINAL_NO_PADDING;

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// A decimal number without sign or leading zeros, so that each value has one spelling.
bool take(std::string_view& text, std::uint32_t& number) {
  const char* const begin = text.data();
  const auto [end, failure] = std::from_chars(begin, begin + text.size(), number);
  if (failure != std::errc{} || *begin == '0') {
    return false;
  }
  text.remove_prefix(static_cast<std::size_t>(end - begin));
  return true;
}

/// Canonical base64: libsodium refuses padding, white space and unused bits that are not zero, but (1.0.18) reads every
/// byte past ASCII as '/'.
bool decode(std::string_view text, std::vector<unsigned char>& bytes, std::size_t least, std::size_t most) {
  bytes.resize(most);
  std::size_t size = 0;
  if (!is_ascii(text) ||
      sodium_base642bin(bytes.data(), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr, kBase64) != 0) {
    return false;
  }
  bytes.resize(size);
  return size >= least;
}

std::string encode(const std::vector<unsigned char>& bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kBase64), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), kBase64);
  text.pop_back();  // the terminating NUL
  return text;
}

}  // namespace

std::optional<Phc> parse_phc(std::string_view text) {
  Phc phc;
  if (text.size() > kMaxTextBytes || !take(text, "$argon2id$v=19$m=") || !take(text, phc.parameters.memory_kib) ||
      !take(text, ",t=") || !take(text, phc.parameters.iterations) || !take(text, ",p=") || !take(text, phc.lanes) ||
      !take(text, "$")) {
    return std::nullopt;
  }
  if (!within_bounds(phc.parameters) || phc.lanes > kMaxLanes ||
      phc.parameters.memory_kib < kMinMemoryPerLaneKib * phc.lanes) {
    return std::nullopt;
  }
  const std::size_t dollar = text.find('$');
  if (dollar == std::string_view::npos || !decode(text.substr(0, dollar), phc.salt, kMinSaltBytes, kMaxSaltBytes) ||
      !decode(text.substr(dollar + 1), phc.hash, kMinHashBytes, kMaxHashBytes)) {
    return std::nullopt;
  }
  return phc;
}

std::string write_phc(const Phc& phc) {
  return "$argon2id$v=19$m=" + std::to_string(phc.parameters.memory_kib) +
         ",t=" + std::to_string(phc.parameters.iterations) + ",p=" + std::to_string(phc.lanes) + "$" +
         encode(phc.salt) + "$" + encode(phc.hash);
}

}  // namespace apiwright::passwords
