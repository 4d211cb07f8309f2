#include "validation/stream_safe.hpp"

#include <utf8proc.h>

#include <array>
#include <cstddef>

namespace apiwright::validation {
namespace {

constexpr int kMaxMarks = 30;                 // UAX #15, D4
constexpr std::size_t kAlwaysSafe = 256;      // bytes: any run in them is sorted in microseconds
constexpr std::size_t kMaxDecomposition = 4;  // code points of one code point's canonical decomposition

const utf8proc_uint8_t* bytes_of(std::string_view text) noexcept {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

/// Counts the run of marks that goes on after `code_point`: as it is, or as what it is made of (U+0344 is two marks).
int marks_after(utf8proc_int32_t code_point, int marks) noexcept {
  std::array<utf8proc_int32_t, kMaxDecomposition> parts{};
  int last_boundclass = 0;
  const auto count =
      utf8proc_decompose_char(code_point, parts.data(), kMaxDecomposition, UTF8PROC_DECOMPOSE, &last_boundclass);
  if (count < 1 || count > static_cast<utf8proc_ssize_t>(kMaxDecomposition)) return 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    marks = utf8proc_get_property(parts.at(i))->combining_class == 0 ? 0 : marks + 1;
  }
  return marks;
}

}  // namespace

bool is_stream_safe(std::string_view text) noexcept {
  if (text.size() <= kAlwaysSafe) return true;
  int marks = 0;
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      marks = 0;
      text.remove_prefix(1);
      continue;
    }
    utf8proc_int32_t code_point = 0;
    const auto length = utf8proc_iterate(bytes_of(text), static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (length < 1) return false;
    marks = marks_after(code_point, marks);
    if (marks > kMaxMarks) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

}  // namespace apiwright::validation
