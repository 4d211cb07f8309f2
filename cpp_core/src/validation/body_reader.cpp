#include "apiwright/validation/body_reader.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "validation/record_handler.hpp"

namespace apiwright::validation {
namespace {

bool is_settable(const Field& field) noexcept { return !field.is_read_only() && !field.is_internal(); }

bool is_blank(std::string_view bytes) noexcept { return bytes.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

BodyReader::BodyReader(SchemaPtr schema, Mode mode) : schema_(std::move(schema)), mode_(mode) {
  const auto& fields = schema_->fields();
  accepted_.reserve(fields.size());
  for (const Field& field : fields) accepted_.push_back(is_settable(field));
}

BodyReader::BodyReader(SchemaPtr schema, Mode mode, const std::vector<std::string_view>& only)
    : schema_(std::move(schema)), mode_(mode), accepted_(schema_->fields().size(), false) {
  for (const std::string_view name : only) {
    const std::size_t index = schema_->index_of(name);
    if (!is_settable(schema_->field(index))) {
      throw std::logic_error("Field `" + std::string(name) + "` can't be sent: it is read-only or internal");
    }
    accepted_[index] = true;
  }
}

Record BodyReader::read(std::string_view bytes, const json::Limits& limits) const {
  RecordHandler handler(schema_, mode_, accepted_);
  if (!is_blank(bytes)) json::read(bytes, handler, limits);
  return handler.finish();
}

}  // namespace apiwright::validation
