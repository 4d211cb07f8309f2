#include "passwords/phc.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "require.hpp"

using apiwright::fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = apiwright::fuzz::as_text(data, size);
  const auto phc = apiwright::passwords::parse_phc(text);
  if (!phc) return 0;
  require(apiwright::passwords::within_bounds(phc->parameters), "what is read costs no more than the bounds allow");
  require(apiwright::passwords::write_phc(*phc) == text, "a hash has one spelling");
  return 0;
}
