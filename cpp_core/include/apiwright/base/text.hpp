#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace apiwright {

/// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// True when every byte is below 128.
[[nodiscard]] bool is_ascii(std::string_view text) noexcept;

/// Unicode normalisation form C. `text` must be UTF-8. ASCII costs one scan and one copy.
[[nodiscard]] std::string to_nfc(std::string_view text);

/// The form in which two texts that differ only in case (or in composition) are equal: NFKC_Casefold,
/// so that unique-ignoring-case and search agree on every database.
[[nodiscard]] std::string casefold(std::string_view text);

/// Code points in UTF-8 text.
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

}  // namespace apiwright
