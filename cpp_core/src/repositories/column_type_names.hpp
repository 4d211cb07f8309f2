#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "apiwright/repositories/table.hpp"

namespace apiwright::repositories {

inline constexpr std::array<std::pair<ColumnType, std::string_view>, 11> kColumnTypeNames{{
    {ColumnType::kText, "text"},
    {ColumnType::kUuid, "uuid"},
    {ColumnType::kInteger, "integer"},
    {ColumnType::kNumber, "number"},
    {ColumnType::kDecimal, "decimal"},
    {ColumnType::kBoolean, "boolean"},
    {ColumnType::kTimestamp, "timestamp"},
    {ColumnType::kEnum, "enum"},
    {ColumnType::kArray, "array"},
    {ColumnType::kObject, "object"},
    {ColumnType::kJson, "json"},
}};

[[nodiscard]] constexpr std::string_view name_of(ColumnType type) noexcept {
  for (const auto& [each, name] : kColumnTypeNames) {
    if (each == type) return name;
  }
  return {};
}

[[nodiscard]] constexpr std::optional<ColumnType> column_type_named(std::string_view text) noexcept {
  for (const auto& [type, name] : kColumnTypeNames) {
    if (name == text) return type;
  }
  return std::nullopt;
}

}  // namespace apiwright::repositories
