#include "data/postgresql_lexer.hpp"

#include <algorithm>

namespace apiwright::data {
namespace {

constexpr std::string_view kWhiteSpace = " \t\n\r\f\v";

bool begins_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The length of what is at the front as long as its characters are.
template <typename Is>
std::size_t length_of(std::string_view text, Is is) noexcept {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is) - text.begin());
}

std::size_t after(std::string_view text, std::string_view end, std::size_t from) noexcept {
  const auto found = text.find(end, from);
  return found == std::string_view::npos ? text.size() : found + end.size();
}

// A doubled quote closes and opens again, which comes to the same.
std::size_t plain_quote(std::string_view text) noexcept { return after(text, text.substr(0, 1), 1); }

// E'…', where a backslash takes the next character along.
std::size_t escaped_quote(std::string_view text) noexcept {
  std::size_t at = 2;
  while (at < text.size() && text[at] != '\'') at += text[at] == '\\' ? 2U : 1U;
  return std::min(at + 1, text.size());
}

// `$$` or `$tag$`; 0 for another dollar.
std::size_t dollar_tag(std::string_view text) noexcept {
  const auto name = text.substr(1);
  const auto size = length_of(name, [](char c) { return begins_word(c) || is_digit(c); });
  if (size == name.size() || name[size] != '$' || (size > 0 && is_digit(name.front()))) return 0;
  return size + 2;
}

std::size_t block_comment(std::string_view text) noexcept {
  std::size_t depth = 1;
  std::size_t at = 2;
  while (at < text.size() && depth > 0) {
    const auto two = text.substr(at, 2);
    if (two == "/*") ++depth;
    if (two == "*/") --depth;
    at += two == "/*" || two == "*/" ? 2U : 1U;
  }
  return at;
}

}  // namespace

PostgresqlLexer::Piece PostgresqlLexer::take(Kind kind, std::size_t size) noexcept {
  const Piece piece{.kind = kind, .text = rest_.substr(0, size)};
  rest_.remove_prefix(size);
  return piece;
}

std::optional<PostgresqlLexer::Piece> PostgresqlLexer::next() noexcept {
  if (rest_.empty()) return std::nullopt;
  const char first = rest_.front();
  const auto two = rest_.substr(0, 2);
  if (kWhiteSpace.find(first) != std::string_view::npos) {
    return take(Kind::kSpace, std::min(rest_.find_first_not_of(kWhiteSpace), rest_.size()));
  }
  if (two == "--") return take(Kind::kSpace, std::min(rest_.find('\n'), rest_.size()));
  if (two == "/*") return take(Kind::kSpace, block_comment(rest_));
  if (first == '\'' || first == '"') return take(Kind::kQuoted, plain_quote(rest_));
  if (two == "e'" || two == "E'") return take(Kind::kQuoted, escaped_quote(rest_));
  if (first == '$') {
    const auto tag = dollar_tag(rest_);
    if (tag > 0) return take(Kind::kQuoted, after(rest_, rest_.substr(0, tag), tag));
  }
  if (begins_word(first) || is_digit(first)) {
    // A dollar inside belongs to the name.
    return take(Kind::kWord, length_of(rest_, [](char c) { return begins_word(c) || is_digit(c) || c == '$'; }));
  }
  return take(Kind::kSign, 1);
}

}  // namespace apiwright::data
