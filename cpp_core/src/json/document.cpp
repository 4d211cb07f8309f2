#include "json/document.hpp"

#include <algorithm>

#include "apiwright/base/secret.hpp"

namespace apiwright::json {
namespace {

class TreeBuilder final : public Handler {
 public:
  [[nodiscard]] Value take() { return std::move(root_); }

  void null() override { add({Null{}}); }
  void boolean(bool value) override { add({value}); }
  void integer(std::int64_t value) override { add({value}); }
  void number(std::string_view text) override { add({Number{std::string(text)}}); }
  void string(std::string_view value) override { add({std::string(value)}); }
  void start_object() override { open_.push_back(add({Object{}})); }
  void key(std::string_view name) override { name_ = name; }
  void end_object() override { open_.pop_back(); }
  void start_array() override { open_.push_back(add({Array{}})); }
  void end_array() override { open_.pop_back(); }

 private:
  // Where the value now lies. Only the innermost container grows, so those around it stay where they are.
  Value* add(Value value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return &root_;
    }
    if (auto* const array = std::get_if<Array>(&open_.back()->data)) {
      return &array->emplace_back(std::move(value));
    }
    auto& object = std::get<Object>(open_.back()->data);
    object.push_back({std::move(name_), std::move(value)});
    return &object.back().value;
  }

  Value root_;
  std::vector<Value*> open_;
  std::string name_;
};

}  // namespace

const Value* find(const Object& object, std::string_view name) noexcept {
  const auto found =
      std::find_if(object.begin(), object.end(), [&](const Member& member) { return member.name == name; });
  return found == object.end() ? nullptr : &found->value;
}

Value read_document(std::string_view bytes, const Limits& limits) {
  TreeBuilder builder;
  read(bytes, builder, limits);
  return builder.take();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the reader's limit
void wipe(Value& value) noexcept {
  if (auto* const text = std::get_if<std::string>(&value.data)) {
    apiwright::wipe(*text);
  } else if (auto* const array = std::get_if<Array>(&value.data)) {
    for (Value& element : *array) wipe(element);
  } else if (auto* const object = std::get_if<Object>(&value.data)) {
    for (Member& member : *object) wipe(member.value);
  }
}

}  // namespace apiwright::json
