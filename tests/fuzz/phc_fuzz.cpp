#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

#include "apiwright/passwords/hasher.hpp"
#include "passwords/argon2.hpp"
#include "passwords/stored_hash.hpp"
#include "require.hpp"

using apiwright::fuzz::require;
namespace passwords = apiwright::passwords;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = apiwright::fuzz::as_text(data, size);
  const auto stored = passwords::parse_stored(text);
  const auto argon2 = passwords::parse_argon2(text);
  require(!argon2 || stored.has_value(), "what one scheme reads, all of them read");
  if (!argon2) return 0;
  require(argon2->memory_kib <= passwords::Parameters::kMaxMemoryKib &&
              argon2->passes <= passwords::Parameters::kMaxPasses && argon2->lanes <= 16,
          "what is read costs no more than the bounds allow");
  const std::string_view plain = text.starts_with("argon2$") ? text.substr(6) : text;
  require(passwords::write_argon2(*argon2) == plain, "a hash has one spelling");
  return 0;
}
