#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/json/reader.hpp"
#include "apiwright/json/writer.hpp"

namespace apiwright::validation {

/// Writes one JSON value down as it is read. One thread.
class JsonText final : public json::Handler {
 public:
  JsonText() = default;
  ~JsonText() override = default;
  JsonText(const JsonText&) = delete;
  JsonText& operator=(const JsonText&) = delete;

  void null() override { writer_.null(); }
  void boolean(bool value) override { writer_.boolean(value); }
  void integer(std::int64_t value) override { writer_.integer(value); }
  void number(std::string_view text) override { writer_.raw(text); }
  void string(std::string_view value) override { writer_.string(value); }
  void start_object() override { writer_.begin_object(), ++depth_; }
  void key(std::string_view name) override { writer_.key(name); }
  void end_object() override { writer_.end_object(), --depth_; }
  void start_array() override { writer_.begin_array(), ++depth_; }
  void end_array() override { writer_.end_array(), --depth_; }

  /// Arrays and objects that are open.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }
  [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

 private:
  std::string text_;
  json::Writer writer_{text_};
  std::size_t depth_ = 0;
};

}  // namespace apiwright::validation
