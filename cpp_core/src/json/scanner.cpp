#include "scanner.hpp"

#include <charconv>
#include <system_error>
#include <utility>

#include "apiwright/base/secret.hpp"
#include "base/utf8.hpp"
#include "eight_bytes.hpp"

namespace apiwright::json {
namespace {

bool is_ascii(char c) noexcept { return (static_cast<unsigned char>(c) & 0x80U) == 0; }

bool is_unescaped_ascii(char c) noexcept { return is_ascii(c) && c >= ' ' && c != '"' && c != '\\'; }

/// The first byte that is not ASCII, or that a string can't have as it is; `end` when there is none.
const char* find_unusual(const char* at, const char* end) noexcept {
  for (; static_cast<std::size_t>(end - at) >= sizeof(EightBytes); at += sizeof(EightBytes)) {
    const std::uint64_t found = EightBytes(at).specials_or_non_ascii();
    if (found != 0) return at + EightBytes::before_first(found);
  }
  while (at != end && is_unescaped_ascii(*at)) ++at;
  return at;
}

bool is_high_surrogate(std::uint32_t unit) noexcept { return unit >= 0xD800 && unit <= 0xDBFF; }
bool is_low_surrogate(std::uint32_t unit) noexcept { return unit >= 0xDC00 && unit <= 0xDFFF; }

/// -1 for what is none.
int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  const auto continuation = [&](unsigned shift) { out += static_cast<char>(0x80U | ((code_point >> shift) & 0x3FU)); };
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0U | (code_point >> 6U));
    continuation(0);
  } else if (code_point < 0x10000) {
    out += static_cast<char>(0xE0U | (code_point >> 12U));
    continuation(6);
    continuation(0);
  } else {
    out += static_cast<char>(0xF0U | (code_point >> 18U));
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

}  // namespace

void fail(std::string_view what, std::size_t offset, std::vector<Detail> details) {
  throw Error(ErrorCode::kMalformedJson, std::string(what) + " at byte " + std::to_string(offset) + ".",
              std::move(details));
}

Scanner::~Scanner() { wipe(unescaped_); }

void Scanner::expect_end() {
  (void)peek();
  if (at_ != end_) fail_here("Something follows the JSON");
}

void Scanner::literal(std::string_view text) {
  for (const char c : text) {
    if (at_ == end_ || *at_ != c) fail_here();
    ++at_;
  }
}

NumberToken Scanner::number() {
  const char* const first = at_;
  (void)skip_if('-');
  if (!skip_if('0')) skip_digits();
  const char* const whole_end = at_;
  if (skip_if('.')) skip_digits();
  if (skip_if('e') || skip_if('E')) {
    (void)(skip_if('+') || skip_if('-'));
    skip_digits();
  }
  NumberToken token{.text = {first, static_cast<std::size_t>(at_ - first)}, .integer = std::nullopt};
  std::int64_t value = 0;
  if (at_ == whole_end && std::from_chars(first, at_, value).ec == std::errc()) token.integer = value;
  return token;
}

bool Scanner::skip_if(char byte) noexcept {
  const bool is_there = at_ != end_ && *at_ == byte;
  if (is_there) ++at_;
  return is_there;
}

/// One at least.
void Scanner::skip_digits() {
  if (!at_digit()) fail_here();
  while (at_digit()) ++at_;
}

StringToken Scanner::string() {
  skip();
  const char* const first = at_;
  bool has_escape = false;
  for (skip_unescaped(); !skip_if('"'); skip_unescaped()) {
    if (!skip_if('\\')) fail_here();
    has_escape = true;
    (void)(skip_if('"') || skip_if('\\'));
  }
  const std::string_view written(first, static_cast<std::size_t>(at_ - first - 1));
  if (!has_escape) return {.text = written};
  return unescape(written);
}

/// Passes over what a string may hold as it is, up to a quote, a backslash, a control character or the end.
void Scanner::skip_unescaped() {
  while (true) {
    at_ = find_unusual(at_, end_);
    if (at_ == end_ || is_ascii(*at_)) return;
    const std::size_t length = utf8_sequence_length(rest());
    if (length == 0) fail_here();
    at_ += length;
  }
}

/// Goes through a string once more, whose quote stands where it ends: nothing below can run past it.
StringToken Scanner::unescape(std::string_view written) {
  // A buffer that grows leaves its old memory behind as it is.
  if (written.size() > unescaped_.capacity()) wipe(unescaped_);
  unescaped_.clear();
  unescaped_.reserve(written.size());
  const char* const quote = written.data() + written.size();
  at_ = written.data();
  while (at_ != quote) {
    const std::string_view left(at_, static_cast<std::size_t>(quote - at_));
    const std::string_view as_it_is = left.substr(0, left.find('\\'));
    unescaped_ += as_it_is;
    at_ += as_it_is.size();
    if (at_ != quote) append_escape();
  }
  skip();
  return {.text = unescaped_, .in_input = false};
}

void Scanner::append_escape() {
  skip();
  switch (*at_) {
    case '"':
    case '\\':
    case '/':
      unescaped_ += *at_;
      break;
    case 'b':
      unescaped_ += '\b';
      break;
    case 'f':
      unescaped_ += '\f';
      break;
    case 'n':
      unescaped_ += '\n';
      break;
    case 'r':
      unescaped_ += '\r';
      break;
    case 't':
      unescaped_ += '\t';
      break;
    case 'u':
      append_unicode_escape();
      return;
    default:
      fail_here();
  }
  skip();
}

void Scanner::append_unicode_escape() {
  std::uint32_t code_point = code_unit();
  if (is_low_surrogate(code_point)) fail_here();
  if (is_high_surrogate(code_point)) {
    if (!skip_if('\\') || *at_ != 'u') fail_here();
    const std::uint32_t low = code_unit();
    if (!is_low_surrogate(low)) fail_here();
    code_point = 0x10000 + ((code_point - 0xD800) << 10U) + (low - 0xDC00);
  }
  append_utf8(unescaped_, code_point);
}

/// Passes over the `u` and the four hexadecimal digits that must follow it.
std::uint32_t Scanner::code_unit() {
  constexpr int kDigits = 4;
  skip();
  std::uint32_t unit = 0;
  for (int i = 0; i < kDigits; ++i, ++at_) {
    const int digit = hex_digit(*at_);
    if (digit < 0) fail_here();
    unit = unit << 4U | static_cast<std::uint32_t>(digit);
  }
  return unit;
}

void Scanner::fail_here(std::string_view otherwise) const {
  if (at_ == end_) fail("The JSON ends too early", offset());
  if (*at_ == '\0') fail("The JSON has a NUL byte", offset());
  if (!is_ascii(*at_) && utf8_sequence_length(rest()) == 0) fail("The JSON is not well-formed UTF-8", offset());
  fail(otherwise, offset());
}

}  // namespace apiwright::json
