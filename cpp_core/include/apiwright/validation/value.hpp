#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "apiwright/base/decimal.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/base/uuid.hpp"

namespace apiwright::validation {

/// The member was not sent; the column is left alone.
struct Absent {
  friend bool operator==(Absent, Absent) = default;
};

/// JSON null, SQL NULL.
struct Null {
  friend bool operator==(Null, Null) = default;
};

struct Value;
using Array = std::vector<Value>;

/// One checked value of a Record, in its own type: text is UTF-8 in NFC.
struct Value {
  using Variant = std::variant<Absent, Null, bool, std::int64_t, Decimal, std::string, Uuid, Timestamp, Array>;

  Value() = default;
  // A value is its data, so it converts from it; the constraint leaves copies and moves alone.
  // NOLINTBEGIN(google-explicit-constructor,bugprone-forwarding-reference-overload)
  template <typename T>
  requires(!std::is_same_v<std::remove_cvref_t<T>, Value>) && std::is_constructible_v<Variant, T&&> Value(T&& value)
      : data(std::forward<T>(value)) {}
  // NOLINTEND(google-explicit-constructor,bugprone-forwarding-reference-overload)

  [[nodiscard]] bool is_absent() const noexcept { return std::holds_alternative<Absent>(data); }
  [[nodiscard]] bool is_null() const noexcept { return std::holds_alternative<Null>(data); }

  /// The data as `T`; throws std::bad_variant_access when it is something else.
  template <typename T>
  [[nodiscard]] const T& as() const {
    return std::get<T>(data);
  }

  Variant data;

  friend bool operator==(const Value&, const Value&) = default;
};

}  // namespace apiwright::validation
