#include "validation/record_handler.hpp"

#include <concepts>
#include <set>
#include <utility>

#include "apiwright/validation/check.hpp"

namespace apiwright::validation {
namespace {

/// An order of one field's values, whatever it means, to find equal ones.
struct ByData {
  bool operator()(const Value* a, const Value* b) const {
    if (a->data.index() != b->data.index()) return a->data.index() < b->data.index();
    return std::visit([b](const auto& left) { return less(left, *b); }, a->data);
  }

  template <typename T>
  static bool less(const T& left, const Value& right) {
    if constexpr (std::same_as<T, Decimal>)
      return left.unscaled < right.as<T>().unscaled;
    else if constexpr (std::totally_ordered<T> && !std::same_as<T, Array>)
      return left < right.as<T>();
    else
      return false;
  }
};

std::string items(std::size_t count) { return std::to_string(count) + (count == 1 ? " item." : " items."); }

}  // namespace

RecordHandler::RecordHandler(const SchemaPtr& schema, Mode mode, const std::vector<bool>& accepted)
    : schema_(*schema), mode_(mode), accepted_(accepted), record_(schema), sent_(schema->fields().size(), false) {}

Record RecordHandler::finish() {
  if (!in_object_) {
    violations_.add("", "type", "Must be a JSON object.");
  } else {
    for (std::size_t i = 0; i < sent_.size(); ++i) {
      if (!sent_[i]) finish_field(i);
    }
  }
  violations_.raise_if_any();
  return std::move(record_);
}

void RecordHandler::finish_field(std::size_t index) {
  // A replaced row keeps what its client can't set; a new one has nothing to keep.
  if (mode_ == Mode::kPatch || (mode_ == Mode::kReplace && !accepted_[index])) return;
  const Field& field = schema_.field(index);
  if (field.default_value()) {
    record_.set(index, *field.default_value());
  } else if (field.is_nullable()) {
    record_.set(index, Null{});
  } else if (accepted_[index] && field.is_required()) {
    violations_.add(field.wire_name(), "required", "Is required.");
  }
}

/// The field that the coming scalar is for; null when nobody wants it.
const Field* RecordHandler::expected() {
  if (skipped_ > 0 || !in_object_ || member_ == nullptr) return nullptr;
  if (!in_list_) return member_;
  ++item_;
  return item_ <= member_->max_items() ? member_->element() : nullptr;
}

Path RecordHandler::path() const noexcept {
  const Path path(member_->wire_name());
  return in_list_ ? path.item(item_ - 1) : path;
}

void RecordHandler::accept(Value value) {
  if (in_list_) {
    items_.push_back(std::move(value));
  } else {
    record_.set(index_, std::move(value));
  }
}

void RecordHandler::null() {
  if (const Field* field = expected()) accept_null(*field);
}

void RecordHandler::accept_null(const Field& field) {
  if (field.is_nullable()) {
    accept(Null{});
  } else if (mode_ == Mode::kPatch && !in_list_) {
    remove(field);
  } else {
    violations_.add(path().to_string(), "type", "Must not be null.");
    accept(Absent{});
  }
}

void RecordHandler::remove(const Field& field) {
  if (field.default_value()) {
    record_.set(index_, *field.default_value());
  } else if (field.is_required()) {
    violations_.add(field.wire_name(), "required", "Is required, so it can't be removed.");
  } else {
    violations_.add(field.wire_name(), "type", "Must not be null.");
  }
}

void RecordHandler::boolean(bool value) {
  if (const Field* field = expected()) accept(check_boolean(*field, value, path(), violations_));
}

void RecordHandler::integer(std::int64_t value) {
  if (const Field* field = expected()) accept(check_integer(*field, value, path(), violations_));
}

void RecordHandler::number(std::string_view text) {
  if (const Field* field = expected()) accept(check_number(*field, text, path(), violations_));
}

void RecordHandler::string(std::string_view value) {
  const Field* field = expected();
  if (field == nullptr) return;
  accept(check_text(*field, value, path(), violations_));
}

void RecordHandler::start_object() {
  if (!in_object_ && skipped_ == 0) {
    in_object_ = true;
    return;
  }
  refuse_container();
}

void RecordHandler::end_object() {
  if (skipped_ > 0) --skipped_;
}

void RecordHandler::start_array() {
  if (skipped_ == 0 && in_object_ && !in_list_ && member_ != nullptr && member_->kind() == Kind::kArray) {
    in_list_ = true;
    item_ = 0;
    items_.clear();
    return;
  }
  refuse_container();
}

/// A container where a scalar was due: its content is passed over.
void RecordHandler::refuse_container() {
  if (const Field* field = expected()) {
    refuse_type(*field, path(), violations_);
    accept(Absent{});
  }
  ++skipped_;
}

void RecordHandler::end_array() {
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  in_list_ = false;
  if (item_ < member_->min_items()) {
    violations_.add(member_->wire_name(), "min_length", "Must have at least " + items(member_->min_items()));
  } else if (item_ > member_->max_items()) {
    violations_.add(member_->wire_name(), "max_length", "Must have at most " + items(member_->max_items()));
  }
  if (member_->is_distinct()) refuse_repeated_items();
  record_.set(index_, std::move(items_));
}

void RecordHandler::refuse_repeated_items() {
  std::set<const Value*, ByData> seen;
  for (std::size_t i = 0; i < items_.size(); ++i) {
    if (items_[i].is_absent() || seen.insert(&items_[i]).second) continue;
    violations_.add(Path(member_->wire_name()).item(i).to_string(), "duplicate", "Must not be there twice.");
  }
}

void RecordHandler::key(std::string_view name) {
  if (skipped_ > 0) return;
  const auto found = schema_.find_wire(name);
  const Field* field = found ? &schema_.field(*found) : nullptr;
  if (field == nullptr || !accepted_[*found]) {
    member_ = nullptr;
    refuse_member(name, field);
    return;
  }
  member_ = field;
  index_ = *found;
  sent_[index_] = true;
}

void RecordHandler::refuse_member(std::string_view name, const Field* field) {
  const bool is_seen_by_clients = field != nullptr && field->is_read_only() && !field->is_internal();
  violations_.add(Path(name).to_string(), "unknown",
                  is_seen_by_clients ? "Read-only: the server sets it." : "Is not a known field.");
}

}  // namespace apiwright::validation
