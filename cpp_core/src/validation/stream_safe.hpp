#pragma once

#include <string_view>

namespace apiwright::validation {

/// False when well-formed UTF-8 `text` is long and holds more than 30 combining marks in a row (UAX #15, D4). Putting a
/// run of marks into canonical order costs the square of its length: 80 kB of them took utf8proc seconds.
[[nodiscard]] bool is_stream_safe(std::string_view text) noexcept;

}  // namespace apiwright::validation
