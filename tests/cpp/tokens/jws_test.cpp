#include "apiwright/tokens/jws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/digest.hpp"
#include "apiwright/base/error.hpp"

namespace apiwright::tokens {
namespace {

using Bytes = std::vector<std::uint8_t>;

const Bytes kKeyBytes(32, 0x2A);
const SigningKey kSigningKey(Algorithm::kHs256, kKeyBytes);
const SigningKey& kKey = kSigningKey;
constexpr std::string_view kHeader = R"({"alg":"HS256"})";

// RFC 7515 appendix A.1: the key (64 bytes), the header and the payload with their line breaks, and the token. RFC 7519
// §3.1 shows the same.
constexpr std::string_view kRfcKey =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
constexpr std::string_view kRfcHeader = "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}";
constexpr std::string_view kRfcPayload =
    "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}";
constexpr std::string_view kRfcToken =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

SigningKey rfc_key() {
  const std::string key = decode_base64url(kRfcKey).value();
  return {Algorithm::kHs256, Bytes(key.begin(), key.end())};
}

/// `parts` with a right signature, whatever they are.
std::string sign_parts(const std::string& parts) {
  return parts + "." + encode_base64url(as_text(hmac_sha256(parts, kKeyBytes)));
}

std::string sign_header(std::string_view header) { return sign_jws(header, "{}", kKey); }

/// The refusal must be the one that says nothing.
void expect_refused(std::string_view token, const SigningKey& key = kKey) {
  try {
    static_cast<void>(verify_jws(token, key.verifying_key()));
    ADD_FAILURE() << "accepted: " << token;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnauthorized) << token;
    EXPECT_EQ(error.message(), "The token is not valid.");
    EXPECT_TRUE(error.details().empty());
  }
}

TEST(Jws, VerifiesTheExampleOfRfc7515) {
  const Jws jws = verify_jws(kRfcToken, rfc_key().verifying_key());
  EXPECT_EQ(jws.header, kRfcHeader);
  EXPECT_EQ(jws.payload, kRfcPayload);
}

TEST(Jws, SignsTheExampleOfRfc7515ToTheByte) { EXPECT_EQ(sign_jws(kRfcHeader, kRfcPayload, rfc_key()), kRfcToken); }

TEST(Jws, WhatItSignsItVerifies) {
  using std::string_literals::operator""s;
  for (const std::string& payload : {""s, "{}"s, "\0\xFF bytes"s, std::string(5000, 'x')}) {
    EXPECT_EQ(verify_jws(sign_jws(kHeader, payload, kKey), kKey.verifying_key()).payload, payload);
  }
}

TEST(Jws, AnotherKeyIsRefused) {
  Bytes other = kKeyBytes;
  other.back() ^= 1;
  expect_refused(sign_header(kHeader), SigningKey(Algorithm::kHs256, other));
  expect_refused(kRfcToken);
}

TEST(Jws, EveryFlippedBitIsRefused) {
  const std::string token = sign_header(kHeader);
  ASSERT_NO_THROW(static_cast<void>(verify_jws(token, kKey.verifying_key())));
  for (std::size_t index = 0; index < token.size(); ++index) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = token;
      changed[index] = static_cast<char>(static_cast<unsigned char>(changed[index]) ^ (1U << bit));
      expect_refused(changed);
    }
  }
}

TEST(Jws, EveryTruncationAndExtensionIsRefused) {
  const std::string token = sign_header(kHeader);
  for (std::size_t size = 0; size < token.size(); ++size) {
    expect_refused(token.substr(0, size));
    expect_refused(token.substr(token.size() - size));
  }
  for (const char byte : {'A', '=', '.', ' ', '\n', '\0'}) {
    expect_refused(token + byte);
    expect_refused(byte + token);
  }
}

