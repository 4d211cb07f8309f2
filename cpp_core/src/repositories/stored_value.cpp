#include "repositories/stored_value.hpp"

#include <optional>
#include <type_traits>

#include "apiwright/base/text.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/email.hpp"
#include "apiwright/validation/value_json.hpp"

namespace apiwright::repositories {
namespace {

using validation::Absent;
using validation::Array;
using validation::Field;
using validation::Null;
using validation::Value;

template <typename... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <typename... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

void bind_json(data::Statement& statement, int index, const Value& value) {
  statement.bind(index, std::string_view(validation::to_json(value)));
}

// `["a","b"]` as this module writes it where no text has an escape; none for anything else.
std::optional<Array> plain_texts(std::string_view json) {
  if (json.size() < 4 || !json.starts_with("[\"") || !json.ends_with("\"]")) return std::nullopt;
  if (json.find('\\') != std::string_view::npos) return std::nullopt;
  Array texts;
  json = json.substr(2, json.size() - 4);
  while (true) {
    const auto end = json.find('"');
    texts.emplace_back(std::string(json.substr(0, end)));
    if (end == std::string_view::npos) return texts;
    if (!json.substr(end).starts_with(R"(",")")) return std::nullopt;
    json.remove_prefix(end + 3);
  }
}

}  // namespace

void bind_value(data::Statement& statement, int index, const Value& value) {
  std::visit(Overloaded{
                 [&](Absent) { statement.bind_null(index); },
                 [&](Null) { statement.bind_null(index); },
                 [&](bool data) { statement.bind(index, data); },
                 [&](std::int64_t data) { statement.bind(index, data); },
                 [&](double data) { statement.bind(index, data); },
                 [&](const Decimal& data) { statement.bind(index, data); },
                 [&](const std::string& data) { statement.bind(index, std::string_view(data)); },
                 [&](const Uuid& data) { statement.bind(index, data); },
                 [&](Timestamp data) { statement.bind(index, data); },
                 [&](const Array&) { bind_json(statement, index, value); },
                 [&](const validation::Object&) { bind_json(statement, index, value); },
                 [&](const validation::Map&) { bind_json(statement, index, value); },
                 [&](const validation::Json& data) { statement.bind(index, std::string_view(data.text)); },
             },
             value.data);
}

std::string key_of(KeyForm form, std::string_view text) {
  if (form == KeyForm::kEmail) return validation::email_key(text).value_or("");
  return casefold(text);
}

std::string key_of(const Field& field, std::string_view text) {
  return key_of(field.kind() == validation::Kind::kEmail ? KeyForm::kEmail : KeyForm::kText, text);
}

int bind_field(data::Statement& statement, int index, const Field& field, const Value& value) {
  bind_value(statement, index++, value);
  if (!field.has_key_column()) return index;
  if (std::holds_alternative<std::string>(value.data)) {
    const auto key = key_of(field, value.as<std::string>());
    statement.bind(index++, std::string_view(key));
  } else {
    statement.bind_null(index++);
  }
  return index;
}

void bind_row(data::Statement& statement, const validation::Record& record) {
  int parameter = 1;
  const auto& fields = record.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!fields[index].is_transient()) parameter = bind_field(statement, parameter, fields[index], record.at(index));
  }
}

Value read_composite(const Field& stored_form, std::string_view json) {
  if (stored_form.kind() == validation::Kind::kArray) {
    if (json == "[]") return Array{};
    if (stored_form.element()->kind() == validation::Kind::kString) {
      if (auto texts = plain_texts(json)) return std::move(*texts);
    }
  }
  return validation::read_stored(stored_form, json);
}

}  // namespace apiwright::repositories
