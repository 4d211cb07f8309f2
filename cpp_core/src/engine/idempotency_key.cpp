#include "apiwright/engine/idempotency_key.hpp"

#include <algorithm>

namespace apiwright::engine {
namespace {

bool is_printable(char character) { return character >= ' ' && character <= '~'; }

// What stands between the quotes of `"…"`, where only \\ and \" are escaped.
std::optional<std::string> unquoted(std::string_view text) {
  if (text.size() < 2 || text.back() != '"') return std::nullopt;
  std::string key;
  text = text.substr(1, text.size() - 2);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') return std::nullopt;
    if (text[at] == '\\' && (++at == text.size() || (text[at] != '"' && text[at] != '\\'))) return std::nullopt;
    key += text[at];
  }
  return key;
}

}  // namespace

std::optional<std::string> parse_idempotency_key(std::string_view sent) {
  if (!std::all_of(sent.begin(), sent.end(), is_printable)) return std::nullopt;
  auto key = sent.starts_with('"') ? unquoted(sent) : std::optional(std::string(sent));
  if (!key || key->empty() || key->size() > kMaxIdempotencyKey) return std::nullopt;
  return key;
}

}  // namespace apiwright::engine
