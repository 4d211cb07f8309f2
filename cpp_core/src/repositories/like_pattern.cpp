#include "repositories/like_pattern.hpp"

#include <cstdint>

#include "apiwright/base/text.hpp"

namespace apiwright::repositories {
namespace {

void append_escaped(std::string& sql, std::string_view text) {
  for (const char character : text) {
    if (character == '%' || character == '_' || character == '\\') sql += '\\';
    sql += character;
  }
}

}  // namespace

// Cut before it is folded: other characters fold to `*` (U+FF0A), and stand for themselves.
LikePattern::LikePattern(std::string_view pattern) {
  bool first = true;
  while (true) {
    const auto star = pattern.find('*');
    const auto text = casefold(pattern.substr(0, star));
    if (first) beginning_ = text;
    first = false;
    append_escaped(sql_, text);
    if (star == std::string_view::npos) return;
    sql_ += '%';
    pattern.remove_prefix(star + 1);
  }
}

// The last byte is one more: of ASCII, or the last of a longer sequence, whose code point then is one more.
std::optional<std::string> text_after(std::string_view beginning) {
  constexpr std::uint8_t kLastAscii = 0x7F;
  constexpr std::uint8_t kLastContinuation = 0xBF;
  if (beginning.empty()) return std::nullopt;
  const auto last = static_cast<std::uint8_t>(beginning.back());
  if (last == kLastAscii || last == kLastContinuation) return std::nullopt;
  std::string after(beginning);
  after.back() = static_cast<char>(last + 1);
  return after;
}

}  // namespace apiwright::repositories
