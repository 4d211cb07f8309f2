#pragma once

#include <string_view>

namespace apiwright::access {

/// The name of something one may be allowed to do: words joined by colons, as `articles:write`. A word is a lower-case
/// letter, then such letters, digits, `_` and `-`.
[[nodiscard]] bool is_permission(std::string_view text) noexcept;

/// What a role may hold: a permission, `articles:*` for all that begin with `articles:`, or `*` for all there are.
[[nodiscard]] bool is_grant(std::string_view text) noexcept;

/// True when a role that holds `grant` has `permission`; not for what is no permission, whatever the role holds.
[[nodiscard]] bool grants(std::string_view grant, std::string_view permission) noexcept;

}  // namespace apiwright::access
