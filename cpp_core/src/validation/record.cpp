#include "apiwright/validation/record.hpp"

#include <stdexcept>

namespace apiwright::validation {

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
