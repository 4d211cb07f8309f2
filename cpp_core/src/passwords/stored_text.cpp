#include "passwords/stored_text.hpp"

#include <sodium.h>

#include <algorithm>
#include <charconv>

#include "apiwright/base/text.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::size_t kLongestText = 256;  // of what is decoded; far more than any bound below asks for

int variant(Base64 alphabet) noexcept {
  return alphabet == Base64::kPadded ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_ORIGINAL_NO_PADDING;
}

}  // namespace

bool StoredText::take(std::string_view prefix) noexcept {
  const bool found = rest_.starts_with(prefix);
  if (found) rest_.remove_prefix(prefix.size());
  return found;
}

bool StoredText::take_number(std::uint32_t& number) noexcept {
  const char* const begin = rest_.data();
  const auto [end, failure] = std::from_chars(begin, begin + rest_.size(), number);
  if (failure != std::errc{} || *begin == '0') return false;
  rest_.remove_prefix(static_cast<std::size_t>(end - begin));
  return true;
}

std::optional<std::string_view> StoredText::take_until(char end) noexcept {
  const std::size_t at = rest_.find(end);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view taken = rest_.substr(0, at);
  rest_.remove_prefix(at + 1);
  return taken;
}

bool is_text_salt(std::string_view salt) noexcept {
  return !salt.empty() && salt.size() <= kMaxSaltBytes &&
         std::all_of(salt.begin(), salt.end(), [](char c) { return c > ' ' && c <= '~'; });
}

std::optional<Bytes> decode(std::string_view text, Base64 alphabet, std::size_t least, std::size_t most) {
  // libsodium (1.0.18) refuses what is not canonical, but reads every byte past ASCII as '/'.
  if (text.size() > kLongestText || !is_ascii(text)) return std::nullopt;
  std::string plain(text);
  if (alphabet == Base64::kPasslib) {
    if (plain.find('+') != std::string::npos) return std::nullopt;
    std::replace(plain.begin(), plain.end(), '.', '+');
  }
  Bytes bytes(most);
  std::size_t size = 0;
  if (sodium_base642bin(bytes.data(), bytes.size(), plain.data(), plain.size(), nullptr, &size, nullptr,
                        variant(alphabet)) != 0 ||
      size < least) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string encode(const Bytes& bytes, Base64 alphabet) {
  std::string text(sodium_base64_encoded_len(bytes.size(), variant(alphabet)), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant(alphabet));
  text.pop_back();  // the terminating NUL
  if (alphabet == Base64::kPasslib) std::replace(text.begin(), text.end(), '+', '.');
  return text;
}

}  // namespace apiwright::passwords
