#include "apiwright/engine/list_parameters.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "apiwright/engine/query_string.hpp"
#include "apiwright/validation/check.hpp"

namespace apiwright::engine {
namespace {

using access::FieldGrants;
using repositories::ListQuery;
using repositories::Operator;
using validation::Field;
using validation::Schema;
using validation::Value;
using validation::Violations;

constexpr std::int64_t kMaxPage = 1'000'000'000;
constexpr std::int64_t kMaxSearch = 200;  // code points, of a pattern too
constexpr std::size_t kMaxValues = 100;   // of `in`

// `createdAt[gte]`, or `status` alone.
struct FilterName {
  std::string_view field;
  std::string_view operation = "eq";
};

FilterName split(std::string_view name) {
  const auto bracket = name.find('[');
  if (bracket == std::string_view::npos || !name.ends_with(']')) return {name};
  return {name.substr(0, bracket), name.substr(bracket + 1, name.size() - bracket - 2)};
}

std::optional<Operator> operator_of(const Field& field, std::string_view name) {
  const auto offered = repositories::operators_of(field);
  const auto found =
      std::find_if(offered.begin(), offered.end(), [&](Operator one) { return repositories::name_of(one) == name; });
  return found == offered.end() ? std::nullopt : std::optional(*found);
}

// Whether it is to be read as the deleted rows'. What else `deleted` may be is told when all parameters are read.
bool asks_for_deleted(std::string_view text) {
  Violations told_later;
  const auto parameters = parse_query(text, told_later);
  return std::any_of(parameters.begin(), parameters.end(), [](const Parameter& parameter) {
    return parameter.name == "deleted" && parameter.value == "true";
  });
}

/// Reads the parameters of one list.
class Reader {
 public:
  /// `takes_deleted`: there is such a parameter, too.
  Reader(const IncludeContext& context, bool takes_deleted)
      : schema_(context.schema), readable_(context.readable), context_(context), takes_deleted_(takes_deleted) {
    const auto& schema = context.schema;
    for (std::size_t index = 0; index < schema.fields().size(); ++index) {
      if (schema.field(index).is_searchable() && is_known(index)) out_.query.search_fields.push_back(index);
    }
  }

  [[nodiscard]] ListParameters read(std::string_view text) {
    for (const auto& parameter : parse_query(text, violations_)) {
      if (!read_shape(parameter)) read(parameter);
    }
    violations_.raise_if_any();
    return std::move(out_);
  }

  [[nodiscard]] RowParameters read_of_row(std::string_view text) {
    for (const auto& parameter : parse_query(text, violations_)) {
      if (!read_shape(parameter)) refuse(parameter, "Takes no such parameter.");
    }
    violations_.raise_if_any();
    return {std::move(out_.fields), std::move(out_.include)};
  }

 private:
  void refuse(const Parameter& parameter, const char* why) {
    violations_.add(parameter_path(parameter.name), "unknown", why);
  }

  // What rows look like, one alone as well as many.
  bool read_shape(const Parameter& parameter) {
    if (parameter.name == "fields") {
      read_fields(parameter.value);
    } else if (parameter.name == "include" && !context_.relations.empty()) {
      out_.include = parse_include(context_, parameter.value, violations_);
    } else {
      return false;
    }
    return true;
  }

  void read(const Parameter& parameter) {
    if (parameter.name == "page") {
      pages_ = true;
      read_number(parameter, kMaxPage, out_.query.page);
      refuse_both();
    } else if (parameter.name == "limit") {
      read_number(parameter, ListQuery::kMaxLimit, out_.query.limit);
    } else if (parameter.name == "cursor") {
      out_.cursor = parameter.value;
      refuse_both();
    } else if (parameter.name == "sort") {
      read_sort(parameter.value);
    } else if (parameter.name == "deleted" && takes_deleted_) {
      const auto value = check(Field::boolean("deleted"), parameter.value, "query.deleted");
      out_.deleted = !value.is_absent() && value.as<bool>();
    } else if (parameter.name == "search" && !out_.query.search_fields.empty()) {
      const auto value = read_text(parameter.value, "query.search");
      if (!value.is_absent()) out_.query.search = value.as<std::string>();
    } else {
      read_filter(parameter);
    }
  }

  void refuse_both() {
    if (pages_ && out_.cursor) violations_.add("query.page", "exclusive", "Take pages or a cursor, not both.");
  }

  void read_number(const Parameter& parameter, std::int64_t max, std::int64_t& out) {
    const auto field = Field::integer("number").range(1, max);
    const auto value = check(field, parameter.value, parameter_path(parameter.name));
    if (!value.is_absent()) out = value.as<std::int64_t>();
  }

  Value read_text(std::string_view text, const std::string& path) {
    return check(Field::string("text").length(1, kMaxSearch), text, path);
  }

  Value check(const Field& field, std::string_view text, const std::string& path) {
    return validation::check_parameter(field, text, path, violations_);
  }

