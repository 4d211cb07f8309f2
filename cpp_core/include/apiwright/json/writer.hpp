#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/timestamp.hpp"

namespace apiwright::json {

/// Appends JSON to a string it borrows; commas and nesting are its own care. One thread.
/// Strings must be UTF-8; they are escaped as RFC 8259 asks and no further.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  Writer& key(std::string_view name);
  Writer& raw_key(std::string_view key);  ///< `"name":`, escaped already

  Writer& null();
  Writer& boolean(bool value);
  Writer& integer(std::int64_t value);
  Writer& number(double value);  ///< finite; the shortest text that reads as this double again, always with a point or
                                 ///< an exponent
  Writer& string(std::string_view value);
  Writer& time(Timestamp value);       ///< a string as append_timestamp() writes it
  Writer& raw(std::string_view json);  ///< one value that is JSON already

  /// A member in one call.
  Writer& member(std::string_view name, std::string_view value) { return key(name).string(value); }
  Writer& member(std::string_view name, const char* value) { return key(name).string(value); }
  Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
  Writer& member(std::string_view name, int value) { return key(name).integer(value); }
  Writer& member(std::string_view name, bool value) { return key(name).boolean(value); }

 private:
  void separate();

  std::string& out_;
  bool comma_ = false;
};

/// `text` as a JSON string, quotes included, appended to `out`.
void append_string(std::string& out, std::string_view text);

}  // namespace apiwright::json
