#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apiwright::repositories {

/// A pattern in which `*` stands for any run of characters, for texts that are case-folded.
class LikePattern {
 public:
  explicit LikePattern(std::string_view pattern);

  /// What each text that matches begins with, case-folded.
  [[nodiscard]] const std::string& beginning() const noexcept { return beginning_; }
  /// For LIKE with `\` as its ESCAPE.
  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }

 private:
  std::string beginning_;
  std::string sql_;
};

/// A text that comes, by code points, after all that begin with this one and before any other: its last code point is
/// one more. None where that is not told by the last byte alone.
[[nodiscard]] std::optional<std::string> text_after(std::string_view beginning);

}  // namespace apiwright::repositories
