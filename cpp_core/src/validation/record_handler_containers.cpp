// Objects, lists and maps, as they open and close.

#include <utility>

#include "validation/container_checks.hpp"
#include "validation/presence.hpp"
#include "validation/record_handler.hpp"

namespace apiwright::validation {

RecordHandler::Frame& RecordHandler::open(Frame::Shape shape, const Field& field) {
  Frame* frame = &root_frame_;
  if (top_ != nullptr) {
    if (!top_->inner) top_->inner = std::make_unique<Frame>();
    frame = top_->inner.get();
    frame->outer = top_;
  }
  frame->path = path();
  frame->is_partial =
      shape != Frame::Shape::kList && (is_merged() || (top_ == nullptr && reading_.mode == Mode::kChanges));
  frame->shape = shape;
  frame->field = &field;
  frame->count = 0;
  frame->has_renamed = false;
  frame->member = nullptr;
  top_ = frame;
  return *frame;
}

void RecordHandler::open_object(const Field& field, const SchemaPtr& schema) {
  Frame& frame = open(Frame::Shape::kObject, field);
  const std::size_t fields = schema->fields().size();
  frame.schema = schema;
  frame.values = std::vector<Value>(fields);
  frame.sent = std::vector<bool>(fields, false);
}

void RecordHandler::close() {
  if (skipped_ > 0) {
    --skipped_;
    return;
  }
  Frame& frame = *top_;
  if (frame.shape == Frame::Shape::kObject) return close_object();
  if (!frame.is_partial) check_count(*frame.field, frame.count, frame.path, violations_);
  if (frame.field->is_distinct()) refuse_repeated_items(frame.items, frame.path, violations_);
  if (frame.has_renamed) refuse_repeated_names(frame.entries, frame.path, violations_);
  top_ = frame.outer;
  if (frame.shape == Frame::Shape::kList) {
    accept(std::exchange(frame.items, {}));
  } else {
    accept(Map{std::exchange(frame.entries, {})});
  }
}

void RecordHandler::close_object() {
  Frame& frame = *top_;
  for (std::size_t i = 0; i < frame.sent.size(); ++i) {
    if (!frame.sent[i]) finish_field(frame, i);
  }
  const bool is_patch = frame.is_partial && reading_.mode == Mode::kPatch;
  Record record(std::move(frame.schema), std::move(frame.values), std::move(frame.sent), is_patch);
  if (!reading_.tolerant && !frame.is_partial) check_choices(record, frame.path, violations_);
  top_ = frame.outer;
  if (is_root(frame)) {
    record_.emplace(std::move(record));
  } else {
    accept(Object{std::make_shared<const Record>(std::move(record))});
  }
}

void RecordHandler::finish_field(Frame& frame, std::size_t index) {
  const bool accepted = accepts(frame, index);
  // A replaced row keeps what its client can't set; a new one has nothing to keep.
  const bool is_kept = is_root(frame) && reading_.mode == Mode::kReplace && !accepted;
  if (reading_.tolerant || frame.is_partial || is_kept) return;
  const Field& field = frame.schema->field(index);
  if (field.server_value()) return;
  frame.values[index] = value_left_out(field);
  if (frame.values[index].is_absent() && accepted && field.is_required()) {
    violations_.add(frame.path.member(field.wire_name()).to_string(), "required", "Is required.");
  }
}

}  // namespace apiwright::validation
