// Tables from JSON, which people may have edited or merged.

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <utility>

#include "apiwright/base/decimal.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/json/writer.hpp"
#include "apiwright/repositories/table_json.hpp"
#include "json/document.hpp"
#include "repositories/column_type_names.hpp"

namespace apiwright::repositories {
namespace {

constexpr json::Limits kLimits{.bytes = 64UL * 1024 * 1024, .depth = 32, .values = 5'000'000};
constexpr std::int64_t kFormat = 1;
constexpr std::int64_t kMaxDigits = 18;  // of a Decimal

[[noreturn]] void refuse(const std::string& path, std::string message) {
  throw Error(ErrorCode::kValidationError, "The tables cannot be read.", {{path, std::move(message), "format"}});
}

/// A value, and where it stands.
class Part {
 public:
  Part(std::string path, const json::Value& value) : path_(std::move(path)), value_(value) {}

  [[nodiscard]] std::string text() const { return as<std::string>("Must be a text."); }
  [[nodiscard]] bool boolean() const { return as<bool>("Must be true or false."); }
  [[nodiscard]] std::int64_t integer() const { return as<std::int64_t>("Must be a whole number."); }
  [[nodiscard]] const json::Object& object() const { return as<json::Object>("Must be an object."); }

  /// A name of a table, a column or an index.
  [[nodiscard]] std::string name() const {
    auto name = text();
    require_name(name);
    return name;
  }
  [[nodiscard]] std::vector<std::string> names() const {
    auto names = texts();
    for (const auto& each : names) require_name(each);
    return names;
  }

  [[nodiscard]] std::vector<std::string> texts() const {
    std::vector<std::string> list;
    for (const auto& item : as<json::Array>("Must be a list of texts.")) list.push_back(Part(path_, item).text());
    return list;
  }

  /// Each member, with its name, which is one in SQL.
  [[nodiscard]] std::vector<std::pair<std::string, Part>> members() const {
    std::vector<std::pair<std::string, Part>> list;
    for (const auto& member : object()) {
      require_name(member.name);
      list.emplace_back(member.name, inner(member.name, member.value));
    }
    return list;
  }

  [[nodiscard]] std::optional<Part> find(const std::string& name) const {
    const auto* value = json::find(object(), name);
    return value == nullptr ? std::nullopt : std::optional(inner(name, *value));
  }
  [[nodiscard]] Part at(const std::string& name) const {
    auto found = find(name);
    if (!found) refuse_with("Lacks `" + name + "`.");
    return *std::move(found);
  }

  void allow_only(std::initializer_list<std::string_view> names) const {
    for (const auto& member : object()) {
      if (std::find(names.begin(), names.end(), member.name) == names.end()) {
        refuse_with("Has an unknown member `" + member.name + "`.");
      }
    }
  }

  [[nodiscard]] const json::Value& value() const noexcept { return value_; }
  [[noreturn]] void refuse_with(std::string message) const { refuse(path_, std::move(message)); }

 private:
  [[nodiscard]] Part inner(const std::string& name, const json::Value& value) const {
    return {path_.empty() ? name : path_ + "." + name, value};
  }

  // What is written into a script's comments, too.
  void require_name(const std::string& text) const {
    const auto is_name_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    const bool is_name = !text.empty() && std::all_of(text.begin(), text.end(), is_name_letter);
    if (!is_name) refuse_with("Has a name that is not in snake_case.");
  }

  template <typename T>
  [[nodiscard]] const T& as(const char* complaint) const {
    const auto* found = value_.as<T>();
    if (found == nullptr) refuse_with(complaint);
    return *found;
  }

  std::string path_;
  const json::Value& value_;
};

void append(std::string& out, const json::Value& value);

/// Writes a value as it would be written by validation: without white space.
struct Compact {
  std::string& out;

