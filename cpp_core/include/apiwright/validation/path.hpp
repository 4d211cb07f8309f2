#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace apiwright::validation {

/// Where a value stands in the input: `email`, `query.limit`, `items[2].quantity`; "" is the whole of it. Borrows its
/// names and what it lies in, and is written out only for a violation, so that good input pays nothing.
class Path {
 public:
  // A path is its text, so it converts from it.
  // NOLINTBEGIN(google-explicit-constructor)
  template <typename T>
  requires std::convertible_to<const T&, std::string_view> Path(const T& name) : name_(name) {}
  // NOLINTEND(google-explicit-constructor)

  /// The place of an array's item; borrows this.
  [[nodiscard]] Path item(std::size_t index) const noexcept;
  /// The place of an object's member; borrows this and the name.
  [[nodiscard]] Path member(std::string_view name) const noexcept;

  /// Each name is cut after 128 bytes and the whole ends after 512, at a code point: names may be a hostile client's
  /// own.
  [[nodiscard]] std::string to_string() const;

 private:
  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

  void append_to(std::string& text) const;

  const Path* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kWhole;
};

}  // namespace apiwright::validation
