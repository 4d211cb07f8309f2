#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace apiwright::validation {

/// Forms of text that have a name in JSON Schema. The text stays a text.
enum class Format {
  kNone,
  kUri,       ///< RFC 3986: with a scheme, ASCII
  kDate,      ///< RFC 3339 full-date of the years 0001 to 9999: `2026-01-31`
  kTime,      ///< RFC 3339 partial-time with at most 6 places, with or without an offset: `23:59:59.5Z`; no second 60
  kDuration,  ///< RFC 3339 appendix A without years and months, which have no fixed length: `P1DT2H`, `P2W`
  kIpv4,      ///< RFC 2673 §3.2: four decimal numbers without leading zeros
  kIpv6,      ///< RFC 4291 §2.2, without a zone
  kHostname,  ///< RFC 1123 §2.1: labels of letters, digits and hyphens, at most 253 bytes
};

/// Its name in JSON Schema, such as `ipv4`; empty for kNone.
[[nodiscard]] std::string_view name_of(Format format) noexcept;

/// True when the text has the form. Linear time.
[[nodiscard]] bool has_format(Format format, std::string_view text) noexcept;

/// How long a text of Format::kDuration says; empty for any other text, and past 100,000,000 days.
[[nodiscard]] std::optional<std::chrono::microseconds> parse_duration(std::string_view text) noexcept;

}  // namespace apiwright::validation
