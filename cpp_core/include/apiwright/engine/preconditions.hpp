#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/validation/violations.hpp"

namespace apiwright::engine {

/// If-Match and If-None-Match as they came, several lines as one list; none: not sent.
struct ConditionalHeaders {
  std::optional<std::string> if_match{};
  std::optional<std::string> if_none_match{};
};

/// What one of them names (RFC 9110 §13.1): `*`, which is whatever is there, or entity tags. Immutable.
class TagList {
 public:
  static constexpr std::size_t kMaxLength = 8192;  ///< bytes
  static constexpr std::size_t kMaxTags = 100;

  /// None for what is no such list: an empty one, a tag without quotes, too much of it.
  [[nodiscard]] static std::optional<TagList> parse(std::string_view text);

  /// Whether `tag`, with its quotes, is among them, by the weak comparison.
  [[nodiscard]] bool matches(std::string_view tag) const;
  /// Whether a strong tag of this version is among them, whichever fields its holder saw: `"3"` as well as `"3-…"`.
  /// `*` is every version, and none.
  [[nodiscard]] bool matches_version(std::optional<std::int64_t> version) const;

 private:
  struct Tag {
    bool weak = false;
    std::string quoted;
  };

  TagList() = default;

  bool any_ = false;
  std::vector<Tag> tags_;
};

/// What must hold of a row as it is before a request does anything (RFC 9110 §13).
struct Preconditions {
  std::optional<TagList> if_match{};
  std::optional<TagList> if_none_match{};
};

/// What is no list of tags is a violation, `header.If-Match` or `header.If-None-Match`.
[[nodiscard]] Preconditions parse_preconditions(const ConditionalHeaders& sent, validation::Violations& violations);

}  // namespace apiwright::engine
