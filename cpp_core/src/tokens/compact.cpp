#include "tokens/compact.hpp"

#include <algorithm>
#include <optional>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/digest.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kMinKeyBytes = 32;            // RFC 7518 §3.2: as long as the hash
constexpr std::size_t kEncodedSignatureBytes = 43;  // 32 bytes in base64url

Digest signature_of(std::string_view signed_part, std::span<const std::uint8_t> key) {
  if (key.size() < kMinKeyBytes) {
    throw Error(ErrorCode::kInternal, "A token's signing key has fewer than 32 bytes.");
  }
  return hmac_sha256(signed_part, key);
}

}  // namespace

void refuse_token() { throw Error(ErrorCode::kUnauthorized, "The token is not valid."); }

CompactToken open_compact(std::string_view token, std::span<const std::uint8_t> key) {
  if (token.size() > kMaxTokenBytes || std::count(token.begin(), token.end(), '.') != 2) {
    refuse_token();
  }
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  const std::string_view encoded_signature = token.substr(second + 1);
  if (encoded_signature.size() != kEncodedSignatureBytes) {
    refuse_token();
  }
  const Digest expected = signature_of(token.substr(0, second), key);
  if (!equal_in_constant_time(as_text(expected), decode_part(encoded_signature))) {
    refuse_token();
  }
  return {.header = token.substr(0, first), .payload = token.substr(first + 1, second - first - 1)};
}

std::string close_compact(std::string_view encoded_header, std::string_view payload,
                          std::span<const std::uint8_t> key) {
  const std::string encoded_payload = encode_base64url(payload);
  std::string token;
  token.reserve(encoded_header.size() + encoded_payload.size() + kEncodedSignatureBytes + 2);
  token.append(encoded_header).append(1, '.').append(encoded_payload);
  const Digest signature = signature_of(token, key);
  return token.append(1, '.').append(encode_base64url(as_text(signature)));
}

std::string decode_part(std::string_view part) {
  std::optional<std::string> bytes = decode_base64url(part);
  if (!bytes) {
    refuse_token();
  }
  return *std::move(bytes);
}

}  // namespace apiwright::tokens
