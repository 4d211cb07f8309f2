#include "apiwright/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "apiwright/base/error.hpp"
#include "bytes.hpp"

namespace apiwright {
namespace {

struct Free {
  void operator()(utf8proc_uint8_t* memory) const noexcept {
    std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc): utf8proc allocates with malloc
  }
};

/// How many leading bytes are below 128, counted by words, then by bytes.
std::size_t count_leading_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= text.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (at < text.size() && static_cast<std::uint8_t>(text[at]) < 0x80) ++at;
  return at;
}

bool is_continuation(std::uint8_t byte) noexcept { return (byte & 0xC0U) == 0x80U; }

/// Length of the well-formed sequence that `text` begins with (Unicode 15, table 3-7), 0 when there is none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const std::size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (text.size() < length) return 0;
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!is_continuation(byte(i))) return 0;
  }
  return length;
}

std::string transform(std::string_view text, int options) {
  utf8proc_uint8_t* made = nullptr;
  const utf8proc_ssize_t length = utf8proc_map(as_bytes(text), static_cast<utf8proc_ssize_t>(text.size()), &made,
                                               static_cast<utf8proc_option_t>(options));
  const std::unique_ptr<utf8proc_uint8_t, Free> owner(made);
  if (length < 0) throw Error(ErrorCode::kInternal, "A text could not be normalised.");
  return {owner.get(), owner.get() + length};
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  while (true) {
    text.remove_prefix(count_leading_ascii(text));
    if (text.empty()) return true;
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

bool is_ascii(std::string_view text) noexcept { return count_leading_ascii(text) == text.size(); }

std::string to_nfc(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  return transform(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

std::string casefold(std::string_view text) {
  if (!is_ascii(text)) {
    return transform(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  }
  std::string folded(text);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return folded;
}

std::size_t count_code_points(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation(static_cast<std::uint8_t>(c)); }));
}

}  // namespace apiwright
