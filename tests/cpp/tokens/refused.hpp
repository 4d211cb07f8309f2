#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::tokens {

/// The code of the error that `call` throws, with its first detail's field and code: "VALIDATION_ERROR kid duplicate".
template <typename Call>
std::string refusal_of(Call call) {
  try {
    static_cast<void>(call());
  } catch (const Error& error) {
    std::string text(name_of(error.code()));
    if (!error.details().empty()) text += ' ' + error.details().front().field + ' ' + error.details().front().code;
    return text;
  }
  return "accepted";
}

constexpr const char* kUnauthorizedText = "UNAUTHORIZED";

}  // namespace apiwright::tokens
