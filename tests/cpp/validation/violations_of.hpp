#pragma once

#include <gtest/gtest.h>

#include <string>

#include "apiwright/base/error.hpp"

namespace apiwright::validation {

/// The violations that `check` throws, one per line as `field code`; empty when it throws none.
template <typename Check>
std::string violations_of(const Check& check) {
  std::string lines;
  try {
    check();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kValidationError) << error.message();
    for (const Detail& detail : error.details()) lines += detail.field + " " + detail.code + "\n";
  }
  return lines;
}

}  // namespace apiwright::validation