TEST(Jws, ATokenWithOtherThanThreePartsIsRefused) {
  for (const std::string_view bad : {"", ".", "..", "...", "a", "a.b", "e30.e30.", "e30.e30"}) {
    expect_refused(bad);
  }
  const std::string token = sign_header(kHeader);
  expect_refused(token.substr(0, token.rfind('.')));
  expect_refused(token + ".");
  expect_refused(token + ".e30");
  expect_refused(sign_parts(encode_base64url(kHeader)));
  expect_refused(sign_parts(encode_base64url(kHeader) + ".e30.e30"));
}

TEST(Jws, WhiteSpaceAndUnicodeInATokenAreRefused) {
  const std::string header = encode_base64url(kHeader);
  for (const char* const inserted : {" ", "\n", "\r\n", "\t", "=", "+", "/", "%", "\u00E9", "\u200B", "\xFF"}) {
    expect_refused(sign_parts(header + inserted + ".e30"));
    expect_refused(sign_parts(header + ".e30" + inserted));
    expect_refused(sign_parts(inserted + header + ".e30"));
  }
}

TEST(Jws, Base64urlThatIsNotCanonicalIsRefusedEvenWhenSigned) {
  // kHeader has 15 bytes, and 16 with a space: the last character of 22 then has four unused bits.
  std::string header = encode_base64url(std::string(kHeader) + " ");
  ASSERT_NO_THROW(static_cast<void>(verify_jws(sign_parts(header + ".e30"), kKey.verifying_key())));
  ++header.back();
  expect_refused(sign_parts(header + ".e30"));
  expect_refused(sign_parts(encode_base64url(kHeader) + ".e31"));
  expect_refused(sign_parts(encode_base64url(kHeader) + ".e"));

  std::string token = sign_header(kHeader);  // 43 characters of signature leave two bits unused
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::size_t last = alphabet.find(token.back());
  ASSERT_EQ(last % 4, 0U);
  token.back() = alphabet[last + 1];
  expect_refused(token);
}

// libsodium 1.0.18 reads every byte from 0x80 on as the alphabet's last letter.
TEST(Jws, ABytePastAsciiStandsForNoLetter) {
  std::string token(kRfcToken);
  const std::size_t last_letter = token.rfind('_');
  for (int byte = 0x80; byte <= 0xFF; ++byte) {
    token[last_letter] = static_cast<char>(byte);
    expect_refused(token, rfc_key());
  }
}

TEST(Jws, AnyOtherAlgorithmIsRefusedThoughTheSignatureIsRight) {
  for (const char* const header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS512"})", R"({"alg":"HS384"})", R"({"alg":"RS256"})",
        R"({"alg":"ES256"})", R"({"alg":"EdDSA"})", R"({"alg":"hs256"})", R"({"alg":"HS256 "})", R"({"alg":""})",
        R"({"alg":"HS256\u0000"})", R"({"alg":null})", R"({"alg":256})", R"({"alg":true})", R"({"alg":["HS256"]})",
        R"({"alg":{"alg":"HS256"}})", R"({"ALG":"HS256"})", R"({"x":{"alg":"HS256"}})", R"({})"}) {
    expect_refused(sign_header(header));
  }
}

TEST(Jws, AnUnsignedTokenIsRefused) {
  expect_refused(encode_base64url(R"({"alg":"none"})") + ".e30.");
  expect_refused(encode_base64url(kHeader) + ".e30." + std::string(43, 'A'));
}

TEST(Jws, HeadersThatSayHowToCheckAreRefused) {
  for (const char* const member :
       {R"("crit":["exp"])", R"("crit":[])", R"("crit":null)", R"("b64":false)", R"("b64":true)",
        R"("jwk":{"kty":"oct","k":"AA"})", R"("jku":"https://evil.example/keys")", R"("x5u":"https://evil.example/c")",
        R"("x5c":["AA"])"}) {
    expect_refused(sign_header(std::string(R"({"alg":"HS256",)") + member + "}"));
    expect_refused(sign_header(std::string("{") + member + R"(,"alg":"HS256"})"));
  }
}

