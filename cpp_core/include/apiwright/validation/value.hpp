#pragma once

#include <cstdint>
#include <memory>
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

class Record;

/// An object with a Schema of its own, shared by the copies of its value. Equal when all values are and the schemas are
/// one, or one of them is the other without its constraints.
struct Object {
  std::shared_ptr<const Record> record;  ///< never null

  friend bool operator==(const Object& left, const Object& right);
};

/// An object whose members have names of the sender's own, each once, in the order they came.
struct Map {
  struct Entry;
  std::vector<Entry> entries;

  friend bool operator==(const Map& left, const Map& right);
};

/// Any JSON value, as text without white space.
struct Json {
  std::string text;

  friend bool operator==(const Json&, const Json&) = default;
};

/// One checked value of a Record, in its own type: text is UTF-8 in NFC.
struct Value {
  using Variant = std::variant<Absent, Null, bool, std::int64_t, double, Decimal, std::string, Uuid, Timestamp, Array,
                               Object, Map, Json>;

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

struct Map::Entry {
  std::string name;
  Value value;

  friend bool operator==(const Entry&, const Entry&) = default;
};

inline bool operator==(const Map& left, const Map& right) { return left.entries == right.entries; }

}  // namespace apiwright::validation
