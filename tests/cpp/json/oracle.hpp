#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/error.hpp"
#include "json/recorder.hpp"

namespace apiwright::testing {

/// nlohmann's parser telling a Recorder. The names are nlohmann's.
class Oracle {
 public:
  bool null() {
    return told([&] { recorder_.null(); });
  }
  bool boolean(bool value) {
    return told([&] { recorder_.boolean(value); });
  }
  bool number_integer(std::int64_t value) {
    return told([&] { recorder_.integer(value); });
  }
  bool number_unsigned(std::uint64_t value) {
    return told([&] {
      if (std::in_range<std::int64_t>(value)) return recorder_.integer(static_cast<std::int64_t>(value));
      recorder_.number(std::to_string(value));
    });
  }
  bool number_float(double /*value*/, const std::string& text) {
    return told([&] { recorder_.number(text); });
  }
  bool string(const std::string& value) {
    return told([&] { recorder_.string(value); });
  }
  bool binary(const nlohmann::json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*elements*/) {
    return told([&] { recorder_.start_object(); });
  }
  bool key(const std::string& name) {
    return told([&] { recorder_.key(name); });
  }
  bool end_object() {
    return told([&] { recorder_.end_object(); });
  }
  bool start_array(std::size_t /*elements*/) {
    return told([&] { recorder_.start_array(); });
  }
  bool end_array() {
    return told([&] { recorder_.end_array(); });
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const nlohmann::json::exception& error) {
    has_overflow_ = error.id == kNumberOverflow;
    return false;
  }

  [[nodiscard]] const std::string& events() const noexcept { return recorder_.events(); }
  [[nodiscard]] bool has_overflow() const noexcept { return has_overflow_; }

 private:
  template <typename Tell>
  bool told(Tell tell) {
    tell();
    return true;
  }

  static constexpr int kNumberOverflow = 406;  // nlohmann's id of out_of_range for a number beyond a double

  Recorder recorder_;
  bool has_overflow_ = false;
};

[[nodiscard]] inline bool is_duplicate(const Error& error) {
  return std::any_of(error.details().begin(), error.details().end(),
                     [](const Detail& detail) { return detail.code == "duplicate"; });
}

/// What nlohmann lets pass and we refuse (docs/decisions/0014-nul-bytes-in-json.md, and members named twice).
[[nodiscard]] inline bool is_stricter_here(std::string_view document, const Error& error) {
  return is_duplicate(error) || document.starts_with("\xEF\xBB\xBF") || document.find('\0') != std::string::npos;
}

}  // namespace apiwright::testing
