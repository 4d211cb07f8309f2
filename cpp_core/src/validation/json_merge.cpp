#include "validation/json_merge.hpp"

#include <variant>

#include "apiwright/base/error.hpp"
#include "apiwright/json/writer.hpp"
#include "json/document.hpp"
#include "validation/lay_over.hpp"
#include "validation/stored_json.hpp"

namespace apiwright::validation {
namespace {

class Ignore final : public json::Handler {
 public:
  void null() override {}
  void boolean(bool /*value*/) override {}
  void integer(std::int64_t /*value*/) override {}
  void number(std::string_view /*text*/) override {}
  void string(std::string_view /*value*/) override {}
  void start_object() override {}
  void key(std::string_view /*name*/) override {}
  void end_object() override {}
  void start_array() override {}
  void end_array() override {}
};

class JsonWriter {
 public:
  explicit JsonWriter(json::Writer& out) : out_(out) {}

  void operator()(json::Null /*none*/) { out_.null(); }
  void operator()(bool value) { out_.boolean(value); }
  void operator()(std::int64_t value) { out_.integer(value); }
  void operator()(const json::Number& number) { out_.raw(number.text); }
  void operator()(const std::string& text) { out_.string(text); }
  // NOLINTBEGIN(misc-no-recursion): as deep as the reader's limit
  void operator()(const json::Array& array) {
    out_.begin_array();
    for (const json::Value& value : array) std::visit(*this, value.data);
    out_.end_array();
  }
  void operator()(const json::Object& object) {
    out_.begin_object();
    for (const json::Member& member : object) {
      out_.key(member.name);
      std::visit(*this, member.value.data);
    }
    out_.end_object();
  }
  // NOLINTEND(misc-no-recursion)

 private:
  json::Writer& out_;
};

// NOLINTNEXTLINE(misc-no-recursion): as deep as the reader's limit
void merge(json::Value& target, const json::Value& patch) {
  const auto* const changes = patch.as<json::Object>();
  if (changes == nullptr) {
    target = patch;
    return;
  }
  if (target.as<json::Object>() == nullptr) target.data = json::Object{};
  lay_over(
      std::get<json::Object>(target.data), *changes,
      [](const json::Value& value) { return value.as<json::Null>() != nullptr; },
      [](json::Value& value, const json::Member& change) { merge(value, change.value); });
}

}  // namespace

std::string merge_json(std::string_view target, std::string_view patch) {
  if (!patch.starts_with('{')) return std::string(patch);
  json::Value merged = read_column([&] { return json::read_document(target, kStoredLimits); });
  merge(merged, json::read_document(patch, {}));
  std::string text;
  json::Writer writer(text);
  std::visit(JsonWriter(writer), merged.data);
  return text;
}

bool is_within_limits(std::string_view json) {
  Ignore nothing;
  try {
    json::read(json, nothing);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace apiwright::validation
