#include "tokens/compact.hpp"

#include <algorithm>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::size_t kMaxEncodedSignatureBytes = 86;  // 64 bytes in base64url

char to_lower_ascii(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower_ascii(x) == to_lower_ascii(y); });
}

std::string_view without_application(std::string_view typ) {
  constexpr std::string_view kApplication = "application/";
  const bool has = equal_ignoring_case(typ.substr(0, kApplication.size()), kApplication);
  return has ? typ.substr(kApplication.size()) : typ;
}

}  // namespace

void refuse_token() { throw Error(ErrorCode::kUnauthorized, "The token is not valid."); }

CompactToken split_compact(std::string_view token) {
  if (token.size() > kMaxTokenBytes || std::count(token.begin(), token.end(), '.') != 2) {
    refuse_token();
  }
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  return {.header = token.substr(0, first),
          .payload = token.substr(first + 1, second - first - 1),
          .signature = token.substr(second + 1),
          .signed_part = token.substr(0, second)};
}

void check_signature(const CompactToken& token, const VerifyingKey& key) {
  if (token.signature.size() > kMaxEncodedSignatureBytes) {
    refuse_token();
  }
  key.verify(token.signed_part, decode_part(token.signature));
}

std::string close_compact(std::string_view encoded_header, std::string_view payload, const SigningKey& key) {
  const std::string encoded_payload = encode_base64url(payload);
  std::string token;
  token.reserve(encoded_header.size() + encoded_payload.size() + kMaxEncodedSignatureBytes + 2);
  token.append(encoded_header).append(1, '.').append(encoded_payload);
  const std::string signature = key.sign(token);
  return token.append(1, '.').append(encode_base64url(signature));
}

std::string decode_part(std::string_view part) {
  std::optional<std::string> bytes = decode_base64url(part);
  if (!bytes) {
    refuse_token();
  }
  return *std::move(bytes);
}

bool is_type(std::string_view typ, std::string_view expected) {
  return equal_ignoring_case(without_application(typ), without_application(expected));
}

}  // namespace apiwright::tokens
