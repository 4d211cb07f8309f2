#include "apiwright/tokens/jws.hpp"

#include "apiwright/base/base64url.hpp"
#include "tokens/compact.hpp"

namespace apiwright::tokens {

std::string sign_jws(std::string_view header, std::string_view payload, std::span<const std::uint8_t> key) {
  return close_compact(encode_base64url(header), payload, key);
}

Jws verify_jws(std::string_view token, std::span<const std::uint8_t> key) {
  const CompactToken parts = open_compact(token, key);
  Jws jws{.header = decode_part(parts.header), .payload = decode_part(parts.payload)};
  static_cast<void>(check_header(jws.header));
  return jws;
}

}  // namespace apiwright::tokens
