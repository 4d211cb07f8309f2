#include "apiwright/access/permission.hpp"

#include <algorithm>

namespace apiwright::access {
namespace {

constexpr std::string_view kEverything = "*";
constexpr std::string_view kEverythingBelow = ":*";

bool is_word(std::string_view text) noexcept {
  const auto is_lower = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_inner = [&](char c) { return is_lower(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !text.empty() && is_lower(text.front()) && std::all_of(text.begin(), text.end(), is_inner);
}

}  // namespace

bool is_permission(std::string_view text) noexcept {
  for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':')) {
    if (!is_word(text.substr(0, colon))) return false;
    text.remove_prefix(colon + 1);
  }
  return is_word(text);
}

bool is_grant(std::string_view text) noexcept {
  if (text == kEverything) return true;
  if (text.ends_with(kEverythingBelow)) text.remove_suffix(kEverythingBelow.size());
  return is_permission(text);
}

bool grants(std::string_view grant, std::string_view permission) noexcept {
  if (!is_permission(permission)) return false;
  if (grant == kEverything || grant == permission) return true;
  return grant.ends_with(kEverythingBelow) && permission.starts_with(grant.substr(0, grant.size() - 1));
}

}  // namespace apiwright::access
