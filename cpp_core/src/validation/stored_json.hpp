#pragma once

#include <cstddef>
#include <limits>

#include "apiwright/base/error.hpp"
#include "apiwright/json/reader.hpp"

namespace apiwright::validation {

/// Of JSON in a column: an application may have stored more than a client could send.
inline constexpr json::Limits kStoredLimits{
    .bytes = std::numeric_limits<std::size_t>::max(), .depth = 100, .values = std::numeric_limits<std::size_t>::max()};

/// What `read` makes of JSON in a column. What a client sent is malformed, what is stored is damaged: its Error becomes
/// Error(kInternal).
template <typename Read>
[[nodiscard]] auto read_column(const Read& read) {
  try {
    return read();
  } catch (const Error& error) {
    throw Error(ErrorCode::kInternal, "A stored value cannot be read.").caused_by(error.message());
  }
}

}  // namespace apiwright::validation
