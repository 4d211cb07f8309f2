#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace apiwright::data {

/// SQL in the pieces that PostgreSQL reads it in (standard_conforming_strings on). Nothing is checked: what is quoted
/// and never closed goes on to the end.
class PostgresqlLexer {
 public:
  enum class Kind {
    kSpace,   ///< white space, or a comment (`-- …`, `/* … */` with others inside)
    kWord,    ///< a keyword, a name or a number
    kQuoted,  ///< `'…'`, `E'…'`, `"…"` or `$tag$…$tag$`, with its quotes
    kSign,    ///< any other character
  };
  struct Piece {
    Kind kind = Kind::kSign;
    std::string_view text;
  };

  /// `sql` outlives this.
  explicit PostgresqlLexer(std::string_view sql) noexcept : rest_(sql) {}

  /// None at the end.
  [[nodiscard]] std::optional<Piece> next() noexcept;

 private:
  Piece take(Kind kind, std::size_t size) noexcept;

  std::string_view rest_;
};

}  // namespace apiwright::data
