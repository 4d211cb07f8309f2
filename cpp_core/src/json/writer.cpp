#include "apiwright/json/writer.hpp"

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "eight_bytes.hpp"

namespace apiwright::json {
namespace {

/// The letter after the backslash for what has a short escape; 0 for the other control characters.
char short_escape(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return 0;
  }
}

bool needs_escape(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

// The first byte from `from` on that needs an escape; the text's size when there is none.
std::size_t find_escape(std::string_view text, std::size_t from) noexcept {
  for (; from + sizeof(EightBytes) <= text.size(); from += sizeof(EightBytes)) {
    if (const auto found = EightBytes(text.data() + from).specials(); found != 0) {
      return from + EightBytes::before_first(found);
    }
  }
  while (from < text.size() && !needs_escape(text[from])) ++from;
  return from;
}

// Most strings need no escape: room is looked for once.
void append_clean(std::string& out, std::string_view text) {
  const auto begin = out.size();
  out.append(text.size() + 2, '"');
  text.copy(out.data() + begin + 1, text.size());
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '\\';
  if (const char letter = short_escape(c); letter != 0) {
    out += letter;
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += kHex[byte >> 4U];
  out += kHex[byte & 0x0FU];
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  std::size_t at = find_escape(text, 0);
  if (at == text.size()) {
    append_clean(out, text);
    return;
  }
  out += '"';
  std::size_t clean_from = 0;
  while (true) {
    out.append(text, clean_from, at - clean_from);
    if (at == text.size()) break;
    append_escaped(out, text[at]);
    clean_from = at + 1;
    at = find_escape(text, clean_from);
  }
  out += '"';
}

void Writer::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  comma_ = false;
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  comma_ = true;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  comma_ = false;
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  comma_ = true;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

Writer& Writer::raw_key(std::string_view key) {
  separate();
  out_ += key;
  comma_ = false;
  return *this;
}

Writer& Writer::null() { return raw("null"); }

Writer& Writer::boolean(bool value) { return raw(value ? "true" : "false"); }

Writer& Writer::integer(std::int64_t value) {
  std::array<char, 20> text{};  // the longest is -9223372036854775808
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  return raw({text.data(), end});
}

Writer& Writer::number(double value) {
  constexpr std::size_t kLongest = 32;
  std::array<char, kLongest> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
  raw({text.data(), end});
  if (std::string_view(text.data(), end).find_first_of(".e") == std::string_view::npos) out_ += ".0";
  return *this;
}

Writer& Writer::string(std::string_view value) {
  separate();
  append_string(out_, value);
  return *this;
}

Writer& Writer::time(Timestamp value) {
  separate();
  out_ += '"';
  append_timestamp(out_, value);
  out_ += '"';
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace apiwright::json
