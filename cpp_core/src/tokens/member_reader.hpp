#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apiwright/json/reader.hpp"

namespace apiwright::tokens {

/// Reads a document that must be one JSON object and hands on its members, one level deep: what a header or a claims
/// set needs. An array's elements come one by one; everything deeper is checked as JSON and dropped. One thread.
class MemberReader : public json::Handler {
 public:
  /// Reads all of `json`; refuse_token() when it is not one object or not strict JSON.
  void read_object(std::string_view json);

  void null() final;
  void boolean(bool value) final;
  void integer(std::int64_t value) final;
  void number(std::string_view text) final;
  void string(std::string_view value) final;
  void key(std::string_view name) final;
  void start_object() final;
  void end_object() final { --depth_; }
  void start_array() final;
  void end_array() final { --depth_; }

 protected:
  virtual void on_string(std::string_view name, std::string_view value) = 0;
  virtual void on_integer(std::string_view name, std::int64_t value) = 0;
  virtual void on_array(std::string_view name) = 0;  ///< it begins; its elements follow
  virtual void on_string_element(std::string_view name, std::string_view value) = 0;
  virtual void on_other_element(std::string_view name) = 0;
  virtual void on_other(std::string_view name) = 0;  ///< boolean, object, a number that is no 64-bit integer
  virtual void on_null(std::string_view name) { on_other(name); }

 private:
  [[nodiscard]] bool is_member() const noexcept { return depth_ == 1; }
  [[nodiscard]] bool is_element() const noexcept { return depth_ == 2 && in_array_; }
  void other();

  std::string name_;
  std::size_t depth_ = 0;
  bool in_array_ = false;  ///< the container at depth 2 is an array
};

}  // namespace apiwright::tokens
