#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/tokens/opaque_tokens.hpp"
#include "require.hpp"
#include "token_keys.hpp"

using apiwright::fuzz::require;

/// The sealed texts that cursors are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const apiwright::tokens::OpaqueTokens tokens(apiwright::fuzz::token_key(), "cursor");
  const std::string_view input = apiwright::fuzz::as_text(data, size);
  try {
    require(tokens.seal(tokens.open(input)) == input, "a payload has one text");
  } catch (const apiwright::Error& error) {
    require(error.code() == apiwright::ErrorCode::kUnauthorized, "a text is refused in one way");
  }
  if (size > apiwright::tokens::OpaqueTokens::kMaxPayloadBytes) return 0;
  std::string text = tokens.seal(input);
  require(tokens.open(text) == input, "what was sealed opens");
  text[size % text.size()] = text[size % text.size()] == 'A' ? 'B' : 'A';
  try {
    (void)tokens.open(text);
    require(false, "a changed text does not open");
  } catch (const apiwright::Error&) {
    return 0;
  }
  return 0;
}
