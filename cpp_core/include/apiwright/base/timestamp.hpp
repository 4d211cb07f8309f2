#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace apiwright {

/// A moment in UTC, in milliseconds since 1970. Years 0000 to 9999 have a text form.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 in UTC with milliseconds: `2026-01-01T00:00:00.000Z`.
[[nodiscard]] std::string format_timestamp(Timestamp time);

/// As above, appended to `out` without another allocation.
void append_timestamp(std::string& out, Timestamp time);

/// Reads an RFC 3339 date-time with any offset and 0 to 9 fraction digits (cut to milliseconds).
/// Leap second 60 is read as the following second's start, only at 23:59 UTC. Empty when the text is not one,
/// or names a day that does not exist.
[[nodiscard]] std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept;

}  // namespace apiwright
