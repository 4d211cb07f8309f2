#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace apiwright::validation {

/// Lays members over others (each with a name and a value, no name twice) as a merge patch does: `is_null` ones are
/// taken away, `merge(value, change)` makes the value of all others, which is a new one where there was none. Those
/// that were there keep their places. Linear.
template <typename Member, typename IsNull, typename Merge>
void lay_over(std::vector<Member>& members, const std::vector<Member>& changes, const IsNull& is_null,
              const Merge& merge) {
  members.reserve(members.size() + changes.size());  // so that names stay where they are
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < members.size(); ++i) places.emplace(members[i].name, i);
  std::vector<bool> removed(members.size() + changes.size(), false);
  for (const Member& change : changes) {
    const auto found = places.find(change.name);
    if (is_null(change.value)) {
      if (found != places.end()) removed[found->second] = true;
      continue;
    }
    if (found == places.end()) members.push_back({change.name, {}});
    merge(found == places.end() ? members.back().value : members[found->second].value, change);
  }
  std::vector<Member> kept;
  kept.reserve(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!removed[i]) kept.push_back(std::move(members[i]));
  }
  members = std::move(kept);
}

}  // namespace apiwright::validation