  // What some row does not show is as if it were not there: rows chosen or ordered by it would tell it.
  [[nodiscard]] bool is_known(std::size_t index) const {
    return !schema_.field(index).is_hidden() && readable_.always(index);
  }
  [[nodiscard]] bool is_sortable(std::size_t index) const {
    return schema_.field(index).is_sortable() && is_known(index);
  }
  [[nodiscard]] bool is_shown(std::size_t index) const {
    return !schema_.field(index).is_hidden() && !readable_.never(index);
  }

  template <typename Choice>
  [[nodiscard]] std::string names_of(const Choice& is_choice) const {
    std::string names;
    for (std::size_t index = 0; index < schema_.fields().size(); ++index) {
      if (is_choice(index)) names += (names.empty() ? "" : ", ") + schema_.field(index).wire_name();
    }
    return names;
  }

  // The fields that a list names; one sentence that tells every choice serves for all that are wrong.
  template <typename Choice, typename Take>
  void read_names(std::string_view text, const std::string& path, const std::string& choices, const Choice& is_choice,
                  const Take& take) {
    std::set<std::size_t> seen;
    for (const auto name : split_at_commas(text)) {
      const bool descending = name.starts_with('-');
      const auto index = schema_.find_wire(descending ? name.substr(1) : name);
      if (!index || !is_choice(*index) || !take(*index, descending)) return violations_.add(path, "enum", choices);
      if (!seen.insert(*index).second) return violations_.add(path, "duplicate", "Each field may be named once.");
    }
  }

  void read_sort(std::string_view text) {
    const auto is_choice = [&](std::size_t index) { return is_sortable(index); };
    read_names(text, "query.sort", "Can sort by: " + names_of(is_choice) + "; a - before a name turns its order round.",
               is_choice, [&](std::size_t index, bool descending) {
                 out_.query.sort.push_back({index, descending});
                 return true;
               });
  }

  void read_fields(std::string_view text) {
    const auto is_choice = [&](std::size_t index) { return is_shown(index); };
    out_.fields.emplace();
    read_names(text, "query.fields", "Can show: " + names_of(is_choice) + ".", is_choice,
               [&](std::size_t index, bool descending) {
                 out_.fields->push_back(index);
                 return !descending;
               });
  }

  void read_filter(const Parameter& parameter) {
    const auto [name, operation] = split(parameter.name);
    const auto path = parameter_path(parameter.name);
    const auto index = schema_.find_wire(name);
    if (!index || !schema_.field(*index).is_filterable() || !is_known(*index)) {
      refuse(parameter, "Is not a parameter of this list.");
      return;
    }
    const auto& field = schema_.field(*index);
    if (const auto known = operator_of(field, operation)) {
      add_filter(*index, *known, parameter.value, path);
    } else {
      violations_.add(path, "unknown", "Takes " + operator_names(field) + ".");
    }
  }

  static std::string operator_names(const Field& field) {
    std::string names;
    for (const auto one : repositories::operators_of(field)) {
      names += (names.empty() ? "[" : ", [") + std::string(repositories::name_of(one)) + ']';
    }
    return names;
  }

  void add_filter(std::size_t index, Operator operation, std::string_view text, const std::string& path) {
    ListQuery::Filter filter{index, {}, operation};
    if (operation == Operator::kIn) {
      read_values(filter, text, path);
    } else if (operation == Operator::kLike) {
      read_pattern(filter, text, path);
    } else {
      filter.value = check(schema_.field(index), text, path);
    }
    const bool is_good = operation == Operator::kIn ? !filter.values.empty() : !filter.value.is_absent();
    if (is_good) out_.query.filters.push_back(std::move(filter));
  }

  void read_values(ListQuery::Filter& filter, std::string_view text, const std::string& path) {
    if (static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')) >= kMaxValues) {
      violations_.add(path, "max_length", "Must have at most 100 values.");
      return;
    }
    for (const auto one : split_at_commas(text)) {
      auto value = check(schema_.field(filter.field), one, path);
      if (!value.is_absent()) filter.values.push_back(std::move(value));
    }
  }

  // A pattern with an open beginning looks at every row, as a search does, so it asks for the same mark.
  void read_pattern(ListQuery::Filter& filter, std::string_view text, const std::string& path) {
    filter.value = read_text(text, path);
    if (text.starts_with('*') && !schema_.field(filter.field).is_searchable()) {
      violations_.add(path, "pattern", "Must begin with a text, not with *.");
    }
  }

  const Schema& schema_;
  const FieldGrants& readable_;
  const IncludeContext& context_;
  bool takes_deleted_;
  ListParameters out_;
  Violations violations_;
  bool pages_ = false;
};

}  // namespace

RowParameters parse_row_parameters(const Schema& schema, std::string_view text, const FieldGrants& readable,
                                   const Relations& relations, const access::Principal* principal) {
  const IncludeContext context{schema, relations, readable, principal};
  return Reader(context, false).read_of_row(text);
}

ListParameters parse_list_parameters(const Schema& schema, std::string_view text, const FieldGrants& readable,
                                     const Relations& relations, const access::Principal* principal,
                                     const Schema* of_deleted) {
  const bool deleted = of_deleted != nullptr && asks_for_deleted(text);
  const IncludeContext context{deleted ? *of_deleted : schema, relations, readable, principal};
  return Reader(context, of_deleted != nullptr).read(text);
}

}  // namespace apiwright::engine
