#include "apiwright/base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "apiwright/base/error.hpp"
#include "bytes.hpp"
#include "utf8.hpp"

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
    const std::size_t length = utf8_sequence_length(text);
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
      std::count_if(text.begin(), text.end(), [](char c) { return !is_utf8_continuation(c); }));
}

}  // namespace apiwright
