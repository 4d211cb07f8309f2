#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apiwright {

/// RFC 4648 §5 without padding.
[[nodiscard]] std::string encode_base64url(std::string_view bytes);

/// Empty unless `text` is the one canonical form: no padding, no white space, unused trailing bits zero.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace apiwright
