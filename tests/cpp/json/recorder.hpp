#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/json/reader.hpp"

namespace apiwright::testing {

/// Writes down what it is told, such as `{ "a": [ 1 num(1.50) ] }`.
class Recorder : public json::Handler {
 public:
  [[nodiscard]] const std::string& events() const noexcept { return events_; }

  void null() override { note("null"); }
  void boolean(bool value) override { note(value ? "true" : "false"); }
  void integer(std::int64_t value) override { note(std::to_string(value)); }
  void number(std::string_view text) override { note("num(" + std::string(text) + ")"); }
  void string(std::string_view value) override { note('"' + std::string(value) + '"'); }
  void start_object() override { note("{"); }
  void key(std::string_view name) override { note('"' + std::string(name) + "\":"); }
  void end_object() override { note("}"); }
  void start_array() override { note("["); }
  void end_array() override { note("]"); }

 private:
  void note(const std::string& event) { events_ += events_.empty() ? event : ' ' + event; }

  std::string events_;
};

[[nodiscard]] inline std::string events_of(const std::string& bytes, const json::Limits& limits = {}) {
  Recorder recorder;
  json::read(bytes, recorder, limits);
  return recorder.events();
}

/// The error with which `bytes` are refused.
[[nodiscard]] inline Error refusal_of(const std::string& bytes, const json::Limits& limits = {}) {
  Recorder recorder;
  try {
    json::read(bytes, recorder, limits);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::kInternal, "was read"};
}

[[nodiscard]] inline std::string message_of(const std::string& bytes, const json::Limits& limits = {}) {
  return refusal_of(bytes, limits).message();
}

}  // namespace apiwright::testing
