#include "apiwright/validation/record.hpp"

#include <stdexcept>

namespace apiwright::validation {
namespace {

std::string join(const Schema& schema, const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + schema.field(schema.index_of(name)).wire_name();
  }
  return text;
}

void check_choice(const Record& record, const Choice& choice, Path path, Violations& violations) {
  const Schema& schema = record.schema();
  const auto place_of = [&](std::size_t index) { return path.member(schema.field(index).wire_name()).to_string(); };
  std::size_t given = 0;
  std::string first;
  for (const std::string& name : choice.fields) {
    const std::size_t index = schema.index_of(name);
    if (record.at(index).is_absent() || record.at(index).is_null()) continue;
    if (given++ == 0) {
      first = schema.field(index).wire_name();
    } else if (choice.exclusive) {
      violations.add(place_of(index), "exclusive", "Must not be given beside " + first + ".");
    }
  }
  if (given > 0 || !choice.required) return;
  violations.add(place_of(schema.index_of(choice.fields.front())), "required",
                 (choice.exclusive ? "Exactly" : "At least") + std::string(" one of these must be given: ") +
                     join(schema, choice.fields) + ".");
}

}  // namespace

bool operator==(const Object& left, const Object& right) {
  if (&left.record->schema().declared() != &right.record->schema().declared()) return false;
  for (std::size_t i = 0; i < left.record->schema().fields().size(); ++i) {
    if (left.record->at(i) != right.record->at(i)) return false;
  }
  return true;
}

void check_choices(const Record& record, Path path, Violations& violations) {
  for (const Choice& choice : record.schema().choices()) check_choice(record, choice, path, violations);
}

Secret Record::take_secret(std::string_view name) {
  Value& value = values_[schema_->index_of(name)];
  if (value.is_absent() || value.is_null()) {
    value = Absent{};
    return {};
  }
  auto* text = std::get_if<std::string>(&value.data);
  if (text == nullptr) throw std::logic_error("Field `" + std::string(name) + "` is not a text");
  Secret secret(*text);
  wipe(*text);
  value = Absent{};
  return secret;
}

}  // namespace apiwright::validation
