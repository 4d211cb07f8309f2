#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apiwright/json/reader.hpp"

namespace apiwright::json {

struct Value;

struct Null {};

/// A number that is no 64-bit integer, as it was written.
struct Number {
  std::string text;
};

using Array = std::vector<Value>;
struct Member;
using Object = std::vector<Member>;  ///< in the order written; names are unique

/// A document as a tree, for what is read seldom and looked at from several sides, such as a set of keys.
struct Value {
  std::variant<Null, bool, std::int64_t, Number, std::string, Array, Object> data;

  /// The value as one of the alternatives; null when it is another.
  template <typename T>
  [[nodiscard]] const T* as() const noexcept {
    return std::get_if<T>(&data);
  }
};

struct Member {
  std::string name;
  Value value;
};

/// A member of an object; null when it has none of that name.
[[nodiscard]] const Value* find(const Object& object, std::string_view name) noexcept;

/// Reads one document as strictly as read() does, by one reader: no second one could see another document in the same
/// bytes. Throws Error(kMalformedJson).
[[nodiscard]] Value read_document(std::string_view bytes, const Limits& limits);

/// Overwrites every text in the tree: for documents with secrets.
void wipe(Value& value) noexcept;

}  // namespace apiwright::json
