#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace apiwright::tokens {

constexpr std::size_t kMaxTokenBytes = 8 * 1024;  // what common servers take as one header line

/// The encoded parts of a compact JWS whose signature has been checked, borrowed from the token.
struct CompactToken {
  std::string_view header;
  std::string_view payload;
};

/// Every fault of a token answers alike, so that an answer teaches nothing about the key or the checks.
[[noreturn]] void refuse_token();

/// Checks the size, the three parts and the signature, and looks into neither header nor payload.
[[nodiscard]] CompactToken open_compact(std::string_view token, std::span<const std::uint8_t> key);

/// Appends `.base64url(payload).base64url(signature)` to an encoded header.
[[nodiscard]] std::string close_compact(std::string_view encoded_header, std::string_view payload,
                                        std::span<const std::uint8_t> key);

/// A part's bytes; anything but canonical base64url is refused.
[[nodiscard]] std::string decode_part(std::string_view part);

/// Checks a header as verify_jws() promises and returns its `typ`, empty when it has none.
[[nodiscard]] std::string check_header(std::string_view json);

}  // namespace apiwright::tokens
