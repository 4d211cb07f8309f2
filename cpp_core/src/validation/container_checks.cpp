#include "validation/container_checks.hpp"

#include <set>
#include <string>
#include <string_view>

#include "apiwright/validation/value_json.hpp"

namespace apiwright::validation {

void check_count(const Field& field, std::size_t count, Path path, Violations& violations) {
  const char* const what = field.kind() == Kind::kArray ? "item" : "member";
  const auto counted = [what](std::size_t bound) {
    return std::to_string(bound) + ' ' + what + (bound == 1 ? "." : "s.");
  };
  if (count < field.min_items()) {
    violations.add(path.to_string(), "min_length", "Must have at least " + counted(field.min_items()));
  } else if (count > field.max_items()) {
    violations.add(path.to_string(), "max_length", "Must have at most " + counted(field.max_items()));
  }
}

void refuse_repeated_items(const Array& items, Path path, Violations& violations) {
  // A value's JSON is the same for equal values of one field, and for no others.
  std::set<std::string> seen;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].is_absent() || seen.insert(to_json(items[i])).second) continue;
    violations.add(path.item(i).to_string(), "duplicate", "Must not be there twice.");
  }
}

void refuse_repeated_names(const std::vector<Map::Entry>& entries, Path path, Violations& violations) {
  std::set<std::string_view> seen;
  for (const Map::Entry& entry : entries) {
    if (seen.insert(entry.name).second) continue;
    violations.add(path.member(entry.name).to_string(), "duplicate", "Must not be there twice.");
  }
}

}  // namespace apiwright::validation
