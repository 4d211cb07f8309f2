#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace apiwright::json {

/// Bounds that no document may pass; each passing is Error(kMalformedJson).
struct Limits {
  std::size_t bytes = 10 * 1024 * 1024;
  std::size_t depth = 32;        ///< arrays and objects inside one another
  std::size_t values = 100'000;  ///< scalars, arrays, objects and member names in all
};

/// Receives a document's parts in order. Texts are lent for the call: they lie in the document itself, or, a string
/// with escapes, in a buffer that read() wipes. A callback may throw; read() passes it on.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void null() = 0;
  virtual void boolean(bool value) = 0;
  virtual void integer(std::int64_t value) = 0;
  /// Any other number, as it was written (`1.50`, `1e3`, `18446744073709551616`).
  virtual void number(std::string_view text) = 0;
  virtual void string(std::string_view value) = 0;
  virtual void start_object() = 0;
  virtual void key(std::string_view name) = 0;  ///< unique within its object
  virtual void end_object() = 0;
  virtual void start_array() = 0;
  virtual void end_array() = 0;
};

/// Reads one RFC 8259 document strictly: no byte order mark, no trailing bytes, no NaN or Infinity, no bad UTF-8, no
/// lone surrogate, no member named twice (a Detail with its path and code `duplicate`), nothing past `limits`. A number
/// of any size is good JSON (1e400): whom it is for decides. Throws Error(kMalformedJson) that says what is wrong and
/// at which byte (from 0), never echoing the input. Copies only what has escapes, so a usual document costs no
/// allocation.
void read(std::string_view bytes, Handler& handler, const Limits& limits = {});

}  // namespace apiwright::json
