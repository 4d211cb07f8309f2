#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apiwright/base/text.hpp"
#include "apiwright/validation/email.hpp"
#include "require.hpp"

using apiwright::fuzz::require;
using apiwright::validation::email_key;
using apiwright::validation::is_email;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view address = apiwright::fuzz::as_text(data, size);
  const auto key = email_key(address);
  require(key.has_value() == is_email(address), "an address has a key, and nothing else has one");
  if (!key) return 0;
  require(apiwright::is_utf8(*key), "a key is UTF-8");
  require(is_email(*key), "a key is an address");
  require(email_key(*key) == key, "a key's key is itself");
  require(email_key(apiwright::to_nfc(address)) == key, "normalising changes no key");
  return 0;
}