  void operator()(json::Null /*none*/) const { out += "null"; }
  void operator()(bool value) const { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) const { out += std::to_string(value); }
  void operator()(const json::Number& number) const { out += number.text; }
  void operator()(const std::string& text) const { json::append_string(out, text); }
  void operator()(const json::Array& items) const {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      append(out, items[i]);
    }
    out += ']';
  }
  void operator()(const json::Object& members) const {
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      json::append_string(out, members[i].name);
      out += ':';
      append(out, members[i].value);
    }
    out += '}';
  }
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as the document, which is bounded
void append(std::string& out, const json::Value& value) { std::visit(Compact{out}, value.data); }

template <typename T>
bool holds(const json::Value& value) {
  return value.as<T>() != nullptr;
}

bool is_default_of(const Column& column, const json::Value& value) {
  const auto* text = value.as<std::string>();
  switch (column.type) {
    case ColumnType::kText:
      return text != nullptr;
    case ColumnType::kUuid:
      return text != nullptr && Uuid::parse(*text);
    case ColumnType::kEnum:
      return text != nullptr && std::binary_search(column.values.begin(), column.values.end(), *text);
    case ColumnType::kDecimal:
      return text != nullptr && Decimal::parse(*text, column.precision, column.scale);
    case ColumnType::kTimestamp:
      return text != nullptr && parse_timestamp(*text);
    case ColumnType::kBoolean:
      return holds<bool>(value);
    case ColumnType::kInteger:
      return holds<std::int64_t>(value);
    case ColumnType::kNumber:
      return holds<std::int64_t>(value) || holds<json::Number>(value);
    case ColumnType::kArray:
      return holds<json::Array>(value);
    case ColumnType::kObject:
      return holds<json::Object>(value);
    case ColumnType::kJson:
      break;
  }
  return true;
}

ColumnType read_type(const Part& part) {
  const auto type = column_type_named(part.text());
  if (!type) part.refuse_with("Is no type of column.");
  return *type;
}

KeyForm read_key(const Part& part) {
  const auto form = part.text();
  if (form != "text" && form != "email") part.refuse_with("Must be `text` or `email`.");
  return form == "email" ? KeyForm::kEmail : KeyForm::kText;
}

int read_digits(const Part& part, std::int64_t least) {
  const auto digits = part.integer();
  if (digits < least || digits > kMaxDigits) part.refuse_with("Must be a number of digits, at most 18.");
  return static_cast<int>(digits);
}

std::string read_default(const Part& part, const Column& column) {
  if (!is_default_of(column, part.value())) part.refuse_with("Is no value of the column.");
  std::string json;
  append(json, part.value());
  return json;
}

Column read_column(const std::string& name, const Part& part) {
  part.allow_only({"type", "precision", "scale", "values", "nullable", "default", "key", "references"});
  Column column{.name = name, .type = read_type(part.at("type"))};
  if (column.type == ColumnType::kDecimal) {
    column.precision = read_digits(part.at("precision"), 1);
    column.scale = read_digits(part.at("scale"), 0);
  }
  if (column.type == ColumnType::kEnum) {
    column.values = part.at("values").texts();
    std::sort(column.values.begin(), column.values.end());
  }
  if (const auto nullable = part.find("nullable")) column.nullable = nullable->boolean();
  if (const auto given = part.find("default")) column.default_json = read_default(*given, column);
  if (const auto key = part.find("key")) column.key = read_key(*key);
  if (column.key != KeyForm::kNone && column.type != ColumnType::kText) part.refuse_with("Only texts have keys.");
  if (const auto table = part.find("references")) column.references = table->name();
  return column;
}

IndexedRows read_indexed_rows(const Part& part) {
  const auto is_set = [&](const char* flag) {
    const auto found = part.find(flag);
    return found && found->boolean();
  };
  const bool living = is_set("living");
  const bool deleted = is_set("deleted");
  if (living && deleted) part.refuse_with("Must be of the living rows or of the deleted ones.");
  if (living) return IndexedRows::kLiving;
  return deleted ? IndexedRows::kDeleted : IndexedRows::kAll;
}

Index read_index(const std::string& name, const Part& part) {
  part.allow_only({"columns", "unique", "living", "deleted"});
  Index index{.name = name, .columns = part.at("columns").names()};
  if (index.columns.empty()) part.refuse_with("Must have a column.");
  if (const auto unique = part.find("unique")) index.unique = unique->boolean();
  index.rows = read_indexed_rows(part);
  return index;
}

bool comes_before(const Column& left, const Column& right) {
  return std::pair(left.name != "id", left.name) < std::pair(right.name != "id", right.name);
}

Table read_table(const std::string& name, const Part& part) {
  part.allow_only({"columns", "indexes"});
  Table table{.name = name, .title = name, .columns = {}, .indexes = {}};
  for (const auto& [column, inner] : part.at("columns").members()) table.columns.push_back(read_column(column, inner));
  for (const auto& [index, inner] : part.at("indexes").members()) table.indexes.push_back(read_index(index, inner));
  std::sort(table.columns.begin(), table.columns.end(), comes_before);
  return table;
}

}  // namespace

std::vector<Table> tables_from_json(std::string_view text) {
  const auto document = json::read_document(text, kLimits);
  const Part whole("", document);
  whole.allow_only({"format", "tables"});
  const auto format = whole.at("format");
  if (format.integer() != kFormat) format.refuse_with("Is of a newer apiwright: use that one.");
  std::vector<Table> tables;
  for (const auto& [name, part] : whole.at("tables").members()) tables.push_back(read_table(name, part));
  return tables;
}

}  // namespace apiwright::repositories
