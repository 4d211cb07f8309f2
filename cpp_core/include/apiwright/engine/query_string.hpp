#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/validation/violations.hpp"

namespace apiwright::engine {

struct Parameter {
  std::string name;
  std::string value;
};

/// The parameters of `a=1&b=two+words`, percent-decoded, in order. What is not UTF-8, too many (over 100), or named
/// twice is a violation.
[[nodiscard]] std::vector<Parameter> parse_query(std::string_view query, validation::Violations& violations);

/// Where a violation finds a parameter: `query.<name>`, a hostile client's long one cut.
[[nodiscard]] std::string parameter_path(std::string_view name);

/// What stands between the commas of a value; of an empty one, an empty text. Views of it.
[[nodiscard]] std::vector<std::string_view> split_at_commas(std::string_view value);

/// Throws Error(kValidationError) when there is any parameter: for operations that take none.
void refuse_parameters(std::string_view query);

/// Throws Error(kValidationError) when there is any parameter but these.
void refuse_parameters_but(std::string_view query, std::initializer_list<std::string_view> names);

/// The one parameter `name`, `true` or `false`; false when it is not there. Throws Error(kValidationError) for anything
/// else.
[[nodiscard]] bool parse_flag(std::string_view query, std::string_view name);

/// The same query string with another value for one parameter, which goes last; percent-encoded wherever RFC 3986 does
/// not have unreserved characters. `query` must be one that parse_query() found nothing wrong with.
[[nodiscard]] std::string with_parameter(std::string_view query, std::string_view name, std::string_view value);

}  // namespace apiwright::engine
