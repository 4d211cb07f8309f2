#include "apiwright/tokens/opaque_tokens.hpp"

#include <optional>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/secret.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kMaxTextBytes = (OpaqueTokens::kMaxPayloadBytes + OpaqueTokens::kTagBytes + 2) / 3 * 4;

[[noreturn]] void refuse() { throw Error(ErrorCode::kUnauthorized, "The token is not valid."); }

[[noreturn]] void refuse_input(std::string field, std::string message, std::string code) {
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{.field = std::move(field), .message = std::move(message), .code = std::move(code)}});
}

/// A key for the purpose alone.
Key key_for(const Key& key, std::string_view purpose) {
  if (purpose.empty()) refuse_input("purpose", "Must not be empty.", "min_length");
  if (purpose.size() > OpaqueTokens::kMaxPurposeBytes) {
    refuse_input("purpose", "Must have at most 64 bytes.", "max_length");
  }
  return Key(blake2b(std::string("opaque token: ").append(purpose), key));
}

std::string tag_of(std::string_view payload, const Key& key) {
  return std::string(as_text(blake2b(payload, key)).substr(0, OpaqueTokens::kTagBytes));
}

}  // namespace

OpaqueTokens::OpaqueTokens(const Key& key, std::string_view purpose) : key_(key_for(key, purpose)) {}

std::string OpaqueTokens::seal(std::string_view payload) const {
  if (payload.size() > kMaxPayloadBytes) refuse_input("payload", "Must have at most 4096 bytes.", "max_length");
  return encode_base64url(std::string(payload).append(tag_of(payload, key_)));
}

std::string OpaqueTokens::open(std::string_view text) const {
  if (text.size() > kMaxTextBytes) refuse();
  std::optional<std::string> bytes = decode_base64url(text);
  if (!bytes || bytes->size() < kTagBytes) refuse();
  const std::size_t size = bytes->size() - kTagBytes;
  const std::string_view payload = std::string_view(*bytes).substr(0, size);
  if (!equal_in_constant_time(tag_of(payload, key_), std::string_view(*bytes).substr(size))) refuse();
  bytes->resize(size);
  return *std::move(bytes);
}

}  // namespace apiwright::tokens
