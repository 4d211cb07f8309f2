// Which of a union's schemas an object is of.

#include <algorithm>
#include <utility>

#include "validation/record_handler.hpp"

namespace apiwright::validation {

void RecordHandler::note_discriminator() {
  if (recording_ && recording_->tag() == Recording::Tag::kText) choose_variant();
}

void RecordHandler::choose_variant() {
  const Recording past = std::move(*recording_);
  recording_.reset();
  sink_ = nullptr;
  const Field& field = *std::exchange(union_, nullptr);
  const auto& variants = field.variants();
  const auto chosen = std::find_if(variants.begin(), variants.end(),
                                   [&](const Variant& variant) { return variant.tag == past.last_text(); });
  if (chosen != variants.end()) {
    open_object(field, chosen->schema);
    return past.replay(*this);
  }
  std::string message = "Must be one of: ";
  for (const Variant& variant : variants) message += (&variant == &variants.front() ? "" : ", ") + variant.tag;
  violations_.add(path().member(field.discriminator()).to_string(), "enum", message + ".");
  accept(Absent{});
  ++skipped_;
}

void RecordHandler::close_union() {
  if (is_merged() && recording_->tag() == Recording::Tag::kAwaited) return put_off_union();
  const bool came = recording_->tag() == Recording::Tag::kOther;
  recording_.reset();
  sink_ = nullptr;
  const Path place = path();
  violations_.add(place.member(std::exchange(union_, nullptr)->discriminator()).to_string(), came ? "type" : "required",
                  came ? "Must be a string." : "Is required.");
  accept(Absent{});
}

/// A patch that does not say which variant it means is for the one that the row has.
void RecordHandler::put_off_union() {
  JsonText text;
  text.start_object();
  recording_->replay(text);
  text.end_object();
  recording_.reset();
  sink_ = nullptr;
  union_ = nullptr;
  accept(Json{text.take()});
}

}  // namespace apiwright::validation
