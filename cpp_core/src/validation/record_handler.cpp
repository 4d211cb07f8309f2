#include "validation/record_handler.hpp"

#include <utility>

#include "apiwright/validation/check.hpp"
#include "apiwright/validation/value_json.hpp"
#include "validation/number.hpp"
#include "validation/presence.hpp"

namespace apiwright::validation {
namespace {

const Field& name_of_entry() {
  static const Field field = Field::string("name");
  return field;
}

}  // namespace

RecordHandler::RecordHandler(const Field& root, const Reading& reading) : root_(root), reading_(reading) {}

Record RecordHandler::finish_record() {
  if (!record_ && violations_.empty()) violations_.add("", "type", "Must be a JSON object.");
  violations_.raise_if_any();
  return std::move(*record_);
}

Value RecordHandler::finish_value() {
  if (record_) value_ = Object{std::make_shared<const Record>(std::move(*record_))};
  if (value_.is_absent() && violations_.empty()) refuse_type(root_, "", violations_);
  violations_.raise_if_any();
  return std::move(value_);
}

/// The field that the coming value is for; null when nobody wants it.
const Field* RecordHandler::expected() {
  if (skipped_ > 0) return nullptr;
  if (top_ == nullptr) return &root_;
  if (top_->shape == Frame::Shape::kObject) return top_->member;
  if (top_->shape == Frame::Shape::kList) ++top_->count;
  return top_->is_partial || top_->count <= top_->field->max_items() ? top_->member : nullptr;
}

Path RecordHandler::path() const noexcept {
  if (top_ == nullptr) return reading_.place;
  switch (top_->shape) {
    case Frame::Shape::kList:
      return top_->path.item(top_->count - 1);
    case Frame::Shape::kMap:
      return top_->path.member(top_->name);
    case Frame::Shape::kObject:
      break;
  }
  return top_->path.member(top_->member->wire_name());
}

void RecordHandler::accept(Value value) {
  if (top_ == nullptr) {
    value_ = std::move(value);
    return;
  }
  switch (top_->shape) {
    case Frame::Shape::kObject:
      top_->values[top_->index] = std::move(value);
      return;
    case Frame::Shape::kList:
      top_->items.push_back(std::move(value));
      return;
    case Frame::Shape::kMap:
      top_->entries.push_back({std::move(top_->name), std::move(value)});
      return;
  }
}

/// A scalar: for a field of any JSON its text, else what `check` makes of it.
template <typename Check>
void RecordHandler::accept_scalar(const Check& check) {
  if (const Field* field = expected()) accept(check(*field, path()));
}

void RecordHandler::null() {
  if (sink_ != nullptr) return sink_->null();
  if (const Field* field = expected()) accept_null(*field);
}

void RecordHandler::accept_null(const Field& field) {
  const bool is_change = top_ != nullptr && top_->is_partial;
  if (field.is_nullable() || (is_change && top_->shape == Frame::Shape::kMap)) {
    accept(Null{});
  } else if (is_change) {
    remove(field);
  } else if (field.kind() == Kind::kJson) {
    accept(Json{"null"});
  } else {
    violations_.add(path().to_string(), "type", "Must not be null.");
    accept(Absent{});
  }
}

/// A member that may not be null, in an object that keeps its others. JSON has a null of its own.
void RecordHandler::remove(const Field& field) {
  if (field.kind() == Kind::kJson && (field.is_required() || !is_merged(field))) {
    accept(Json{"null"});
  } else if (field.default_value()) {
    accept(is_merged(field) ? Value(Null{}) : *field.default_value());
  } else if (field.is_optional() && !field.is_transient()) {
    accept(Null{});
  } else if (field.is_required()) {
    violations_.add(path().to_string(), "required", "Is required, so it can't be removed.");
  } else {
    violations_.add(path().to_string(), "type", "Must not be null.");
  }
}

/// Whether the coming value is laid over what a row holds; a list is replaced whole, and with it what is inside.
bool RecordHandler::is_merged() const noexcept {
  return reading_.mode == Mode::kPatch && (top_ == nullptr || top_->is_partial);
}

bool RecordHandler::is_merged(const Field& field) const noexcept {
  return is_merged() && field.is_composite() && field.kind() != Kind::kArray;
}

void RecordHandler::boolean(bool value) {
  if (sink_ != nullptr) return sink_->boolean(value);
  accept_scalar([&](const Field& field, Path path) -> Value {
    if (field.kind() == Kind::kJson) return Json{value ? "true" : "false"};
    return check_boolean(field, value, path, violations_);
  });
}

void RecordHandler::integer(std::int64_t value) {
  if (sink_ != nullptr) return sink_->integer(value);
  accept_scalar([&](const Field& field, Path path) -> Value {
    if (field.kind() == Kind::kJson) return Json{std::to_string(value)};
    return check_integer(field, value, path, violations_);
  });
}

void RecordHandler::number(std::string_view text) {
  if (json_) refuse_infinite(text);
  if (sink_ != nullptr) return sink_->number(text);
  accept_scalar([&](const Field& field, Path path) -> Value {
    if (field.kind() == Kind::kJson) return refuse_infinite(text), Json{std::string(text)};
    return check_number(field, text, path, violations_);
  });
}

void RecordHandler::string(std::string_view value) {
  if (json_) refuse_null_character(value);
  if (sink_ != nullptr) {
    sink_->string(value);
    return note_discriminator();
  }
  accept_scalar([&](const Field& field, Path path) -> Value {
    if (field.kind() == Kind::kJson) return refuse_null_character(value), Json{to_json(std::string(value))};
    return check_text(field, value, path, violations_);
  });
}

void RecordHandler::start_object() {
  if (sink_ != nullptr) return sink_->start_object();
  const Field* field = expected();
  const Kind kind = field == nullptr ? Kind::kString : field->kind();
  switch (kind) {
    case Kind::kObject:
      return open_object(*field, field->schema());
    case Kind::kMap:
      open(Frame::Shape::kMap, *field).member = field->element();
      return;
    case Kind::kUnion:
      union_ = field;
      sink_ = &recording_.emplace(field->discriminator());
      return;
    case Kind::kJson:
      open_json();
      return sink_->start_object();
    default:
      return refuse_container(field);
  }
}

void RecordHandler::start_array() {
  if (sink_ != nullptr) return sink_->start_array();
  const Field* field = expected();
  const Kind kind = field == nullptr ? Kind::kString : field->kind();
  if (kind == Kind::kJson) {
    open_json();
    sink_->start_array();
  } else if (kind == Kind::kArray) {
    open(Frame::Shape::kList, *field).member = field->element();
  } else {
    refuse_container(field);
  }
}

/// A container where none was due: its content is passed over.
void RecordHandler::refuse_container(const Field* field) {
  if (field != nullptr) {
    refuse_type(*field, path(), violations_);
    accept(Absent{});
  }
  ++skipped_;
}

void RecordHandler::end_object() {
  if (sink_ != nullptr) {
    if (recording_ && recording_->depth() == 0) return close_union();
    sink_->end_object();
    return close_json();
  }
  close();
}

void RecordHandler::end_array() {
  if (sink_ != nullptr) {
    sink_->end_array();
    return close_json();
  }
  close();
}

void RecordHandler::open_json() { sink_ = &json_.emplace(); }

void RecordHandler::close_json() {
  if (!json_ || json_->depth() > 0) return;
  sink_ = nullptr;
  accept(Json{json_->take()});
  json_.reset();
}

/// JSON that nobody looks into must be readable for all the same: most readers have doubles alone.
void RecordHandler::refuse_infinite(std::string_view text) {
  constexpr std::int64_t kMaxMagnitude = 308;  // the largest double is below 1.8 × 10^308
  const auto number = Number::parse(text);
  if (number && number->magnitude > kMaxMagnitude) {
    violations_.add(path().to_string(), number->negative ? "min" : "max", "Must not hold so large a number.");
  }
}

/// No database text may hold it everywhere.
void RecordHandler::refuse_null_character(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return;
  violations_.add(path().to_string(), "format", "Must not contain the null character.");
}

void RecordHandler::key(std::string_view name) {
  if (json_) refuse_null_character(name);
  if (sink_ != nullptr) return sink_->key(name);
  if (skipped_ > 0) return;
  if (top_->shape == Frame::Shape::kMap) {
    key_of_map(name);
  } else {
    key_of_object(name);
  }
}

void RecordHandler::key_of_map(std::string_view name) {
  ++top_->count;
  const Value checked = check_text(name_of_entry(), name, top_->path.member(name), violations_);
  top_->member = checked.is_absent() ? nullptr : top_->field->element();
  if (checked.is_absent()) return;
  top_->name = checked.as<std::string>();
  top_->has_renamed = top_->has_renamed || top_->name != name;
}

void RecordHandler::key_of_object(std::string_view name) {
  const auto found = top_->schema->find_wire(name);
  const Field* field = found ? &top_->schema->field(*found) : nullptr;
  if (field == nullptr || !accepts(*top_, *found)) {
    top_->member = nullptr;
    if (!reading_.tolerant) refuse_member(name, field);
    return;
  }
  top_->member = field;
  top_->index = *found;
  top_->sent[*found] = true;
}

void RecordHandler::refuse_member(std::string_view name, const Field* field) {
  const bool is_seen_by_clients = field != nullptr && field->is_read_only() && !field->is_internal();
  violations_.add(top_->path.member(name).to_string(), "unknown",
                  is_seen_by_clients ? "Read-only: the server sets it." : "Is not a known field.");
}

bool RecordHandler::accepts(const Frame& frame, std::size_t index) const {
  if (is_root(frame) && reading_.accepted != nullptr) return (*reading_.accepted)[index];
  return is_settable(frame.schema->field(index));
}

}  // namespace apiwright::validation
