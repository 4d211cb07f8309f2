#pragma once

#include <string>
#include <string_view>

namespace apiwright::validation {

/// RFC 7396's MergePatch(target, patch) of two JSON texts, as JSON without white space. Numbers stay as they were
/// written and members in their places. Linear. Throws Error(kInternal) for a target that is no JSON.
[[nodiscard]] std::string merge_json(std::string_view target, std::string_view patch);

/// True when a reader with the usual limits takes it.
[[nodiscard]] bool is_within_limits(std::string_view json);

}  // namespace apiwright::validation
