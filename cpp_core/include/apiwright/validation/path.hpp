#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>

namespace apiwright::validation {

/// Where a value stands in the input: `email`, `query.limit`, `roles[2]`. Borrows its name and is written out only for
/// a violation, so that good input pays nothing; for parameters, not for keeping.
class Path {
 public:
  // A path is its text, so it converts from it.
  // NOLINTBEGIN(google-explicit-constructor)
  template <typename T>
  requires std::convertible_to<const T&, std::string_view> Path(const T& name) : name_(name) {}
  // NOLINTEND(google-explicit-constructor)

  /// The place of an array's item.
  [[nodiscard]] Path item(std::size_t index) const noexcept;

  /// Cut after 128 bytes of the name, at a code point: the name may be a hostile client's own.
  [[nodiscard]] std::string to_string() const;

 private:
  static constexpr std::size_t kWhole = static_cast<std::size_t>(-1);

  std::string_view name_;
  std::size_t index_ = kWhole;
};

}  // namespace apiwright::validation
