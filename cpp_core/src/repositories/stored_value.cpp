#include "repositories/stored_value.hpp"

#include <optional>
#include <type_traits>
#include <utility>

#include "apiwright/base/text.hpp"
#include "apiwright/json/reader.hpp"
#include "apiwright/validation/check.hpp"
#include "apiwright/validation/email.hpp"

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

std::string array_text(const Array& array) {
  std::string text;
  json::Writer writer(text);
  write_json(writer, Value(array));
  return text;
}

Error damaged() { return {ErrorCode::kInternal, "A stored value cannot be read."}; }

// Collects a JSON array of scalars that this module wrote.
class ArrayHandler final : public json::Handler {
 public:
  explicit ArrayHandler(const Field& element) : element_(element) {}

  void null() override { items_.emplace_back(Null{}); }
  void boolean(bool value) override { items_.emplace_back(value); }
  void integer(std::int64_t value) override { items_.emplace_back(value); }
  void number(std::string_view) override { throw damaged(); }
  void string(std::string_view value) override {
    validation::Violations violations;
    items_.push_back(validation::check_text(element_, value, "", violations));
    if (!violations.empty()) items_.back() = std::string(value);
  }
  void start_object() override { throw damaged(); }
  void key(std::string_view) override { throw damaged(); }
  void end_object() override { throw damaged(); }
  void start_array() override {
    if (std::exchange(open_, true)) throw damaged();
  }
  void end_array() override {}

  [[nodiscard]] Array take() && { return std::move(items_); }

 private:
  const Field& element_;
  bool open_ = false;
  Array items_;
};

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
                 [&](const Decimal& data) { statement.bind(index, data); },
                 [&](const std::string& data) { statement.bind(index, std::string_view(data)); },
                 [&](const Uuid& data) { statement.bind(index, data); },
                 [&](Timestamp data) { statement.bind(index, data); },
                 [&](const Array& data) { statement.bind(index, std::string_view(array_text(data))); },
             },
             value.data);
}

std::string key_of(const Field& field, std::string_view text) {
  if (field.kind() == validation::Kind::kEmail) return validation::email_key(text).value_or("");
  return casefold(text);
}

void write_json(json::Writer& writer, const Value& value) {
  std::visit(Overloaded{
                 [&](Absent) { writer.null(); },
                 [&](Null) { writer.null(); },
                 [&](bool data) { writer.boolean(data); },
                 [&](std::int64_t data) { writer.integer(data); },
                 [&](const Decimal& data) { writer.string(data.to_string()); },
                 [&](const std::string& data) { writer.string(data); },
                 [&](const Uuid& data) { writer.string(data.to_string()); },
                 [&](Timestamp data) { writer.string(format_timestamp(data)); },
                 [&](const Array& data) {
                   writer.begin_array();
                   for (const auto& item : data) write_json(writer, item);
                   writer.end_array();
                 },
             },
             value.data);
}

Array read_array(const Field& element, std::string_view json) {
  if (json == "[]") return {};
  if (element.kind() == validation::Kind::kString) {
    if (auto texts = plain_texts(json)) return std::move(*texts);
  }
  ArrayHandler handler(element);
  try {
    json::read(json, handler);
  } catch (const Error& error) {
    // What a client sent is malformed; what is stored is damaged.
    throw damaged().caused_by(error.message());
  }
  return std::move(handler).take();
}

}  // namespace apiwright::repositories
