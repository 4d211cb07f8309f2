#include "apiwright/validation/violations.hpp"

#include <utility>

namespace apiwright::validation {

void Violations::add(std::string field, std::string_view code, std::string message) {
  if (details_.size() >= kLimit) return;
  details_.push_back({.field = std::move(field), .message = std::move(message), .code = std::string(code)});
}

void Violations::add_all(const std::vector<Detail>& details) {
  for (const auto& detail : details) add(detail.field, detail.code, detail.message);
}

void Violations::raise_if_any() const {
  if (details_.empty()) return;
  throw Error(ErrorCode::kValidationError, "The input is not valid.", details_);
}

}  // namespace apiwright::validation
