#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace apiwright::engine {

inline constexpr std::size_t kMaxIdempotencyKey = 255;  ///< characters

/// The key of an Idempotency-Key header: 1 to 255 printable ASCII characters, bare or as the draft
/// (draft-ietf-httpapi-idempotency-key-header) has it, a quoted string of structured fields (RFC 9651 §3.3.3), which is
/// the same key. None for anything else.
[[nodiscard]] std::optional<std::string> parse_idempotency_key(std::string_view sent);

}  // namespace apiwright::engine
