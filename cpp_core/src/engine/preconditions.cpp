#include "apiwright/engine/preconditions.hpp"

#include <algorithm>
#include <utility>

namespace apiwright::engine {
namespace {

bool is_space(char character) { return character == ' ' || character == '\t'; }

void skip_spaces(std::string_view& text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
}

// RFC 9110 §8.8.3: neither quote, nor space, nor control character.
bool is_etagc(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return byte > 0x20 && byte != '"' && byte != 0x7F;
}

// Takes `"…"` off the front of `text`; none when it does not begin so.
std::optional<std::string_view> take_quoted(std::string_view& text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  const auto end = text.find('"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  const auto quoted = text.substr(0, end + 1);
  if (!std::all_of(quoted.begin() + 1, quoted.end() - 1, is_etagc)) return std::nullopt;
  text.remove_prefix(quoted.size());
  return quoted;
}

// Takes what may stand between two tags off the front: at least one comma (RFC 9110 §5.6.1.2), or the end.
bool take_separator(std::string_view& text) {
  skip_spaces(text);
  if (text.empty()) return true;
  if (text.front() != ',') return false;
  while (!text.empty() && (text.front() == ',' || is_space(text.front()))) text.remove_prefix(1);
  return true;
}

std::optional<TagList> read(const std::optional<std::string>& sent, const char* field,
                            validation::Violations& violations) {
  if (!sent) return std::nullopt;
  auto tags = TagList::parse(*sent);
  if (!tags) violations.add(field, "format", "Must be * or at most 100 entity tags, each in quotes.");
  return tags;
}

}  // namespace

std::optional<TagList> TagList::parse(std::string_view text) {
  TagList list;
  if (text.size() > kMaxLength) return std::nullopt;
  skip_spaces(text);
  if (text.starts_with('*')) {
    list.any_ = std::all_of(text.begin() + 1, text.end(), is_space);
    return list.any_ ? std::optional(std::move(list)) : std::nullopt;
  }
  while (!text.empty()) {
    const bool weak = text.starts_with("W/");
    if (weak) text.remove_prefix(2);
    const auto quoted = take_quoted(text);
    if (!quoted || !take_separator(text) || list.tags_.size() == kMaxTags) return std::nullopt;
    list.tags_.push_back({weak, std::string(*quoted)});
  }
  return list.tags_.empty() ? std::nullopt : std::optional(std::move(list));
}

bool TagList::matches(std::string_view tag) const {
  return any_ || std::any_of(tags_.begin(), tags_.end(), [&](const Tag& one) { return one.quoted == tag; });
}

bool TagList::matches_version(std::optional<std::int64_t> version) const {
  if (any_) return true;
  if (!version) return false;
  const auto start = '"' + std::to_string(*version);
  return std::any_of(tags_.begin(), tags_.end(), [&](const Tag& tag) {
    if (tag.weak || !tag.quoted.starts_with(start)) return false;
    const char next = tag.quoted[start.size()];
    return next == '"' || next == '-';
  });
}

Preconditions parse_preconditions(const ConditionalHeaders& sent, validation::Violations& violations) {
  return {read(sent.if_match, "header.If-Match", violations),
          read(sent.if_none_match, "header.If-None-Match", violations)};
}

}  // namespace apiwright::engine
