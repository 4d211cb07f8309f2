#include "apiwright/validation/body_reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "validation/presence.hpp"
#include "validation/record_handler.hpp"
#include "validation/stored_json.hpp"

namespace apiwright::validation {
namespace {

bool is_blank(std::string_view bytes) noexcept { return bytes.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

BodyReader::BodyReader(SchemaPtr schema, Mode mode)
    : schema_(std::move(schema)), mode_(mode), document_(Field::object("body", schema_)) {
  const auto& fields = schema_->fields();
  accepted_.reserve(fields.size());
  for (const Field& field : fields) {
    accepted_.push_back(is_settable(field) && (mode_ == Mode::kCreate || !field.part_rows()));
  }
}

BodyReader::BodyReader(SchemaPtr schema, Mode mode, const std::vector<std::string_view>& only)
    : schema_(std::move(schema)),
      mode_(mode),
      accepted_(schema_->fields().size(), false),
      document_(Field::object("body", schema_)) {
  for (const std::string_view name : only) {
    const std::size_t index = schema_->index_of(name);
    if (!is_settable(schema_->field(index))) {
      throw std::logic_error("Field `" + std::string(name) + "` can't be sent: it is read-only or internal");
    }
    accepted_[index] = true;
  }
}

BodyReader BodyReader::trusting(SchemaPtr schema, Mode mode) {
  BodyReader reader(std::move(schema), mode);
  for (std::size_t index = 0; index < reader.accepted_.size(); ++index) {
    reader.accepted_[index] = mode == Mode::kCreate || !reader.schema_->field(index).part_rows();
  }
  return reader;
}

BodyReader BodyReader::importing(SchemaPtr schema) {
  BodyReader reader(std::move(schema), Mode::kCreate);
  for (std::size_t index = 0; index < reader.accepted_.size(); ++index) {
    const Field& field = reader.schema_->field(index);
    reader.accepted_[index] = !field.is_internal() && !field.is_transient();
  }
  return reader;
}

Record BodyReader::read(std::string_view bytes, const json::Limits& limits) const {
  const Reading reading{.mode = mode_, .accepted = &accepted_};
  RecordHandler handler(document_, reading);
  if (!is_blank(bytes)) json::read(bytes, handler, limits);
  return handler.finish_record();
}

Record BodyReader::read(const std::function<void(json::Handler&)>& tell) const {
  const Reading reading{.mode = mode_, .accepted = &accepted_};
  RecordHandler handler(document_, reading);
  tell(handler);
  return handler.finish_record();
}

Value read_value(const Field& field, std::string_view bytes, const json::Limits& limits) {
  const Reading reading;
  RecordHandler handler(field, reading);
  if (!is_blank(bytes)) json::read(bytes, handler, limits);
  return handler.finish_value();
}

Value read_stored(const Field& field, std::string_view json) {
  const Reading reading{.tolerant = true};
  return read_column([&] {
    RecordHandler handler(field, reading);
    json::read(json, handler, kStoredLimits);
    return handler.finish_value();
  });
}

}  // namespace apiwright::validation
