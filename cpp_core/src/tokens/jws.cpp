#include "apiwright/tokens/jws.hpp"

#include "apiwright/base/base64url.hpp"
#include "tokens/compact.hpp"

namespace apiwright::tokens {
namespace {

Jws open(const CompactToken& parts, std::string header, const VerifyingKey* key) {
  if (key == nullptr) {
    refuse_token();
  }
  check_signature(parts, *key);
  return {.header = std::move(header), .payload = decode_part(parts.payload)};
}

}  // namespace

std::string sign_jws(std::string_view header, std::string_view payload, const SigningKey& key) {
  return close_compact(encode_base64url(header), payload, key);
}

Jws verify_jws(std::string_view token, const VerifyingKey& key) {
  const CompactToken parts = split_compact(token);
  std::string header = decode_part(parts.header);
  const bool is_keys = read_header(header).algorithm == key.algorithm();
  return open(parts, std::move(header), is_keys ? &key : nullptr);
}

Jws verify_jws(std::string_view token, const Keyring& ring) {
  const CompactToken parts = split_compact(token);
  std::string header = decode_part(parts.header);
  const JoseHeader read = read_header(header);
  return open(parts, std::move(header), ring.find(read.algorithm, read.kid));
}

}  // namespace apiwright::tokens
