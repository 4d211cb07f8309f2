#include "validation/recording.hpp"

#include "apiwright/base/secret.hpp"

namespace apiwright::validation {

Recording::~Recording() {
  // Among them may be a password.
  for (Event& event : events_) wipe(event.text);
}

void Recording::add(Type type, std::int64_t integer, std::string_view text) {
  events_.push_back({type, integer, std::string(text)});
}

void Recording::note_value(Tag as) noexcept {
  if (is_tag_next_) tag_ = as;
  is_tag_next_ = false;
}

void Recording::null() {
  note_value(Tag::kOther);
  add(Type::kNull);
}

void Recording::boolean(bool value) {
  note_value(Tag::kOther);
  add(Type::kBoolean, value ? 1 : 0);
}

void Recording::integer(std::int64_t value) {
  note_value(Tag::kOther);
  add(Type::kInteger, value);
}

void Recording::number(std::string_view text) {
  note_value(Tag::kOther);
  add(Type::kNumber, 0, text);
}

void Recording::string(std::string_view value) {
  note_value(Tag::kText);
  add(Type::kString, 0, value);
}

void Recording::key(std::string_view name) {
  is_tag_next_ = depth_ == 0 && name == discriminator_;
  add(Type::kKey, 0, name);
}

void Recording::start_object() {
  note_value(Tag::kOther);
  add(Type::kStartObject);
  ++depth_;
}

void Recording::end_object() {
  add(Type::kEndObject);
  --depth_;
}

void Recording::start_array() {
  note_value(Tag::kOther);
  add(Type::kStartArray);
  ++depth_;
}

void Recording::end_array() {
  add(Type::kEndArray);
  --depth_;
}

void Recording::replay(json::Handler& handler) const {
  for (const Event& event : events_) replay(event, handler);
}

void Recording::replay(const Event& event, json::Handler& handler) {
  switch (event.type) {
    case Type::kNull:
      return handler.null();
    case Type::kBoolean:
      return handler.boolean(event.integer != 0);
    case Type::kInteger:
      return handler.integer(event.integer);
    case Type::kNumber:
      return handler.number(event.text);
    case Type::kString:
      return handler.string(event.text);
    case Type::kKey:
      return handler.key(event.text);
    case Type::kStartObject:
      return handler.start_object();
    case Type::kEndObject:
      return handler.end_object();
    case Type::kStartArray:
      return handler.start_array();
    case Type::kEndArray:
      return handler.end_array();
  }
}

}  // namespace apiwright::validation
