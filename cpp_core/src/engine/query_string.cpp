#include "apiwright/engine/query_string.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "apiwright/validation/check.hpp"

namespace apiwright::engine {
namespace {

using access::FieldGrants;
using repositories::ListQuery;
using validation::Field;
using validation::Schema;
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

// A parameter's name in a violation: cut, since it may be a hostile client's own.
std::string field_of(std::string_view name) { return "query." + validation::Path(name).to_string(); }

void refuse(const Parameter& parameter, Violations& violations) {
  violations.add(field_of(parameter.name), "unknown", "Takes no such parameter.");
}

void add_parameter(std::string_view part, std::vector<Parameter>& parameters, Violations& violations) {
  const auto equals = part.find('=');
  const auto name = decode(part.substr(0, equals));
  const auto value = decode(equals == std::string_view::npos ? std::string_view() : part.substr(equals + 1));
  if (!name) {
    violations.add("query", "format", "A parameter's name is not percent-encoded UTF-8.");
  } else if (!value) {
    violations.add(field_of(*name), "format", "Must be percent-encoded UTF-8.");
  } else {
    const auto same_name = [&](const Parameter& other) { return other.name == *name; };
    if (std::any_of(parameters.begin(), parameters.end(), same_name)) {
      violations.add(field_of(*name), "duplicate", "May be given only once.");
    } else {
      parameters.push_back({*name, *value});
    }
  }
}

void read_number(const Parameter& parameter, std::int64_t max, std::int64_t& out, Violations& violations) {
  const auto field = Field::integer("number").range(1, max);
  const auto value = validation::check_parameter(field, parameter.value, field_of(parameter.name), violations);
  if (!value.is_absent()) out = value.as<std::int64_t>();
}

// What some row does not show is as if it were not there: rows chosen or ordered by it would tell it.
bool is_known(const Schema& schema, std::size_t index, const FieldGrants& readable) {
  return !schema.field(index).is_hidden() && readable.always(index);
}

std::optional<std::size_t> sortable_field(const Schema& schema, std::string_view wire_name,
                                          const FieldGrants& readable) {
  const auto index = schema.find_wire(wire_name);
  if (!index || !schema.field(*index).is_sortable() || !is_known(schema, *index, readable)) return std::nullopt;
  return index;
}

std::string sortable_names(const Schema& schema, const FieldGrants& readable) {
  std::string names;
  for (std::size_t index = 0; index < schema.fields().size(); ++index) {
    const auto& field = schema.field(index);
    if (!field.is_sortable() || !is_known(schema, index, readable)) continue;
    names += (names.empty() ? "" : ", ") + field.wire_name();
  }
  return names;
}

void read_sort(const Schema& schema, std::string_view text, const FieldGrants& readable, ListQuery& query,
               Violations& violations) {
  std::set<std::string_view> seen;
  bool more = true;
  while (more) {
    const auto comma = text.find(',');
    auto name = text.substr(0, comma);
    const bool descending = name.starts_with('-');
    if (descending) name.remove_prefix(1);
    const auto field = sortable_field(schema, name, readable);
    if (!field) {
      violations.add("query.sort", "enum",
                     "Can sort by: " + sortable_names(schema, readable) + "; a - before a name turns its order round.");
      return;  // one sentence that names every choice serves for all that are wrong
    }
    if (!seen.insert(name).second) {
      violations.add("query.sort", "duplicate", "Each field may be named once.");
      return;
    }
    query.sort.push_back({*field, descending});
    more = comma != std::string_view::npos;
    if (more) text.remove_prefix(comma + 1);
  }
}

void read_search(const Parameter& parameter, ListQuery& query, Violations& violations) {
  const auto field = Field::string("search").length(1, 200);
  const auto value = validation::check_parameter(field, parameter.value, "query.search", violations);
  if (!value.is_absent()) query.search = value.as<std::string>();
}

std::vector<std::size_t> search_fields(const Schema& schema, const FieldGrants& readable) {
  std::vector<std::size_t> found;
  for (std::size_t index = 0; index < schema.fields().size(); ++index) {
    if (schema.field(index).is_searchable() && is_known(schema, index, readable)) found.push_back(index);
  }
  return found;
}

void read_filter(const Schema& schema, const Parameter& parameter, const FieldGrants& readable, ListQuery& query,
                 Violations& violations) {
  const auto index = schema.find_wire(parameter.name);
  const auto path = field_of(parameter.name);
  if (!index || !schema.field(*index).is_filterable() || !is_known(schema, *index, readable)) {
    violations.add(path, "unknown", "Is not a parameter of this list.");
    return;
  }
  auto value = validation::check_parameter(schema.field(*index), parameter.value, path, violations);
  if (!value.is_absent()) query.filters.push_back({*index, std::move(value)});
}

}  // namespace

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

bool parse_flag(std::string_view query, std::string_view name) {
  bool set = false;
  Violations violations;
  for (const auto& parameter : parse_query(query, violations)) {
    if (parameter.name != name) {
      refuse(parameter, violations);
      continue;
    }
    const auto value =
        validation::check_parameter(Field::boolean("flag"), parameter.value, field_of(parameter.name), violations);
    set = !value.is_absent() && value.as<bool>();
  }
  violations.raise_if_any();
  return set;
}

void refuse_parameters(std::string_view query) {
  Violations violations;
  for (const auto& parameter : parse_query(query, violations)) refuse(parameter, violations);
  violations.raise_if_any();
}

ListQuery parse_list_query(const Schema& schema, std::string_view text, const FieldGrants& readable) {
  constexpr std::int64_t kMaxPage = 1'000'000'000;
  ListQuery query;
  query.search_fields = search_fields(schema, readable);
  Violations violations;
  for (const auto& parameter : parse_query(text, violations)) {
    if (parameter.name == "page") {
      read_number(parameter, kMaxPage, query.page, violations);
    } else if (parameter.name == "limit") {
      read_number(parameter, ListQuery::kMaxLimit, query.limit, violations);
    } else if (parameter.name == "sort") {
      read_sort(schema, parameter.value, readable, query, violations);
    } else if (parameter.name == "search" && !query.search_fields.empty()) {
      read_search(parameter, query, violations);
    } else {
      read_filter(schema, parameter, readable, query, violations);
    }
  }
  violations.raise_if_any();
  return query;
}

}  // namespace apiwright::engine
