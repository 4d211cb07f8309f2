#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::json {

/// "… at byte 17." The input itself is never part of it.
[[noreturn]] void fail(std::string_view what, std::size_t offset, std::vector<Detail> details = {});

/// A string without its quotes and escapes.
struct StringToken {
  std::string_view text;
  bool in_input = true;  ///< a view into the document; else into the scanner, until its next string
};

/// A number as it is written.
struct NumberToken {
  std::string_view text;
  std::optional<std::int64_t> integer;  ///< its value, when it has neither fraction nor exponent and fits
};

/// Walks through a document byte by byte and takes its tokens, each by RFC 8259's grammar; which token may come next is
/// the caller's to know. What is not as it should be is Error(kMalformedJson) with the byte's place. A string with
/// escapes is unescaped into a buffer that is wiped in the end: it may be a password. One thread.
class Scanner {
 public:
  explicit Scanner(std::string_view bytes) noexcept : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();

  /// How many bytes it has passed over.
  [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  /// Passes over white space; the byte that follows, or NUL (which no token begins with) at the end.
  [[nodiscard]] char peek() noexcept {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
    return at_ == end_ ? '\0' : *at_;
  }

  /// Passes over the byte that peek() has shown.
  void skip() noexcept { ++at_; }

  /// Passes over white space and then over `byte`, which must be there.
  void expect(char byte) {
    if (peek() != byte) fail_here();
    skip();
  }

  /// The three below begin at what peek() has shown: a quote, a digit or a minus, a letter.
  [[nodiscard]] StringToken string();
  [[nodiscard]] NumberToken number();
  void literal(std::string_view text);

  /// Nothing but white space may follow.
  void expect_end();

  /// Refuses the byte where the scanner stands, saying what it is if that is clear from the byte alone.
  [[noreturn]] void fail_here(std::string_view otherwise = "The JSON is not well-formed") const;

 private:
  [[nodiscard]] std::string_view rest() const noexcept { return {at_, static_cast<std::size_t>(end_ - at_)}; }
  [[nodiscard]] bool at_digit() const noexcept { return at_ != end_ && *at_ >= '0' && *at_ <= '9'; }
  [[nodiscard]] bool skip_if(char byte) noexcept;
  void skip_digits();
  void skip_unescaped();
  [[nodiscard]] StringToken unescape(std::string_view written);
  void append_escape();
  void append_unicode_escape();
  [[nodiscard]] std::uint32_t code_unit();

  const char* begin_;
  const char* at_;
  const char* end_;
  std::string unescaped_;
};

}  // namespace apiwright::json
