#pragma once

#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "apiwright/engine/operation.hpp"

namespace apiwright::engine {

using OperationsByName = std::map<std::string, std::unique_ptr<Operation>, std::less<>>;

[[nodiscard]] inline const Operation& operation_named(const OperationsByName& operations, std::string_view name) {
  const auto found = operations.find(name);
  if (found == operations.end()) throw std::logic_error("No operation is called " + std::string(name));
  return *found->second;
}

}  // namespace apiwright::engine