TEST(Jws, OtherHeaderMembersAreLeftAlone) {
  for (const char* const header :
       {R"({"typ":"JWT","alg":"HS256","kid":"1"})", R"({"alg":"HS256","x":{"crit":1,"y":[1,[2]]}})",
        R"({"alg":"HS256","x":["crit"]})", R"( { "alg" : "HS256" } )", R"({"\u0061lg":"HS256"})"}) {
    EXPECT_NO_THROW(static_cast<void>(verify_jws(sign_header(header), kKey.verifying_key()))) << header;
  }
}

TEST(Jws, AHeaderThatIsNotOneStrictJsonObjectIsRefused) {
  for (const char* const header : {"",
                                   " ",
                                   "null",
                                   "true",
                                   "1",
                                   R"("HS256")",
                                   "[]",
                                   R"([{"alg":"HS256"}])",
                                   R"({"alg":"HS256"}{})",
                                   R"({"alg":"HS256",})",
                                   R"({'alg':'HS256'})",
                                   R"({"alg":"HS256"} x)",
                                   R"({"alg":"HS256","alg":"HS256"})",
                                   R"({"alg":"none","alg":"HS256"})",
                                   R"({"alg":"HS256","\u0061lg":"none"})",
                                   R"({"alg":"HS256","x":1,"x":2})",
                                   R"({"alg":"HS256","x":{"y":1,"y":2}})",
                                   "\xEF\xBB\xBF{\"alg\":\"HS256\"}",
                                   "{\"alg\":\"HS256\",\"x\":\"\xFF\"}",
                                   R"({"alg":"HS256","x":"\ud800"})",
                                   R"({"alg":"HS256","x":NaN})",
                                   R"({"alg":"HS256","x":[[[[[[[[[1]]]]]]]]]})",
                                   R"({"typ":1,"alg":"HS256"})"}) {
    expect_refused(sign_header(header));
  }
}

TEST(Jws, ATokenOfMoreThan8KibIsRefused) {
  const std::string smallest = sign_jws(kHeader, "", kKey);
  std::string payload((8192 - smallest.size()) / 4 * 3, 'x');
  EXPECT_NO_THROW(static_cast<void>(verify_jws(sign_jws(kHeader, payload, kKey), kKey.verifying_key())));
  expect_refused(sign_jws(kHeader, payload + "xxxx", kKey));
  expect_refused(std::string(1'000'000, '.'));
  expect_refused(std::string(8192, '.'));
  expect_refused(std::string(8192, 'A'));
}

// RFC 8037 appendix A.4 and A.5.
TEST(Jws, SignsAndVerifiesTheExampleOfRfc8037ToTheByte) {
  constexpr std::string_view kToken =
      "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
      "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
  const SigningKey key =
      SigningKey::from_jwk(R"({"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",)"
                           R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  EXPECT_EQ(sign_jws(R"({"alg":"EdDSA"})", "Example of Ed25519 signing", key), kToken);
  EXPECT_EQ(verify_jws(kToken, key.verifying_key()).payload, "Example of Ed25519 signing");
  EXPECT_EQ(verify_jws(kToken, Keyring(key)).payload, "Example of Ed25519 signing");
}

TEST(Jws, ARingChoosesTheKeyByItsName) {
  const SigningKey other = SigningKey::generate(Algorithm::kHs256, "other");
  const Keyring ring(kKey, {other.verifying_key()});
  const auto header = [](std::string_view kid) { return R"({"alg":"HS256","kid":")" + std::string(kid) + "\"}"; };
  EXPECT_NO_THROW(static_cast<void>(verify_jws(sign_jws(header("other"), "{}", other), ring)));
  EXPECT_NO_THROW(static_cast<void>(verify_jws(sign_jws(header(kKey.kid()), "{}", kKey), ring)));
  for (const std::string& bad :
       {sign_jws(header("other"), "{}", kKey), sign_jws(header("nobody"), "{}", kKey), sign_jws(kHeader, "{}", kKey)}) {
    EXPECT_THROW(static_cast<void>(verify_jws(bad, ring)), Error) << bad;
  }
}

}  // namespace
}  // namespace apiwright::tokens
