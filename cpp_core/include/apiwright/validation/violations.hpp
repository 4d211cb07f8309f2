#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::validation {

/// Collects every violation of one input, so that a client sees all of them at once. One thread.
class Violations {
 public:
  static constexpr std::size_t kLimit = 100;  ///< past it, further ones are dropped: the input is hostile

  /// `code` is one of contract.md's: required type min_length max_length min max pattern format enum unknown duplicate
  /// exclusive unique reference.
  void add(std::string field, std::string_view code, std::string message);

  /// Runs `check`; the details of an Error(kValidationError) that it throws are added here. Others pass on.
  template <typename Check>
  void collect(const Check& check) {
    try {
      check();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::kValidationError) throw;
      add_all(error.details());
    }
  }

  [[nodiscard]] bool empty() const noexcept { return details_.empty(); }
  [[nodiscard]] const std::vector<Detail>& details() const noexcept { return details_; }

  /// Throws Error(kValidationError) with all of them unless there are none.
  void raise_if_any() const;

 private:
  void add_all(const std::vector<Detail>& details);
  std::vector<Detail> details_;
};

}  // namespace apiwright::validation
