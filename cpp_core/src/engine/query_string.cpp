#include "apiwright/engine/query_string.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "apiwright/validation/check.hpp"

namespace apiwright::engine {
namespace {

using validation::Field;
using validation::Violations;

constexpr std::size_t kMaxParameters = 100;

int hex_digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

// `+` is a space here, as in HTML forms; empty when a `%` has no two hex digits behind it or the result is not UTF-8.
std::optional<std::string> decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at] == '+' ? ' ' : text[at];
      continue;
    }
    if (at + 2 >= text.size()) return std::nullopt;
    const int high = hex_digit(text[at + 1]);
    const int low = hex_digit(text[at + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

void append_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kUnreserved = "-._~";
  for (const char character : text) {
    const auto byte = static_cast<std::uint8_t>(character);
    const bool is_letter = (byte | 0x20U) >= 'a' && (byte | 0x20U) <= 'z';
    const bool is_digit = byte >= '0' && byte <= '9';
    if (is_letter || is_digit || kUnreserved.find(character) != std::string_view::npos) {
      out += character;
    } else {
      out.append({'%', kDigits[byte >> 4U], kDigits[byte & 0xFU]});
    }
  }
}

void append_parameter(std::string& query, std::string_view name, std::string_view value) {
  if (!query.empty()) query += '&';
  append_encoded(query, name);
  query += '=';
  append_encoded(query, value);
}

void refuse(const Parameter& parameter, Violations& violations) {
  violations.add(parameter_path(parameter.name), "unknown", "Takes no such parameter.");
}

void add_parameter(std::string_view part, std::vector<Parameter>& parameters, Violations& violations) {
  const auto equals = part.find('=');
  const auto name = decode(part.substr(0, equals));
  const auto value = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
  if (!name) {
    violations.add("query", "format", "A parameter's name is not percent-encoded UTF-8.");
  } else if (!value) {
    violations.add(parameter_path(*name), "format", "Must be percent-encoded UTF-8.");
  } else {
    const auto same_name = [&](const Parameter& other) { return other.name == *name; };
    if (std::any_of(parameters.begin(), parameters.end(), same_name)) {
      violations.add(parameter_path(*name), "duplicate", "May be given only once.");
    } else {
      parameters.push_back({*name, *value});
    }
  }
}

}  // namespace

std::string parameter_path(std::string_view name) { return "query." + validation::Path(name).to_string(); }

std::vector<Parameter> parse_query(std::string_view query, Violations& violations) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const auto ampersand = query.find('&');
    const auto part = query.substr(0, ampersand);
    if (!part.empty()) add_parameter(part, parameters, violations);
    if (parameters.size() > kMaxParameters) {
      violations.add("query", "max_length", "Has too many parameters.");
      break;
    }
    query = ampersand == std::string_view::npos ? "" : query.substr(ampersand + 1);
  }
  return parameters;
}

void refuse_parameters_but(std::string_view query, std::initializer_list<std::string_view> names) {
  Violations violations;
  for (const auto& parameter : parse_query(query, violations)) {
    if (std::find(names.begin(), names.end(), parameter.name) == names.end()) refuse(parameter, violations);
  }
  violations.raise_if_any();
}

bool parse_flag(std::string_view query, std::string_view name) {
  bool set = false;
  Violations violations;
  for (const auto& parameter : parse_query(query, violations)) {
    if (parameter.name != name) {
      refuse(parameter, violations);
      continue;
    }
    const auto value = validation::check_parameter(Field::boolean("flag"), parameter.value,
                                                   parameter_path(parameter.name), violations);
    set = !value.is_absent() && value.as<bool>();
  }
  violations.raise_if_any();
  return set;
}

std::vector<std::string_view> split_at_commas(std::string_view value) {
  std::vector<std::string_view> parts;
  for (auto comma = value.find(','); comma != std::string_view::npos; comma = value.find(',')) {
    parts.push_back(value.substr(0, comma));
    value.remove_prefix(comma + 1);
  }
  parts.push_back(value);
  return parts;
}

void refuse_parameters(std::string_view query) { refuse_parameters_but(query, {}); }

std::string with_parameter(std::string_view query, std::string_view name, std::string_view value) {
  std::string text;
  Violations none;
  for (const auto& parameter : parse_query(query, none)) {
    if (parameter.name != name) append_parameter(text, parameter.name, parameter.value);
  }
  append_parameter(text, name, value);
  return text;
}

}  // namespace apiwright::engine
