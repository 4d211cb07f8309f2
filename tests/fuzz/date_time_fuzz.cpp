#include <cstddef>
#include <cstdint>
#include <string>

#include "apiwright/base/timestamp.hpp"
#include "require.hpp"

using apiwright::format_timestamp;
using apiwright::parse_timestamp;
using apiwright::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto time = parse_timestamp(apiwright::fuzz::as_text(data, size));
  if (!time) return 0;
  const std::string text = format_timestamp(*time);
  require(text.size() == 24 && text.ends_with('Z'), "a time is written in one form");
  require(parse_timestamp(text) == time, "what is written is read as the same time");
  return 0;
}
