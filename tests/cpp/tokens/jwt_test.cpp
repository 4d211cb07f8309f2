#include "apiwright/tokens/jwt.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/uuid.hpp"
#include "apiwright/tokens/jws.hpp"
#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

using namespace std::chrono_literals;

constexpr Timestamp kNow{1'767'225'600'123ms};  // 2026-01-01T00:00:00.123Z
constexpr const char* kExpired = "TOKEN_EXPIRED";

const SigningKey kHmac = SigningKey::generate(Algorithm::kHs256, "h");
const SigningKey kPair = SigningKey::generate(Algorithm::kEdDsa, "e");

Jwt jwt(JwtOptions options = {}, const Keyring& ring = Keyring(kPair, {kHmac.verifying_key()})) {
  return {ring, std::move(options)};
}

JwtOptions full() { return {.issuer = "https://id.example", .audiences = {"orders"}, .required = {"sub"}}; }

constexpr std::string_view kClaims =
    R"({"iss":"https://id.example","aud":"orders","sub":"ada","iat":1767225600,"exp":1767226500})";

std::string with(std::string_view from, std::string_view to) {
  std::string text(kClaims);
  return text.replace(text.find(from), from.size(), to);
}

std::string sign(std::string_view claims, const SigningKey& key = kPair, std::string header = "") {
  if (header.empty()) {
    header = R"({"alg":")" + std::string(name_of(key.algorithm())) + R"(","typ":"JWT","kid":")" + key.kid() + "\"}";
  }
  return sign_jws(header, claims, key);
}

std::string verdict(const std::string& token, const Jwt& checker = jwt(full()), Timestamp now = kNow) {
  return refusal_of([&] { return checker.verify(token, now); });
}

std::string payload_of(const std::string& token) {
  return verify_jws(token, Keyring(kPair, {kHmac.verifying_key()})).payload;
}

TEST(Jwt, VerifyGivesTheClaimsAsIssued) {
  const std::string token = jwt(full()).issue(R"( {"sub":"ada", "x":[1,{"y":null}]} )", kNow);
  const std::string claims = jwt(full()).verify(token, kNow);
  EXPECT_EQ(claims, payload_of(token));
  const std::string_view start =
      R"( {"sub":"ada", "x":[1,{"y":null}],"iss":"https://id.example","aud":"orders","iat":1767225600,"exp":1767226500,"jti":")";
  ASSERT_EQ(claims.substr(0, start.size()), start);
  EXPECT_TRUE(Uuid::parse(claims.substr(start.size(), 36)));
  EXPECT_EQ(claims.substr(start.size() + 36), "\"}");
}

TEST(Jwt, TheHeaderNamesTheActiveKeyAndTheType) {
  const Keyring ring(kPair);
  EXPECT_EQ(verify_jws(jwt({}, ring).issue("{}", kNow), ring).header, R"({"alg":"EdDSA","typ":"JWT","kid":"e"})");
  EXPECT_EQ(verify_jws(jwt({.typ = ""}, ring).issue("{}", kNow), ring).header, R"({"alg":"EdDSA","kid":"e"})");
}

TEST(Jwt, ClaimsThatAreGivenAreKept) {
  const std::string given = R"({"iss":"me","aud":["a","b"],"iat":1,"exp":253402300799,"jti":"1","sub":"ada","nbf":2})";
  EXPECT_EQ(payload_of(jwt(full()).issue(given, kNow)), given);
}

TEST(Jwt, WithoutPolicyOnlyDatesAndAnIdAreAdded) {
  const std::string claims = payload_of(jwt().issue("{}", kNow));
  EXPECT_TRUE(claims.starts_with(R"({"iat":1767225600,"exp":1767226500,"jti":")")) << claims;
}

TEST(Jwt, SeveralAudiencesAreWrittenAsAList) {
  JwtOptions options = full();
  options.audiences = {"orders", "stock"};
  const std::string token = jwt(options).issue(R"({"sub":"ada"})", kNow);
  EXPECT_NE(payload_of(token).find(R"("aud":["orders","stock"])"), std::string::npos);
  EXPECT_EQ(verdict(token), "accepted");
}

TEST(Jwt, ClaimsThatCannotBeReadAgainAreNotSigned) {
  const auto refused = [](std::string_view claims) {
    return refusal_of([&] { return jwt(full()).issue(claims, kNow); });
  };
  for (const char* const bad : {"", "[]", "null", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":NaN}", "{\"a\":\"\xFF\"}"}) {
    EXPECT_EQ(refused(bad), "MALFORMED_JSON") << bad;
  }
  EXPECT_EQ(refused("{}"), "VALIDATION_ERROR sub required");
  EXPECT_EQ(refused(R"({"sub":1})"), "VALIDATION_ERROR sub type");
  EXPECT_EQ(refused(R"({"sub":null})"), "VALIDATION_ERROR sub type");
  EXPECT_EQ(refused(R"({"sub":"a","exp":1.5})"), "VALIDATION_ERROR exp type");
  EXPECT_EQ(refused(R"({"sub":"a","exp":true})"), "VALIDATION_ERROR exp type");
  EXPECT_EQ(refused(R"({"sub":"a","nbf":"1"})"), "VALIDATION_ERROR nbf type");
  EXPECT_EQ(refused(R"({"sub":"a","aud":{}})"), "VALIDATION_ERROR aud type");
  EXPECT_EQ(refused(R"({"sub":"a","aud":["a",1]})"), "VALIDATION_ERROR aud type");
  EXPECT_EQ(refused(R"({"sub":"a","iat":-1})"), "VALIDATION_ERROR iat type");
  EXPECT_EQ(refused(R"({"sub":")" + std::string(7000, 'x') + "\"}"), "VALIDATION_ERROR claims max_length");
  EXPECT_EQ(refused(R"({"sub":")" + std::string(9000, 'x') + "\"}"), "MALFORMED_JSON");
}

TEST(Jwt, ARingThatOnlyVerifiesIssuesNothing) {
  const Keyring ring = Keyring::from_jwks(Keyring(kPair).jwks());
  EXPECT_EQ(refusal_of([&] { return jwt({}, ring).issue("{}", kNow); }), "VALIDATION_ERROR keys required");
  EXPECT_EQ(verdict(sign(kClaims), jwt(full(), ring)), "accepted");
}

// RFC 7519 §3.1 with the key of RFC 7515 A.1.
TEST(Jwt, VerifiesTheExampleOfRfc7519) {
  const std::string bytes =
      decode_base64url("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
          .value();
  const SigningKey key(Algorithm::kHs256, std::vector<std::uint8_t>(bytes.begin(), bytes.end()));
  const std::string token =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
      ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const Jwt checker = jwt({.issuer = "joe"}, Keyring(key));
  EXPECT_EQ(checker.verify(token, Timestamp(1'300'819'379s)),
            "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
  EXPECT_EQ(verdict(token, checker, Timestamp(1'300'819'380s)), kExpired);
}

// RFC 7519 §6.1.
TEST(Jwt, RefusesTheUnsecuredExampleOfRfc7519) {
  EXPECT_EQ(verdict("eyJhbGciOiJub25lIn0"
                    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.",
                    jwt({.typ = ""}), Timestamp(1'300'819'379s)),
            kUnauthorizedText);
}

TEST(Jwt, ATokenOfEitherKeyOfTheRingIsTaken) {
  EXPECT_EQ(verdict(sign(kClaims, kPair)), "accepted");
  EXPECT_EQ(verdict(sign(kClaims, kHmac)), "accepted");
  EXPECT_EQ(verdict(sign(kClaims, SigningKey::generate(Algorithm::kEdDsa, "e"))), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(kClaims, SigningKey::generate(Algorithm::kEdDsa))), kUnauthorizedText);
}

// RFC 8725 §2.1: the public key taken as an HMAC secret, in each spelling that a library might have.
TEST(Jwt, ThePublicKeyIsNoHmacSecret) {
  const std::string jwk = kPair.public_jwk();
  const std::size_t x = jwk.find("\"x\":\"") + 5;
  const std::string encoded = jwk.substr(x, 43);
  for (const std::string& secret : {decode_base64url(encoded).value(), encoded, jwk}) {
    const SigningKey forger(Algorithm::kHs256, std::vector<std::uint8_t>(secret.begin(), secret.end()), "e");
    for (const char* const header :
         {R"({"alg":"HS256","typ":"JWT","kid":"e"})", R"({"alg":"HS256","typ":"JWT"})",
          R"({"alg":"EdDSA","typ":"JWT","kid":"e"})", R"({"alg":"HS256","typ":"JWT","kid":"h"})"}) {
      EXPECT_EQ(verdict(sign(kClaims, forger, header)), kUnauthorizedText) << header;
      EXPECT_EQ(verdict(sign(kClaims, forger, header), jwt(full(), Keyring(kPair))), kUnauthorizedText) << header;
    }
  }
}

TEST(Jwt, TheAlgorithmIsTheKeysAndNotTheTokens) {
  for (const char* const header :
       {R"({"alg":"none","typ":"JWT","kid":"e"})", R"({"alg":"HS256","typ":"JWT","kid":"e"})",
        R"({"alg":"EdDSA","typ":"JWT","kid":"h"})", R"({"alg":"ES256","typ":"JWT","kid":"e"})",
        R"({"alg":"eddsa","typ":"JWT","kid":"e"})", R"({"alg":["EdDSA"],"typ":"JWT","kid":"e"})",
        R"({"typ":"JWT","kid":"e"})"}) {
    EXPECT_EQ(verdict(sign(kClaims, kPair, header)), kUnauthorizedText) << header;
    const std::string unsigned_token = encode_base64url(header) + "." + encode_base64url(kClaims) + ".";
    EXPECT_EQ(verdict(unsigned_token), kUnauthorizedText) << header;
  }
}

TEST(Jwt, AHostileKidIsJustAnUnknownOne) {
  for (const std::string& kid : {std::string("\"\""), std::string("\"../../../dev/null\""), std::string("\"e\\u0000\""),
                                 std::string("\"' UNION SELECT 'x\""), "\"" + std::string(5000, 'k') + "\"",
                                 std::string("null"), std::string("1"), std::string("[\"e\"]"), std::string("{}")}) {
    EXPECT_EQ(verdict(sign(kClaims, kPair, R"({"alg":"EdDSA","typ":"JWT","kid":)" + kid + "}")), kUnauthorizedText)
        << kid;
  }
  EXPECT_EQ(verdict(sign(kClaims, kPair, R"({"alg":"EdDSA","typ":"JWT"})")), "accepted");
}

TEST(Jwt, HeadersThatSayHowToCheckAreRefused) {
  for (const char* const member : {R"("crit":["exp"])", R"("b64":true)", R"("jwk":{})", R"("jku":"https://x")",
                                   R"("x5u":"https://x")", R"("x5c":[])", R"("kid":"e")"}) {
    const std::string header = std::string(R"({"alg":"EdDSA","typ":"JWT","kid":"e",)") + member + "}";
    EXPECT_EQ(verdict(sign(kClaims, kPair, header)), kUnauthorizedText) << member;
  }
}

TEST(Jwt, TheTypeIsComparedIgnoringCase) {
  JwtOptions options = full();
  options.typ = "logout+jwt";
  for (const auto& [typ, expected] : std::vector<std::pair<std::string, std::string>>{
           {R"("typ":"Logout+JWT",)", "accepted"},
           {R"("typ":"application/logout+jwt",)", "accepted"},
           {R"("typ":"APPLICATION/logout+jwt",)", "accepted"},
           {R"("typ":"JWT",)", kUnauthorizedText},
           {R"("typ":"text/logout+jwt",)", kUnauthorizedText},
           {R"("typ":"application/application/logout+jwt",)", kUnauthorizedText},
           {R"("typ":"",)", kUnauthorizedText},
           {"", kUnauthorizedText}}) {
    const std::string token = sign(kClaims, kPair, "{" + typ + R"("alg":"EdDSA","kid":"e"})");
    EXPECT_EQ(verdict(token, jwt(options)), expected) << typ;
    options.typ = "";
    EXPECT_EQ(verdict(token, jwt(options)), "accepted") << typ;
    options.typ = "logout+jwt";
  }
}

TEST(Jwt, TheIssuerMustBeOurs) {
  for (const char* const bad : {R"("iss":"https://evil.example")", R"("iss":"")", R"("iss":null)", R"("iss":1)",
                                R"("iss":["https://id.example"])", R"("isS":"https://id.example")"}) {
    EXPECT_EQ(verdict(sign(with(R"("iss":"https://id.example")", bad))), kUnauthorizedText) << bad;
  }
}

TEST(Jwt, TheAudienceMustHoldOneOfOurs) {
  JwtOptions options = full();
  options.audiences = {"orders", "stock"};
  for (const char* const good :
       {R"("aud":"stock")", R"("aud":["x","stock"])", R"("aud":["orders","x"])", R"("aud":["orders","stock"])"}) {
    EXPECT_EQ(verdict(sign(with(R"("aud":"orders")", good)), jwt(options)), "accepted") << good;
  }
  for (const char* const bad : {R"("aud":"other")", R"("aud":"Orders")", R"("aud":[])", R"("aud":["orders",1])",
                                R"("aud":["orders",null])", R"("aud":[["orders"]])", R"("aud":{"orders":1})",
                                R"("aud":null)", R"("aud":1)", R"("x":"orders")", R"("aud":[{"aud":"orders"}])"}) {
    EXPECT_EQ(verdict(sign(with(R"("aud":"orders")", bad)), jwt(options)), kUnauthorizedText) << bad;
  }
}

// RFC 7519 §4.1.3.
TEST(Jwt, WithoutAnAudienceOfOursATokenForSomebodyIsRefused) {
  EXPECT_EQ(verdict(sign(kClaims), jwt()), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(R"({"aud":[],"exp":1767226500})"), jwt()), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(R"({"exp":1767226500})"), jwt()), "accepted");
}

TEST(Jwt, RequiredClaimsMustBeThere) {
  JwtOptions options = full();
  options.required = {"sub", "scope", "jti"};
  EXPECT_EQ(verdict(sign(with("\"sub\"", R"("scope":[],"jti":"1","sub")")), jwt(options)), "accepted");
  EXPECT_EQ(verdict(sign(with("\"sub\"", R"("scope":null,"jti":"1","sub")")), jwt(options)), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(with("\"sub\"", R"("x":{"scope":1},"jti":"1","sub")")), jwt(options)), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(with("\"sub\"", R"("scope":{},"sub")")), jwt(options)), kUnauthorizedText);
}

TEST(Jwt, RegisteredClaimsMustHaveTheirTypes) {
  for (const char* const bad : {R"("sub":1)", R"("sub":null)", R"("sub":["ada"])", R"("sub":"ada","jti":1)",
                                R"("sub":"ada","nbf":"1")", R"("sub":"ada","nbf":null)", R"("sub":"ada","nbf":1.0)",
                                R"("sub":"ada","nbf":[1])", R"("sub":"ada","sub":"ada")"}) {
    EXPECT_EQ(verdict(sign(with(R"("sub":"ada")", bad))), kUnauthorizedText) << bad;
  }
  for (const std::string_view date : {"1767225600", "1767226500"}) {
    for (const char* const bad : {"-1", "1767225600.0", "1.7672256e9", "9223372036854775808", "253402300800", "1e400",
                                  "\"1767225600\"", "null", "true", "[1767225600]", "{}"}) {
      EXPECT_EQ(verdict(sign(with(date, bad))), kUnauthorizedText) << bad;
    }
  }
}

TEST(Jwt, AnEndIsAlwaysRequiredAndAStartIsNot) {
  EXPECT_EQ(verdict(sign(with(R"(,"exp":1767226500)", ""))), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(with(R"("iat":1767225600,)", ""))), "accepted");
}

TEST(Jwt, DatesAreHeldAgainstTheClockWithLeeway) {
  JwtOptions options = full();
  options.leeway = 5s;
  const Jwt strict = jwt(full());
  const Jwt lenient = jwt(options);
  const std::string token = sign(with("\"sub\"", R"("nbf":1767225610,"sub")"));
  const Timestamp start{1'767'225'610s};
  const Timestamp end{1'767'226'500s};
  EXPECT_EQ(verdict(token, strict, start - 1ms), kUnauthorizedText);
  EXPECT_EQ(verdict(token, strict, start), "accepted");
  EXPECT_EQ(verdict(token, strict, end - 1ms), "accepted");
  EXPECT_EQ(verdict(token, strict, end), kExpired);
  EXPECT_EQ(verdict(token, lenient, start - 5s), "accepted");
  EXPECT_EQ(verdict(token, lenient, start - 5001ms), kUnauthorizedText);
  EXPECT_EQ(verdict(token, lenient, end + 4999ms), "accepted");
  EXPECT_EQ(verdict(token, lenient, end + 5s), kExpired);
  EXPECT_EQ(verdict(sign(kClaims), strict, Timestamp(1'767'225'600s) - 1ms), kUnauthorizedText);
}

TEST(Jwt, ExpiryIsToldOnlyOfATokenThatIsOtherwiseRight) {
  const Timestamp late = kNow + 10'000s;
  EXPECT_EQ(verdict(sign(kClaims), jwt(full()), late), kExpired);
  EXPECT_EQ(verdict(sign(with("orders", "other")), jwt(full()), late), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(with(R"("sub":"ada",)", "")), jwt(full()), late), kUnauthorizedText);
  EXPECT_EQ(verdict(sign(kClaims, SigningKey::generate(Algorithm::kEdDsa, "e")), jwt(full()), late), kUnauthorizedText);
}

TEST(Jwt, EveryFlippedBitAndTruncationIsRefused) {
  for (const SigningKey& key : {kPair, kHmac}) {
    const std::string token = sign(kClaims, key);
    const Jwt checker = jwt(full());
    for (std::size_t i = 0; i < token.size(); ++i) {
      EXPECT_EQ(verdict(token.substr(0, i), checker), kUnauthorizedText);
      std::string changed = token;
      changed[i] = static_cast<char>(changed[i] ^ static_cast<char>(1U << (i % 8)));
      EXPECT_EQ(verdict(changed, checker), kUnauthorizedText) << i;
    }
  }
}

TEST(Jwt, UnusedBitsOfASignaturesLastLetterMustBeZero) {
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const SigningKey& key : {kPair, kHmac}) {
    std::string token = sign(kClaims, key);
    token.back() = alphabet[alphabet.find(token.back()) + 1];
    EXPECT_EQ(verdict(token), kUnauthorizedText);
  }
}

TEST(Jwt, OptionsThatCannotWorkAreRefused) {
  const auto refused = [](JwtOptions options) { return refusal_of([&] { return jwt(std::move(options)); }); };
  EXPECT_EQ(refused({.issuer = std::string(256, 'i')}), "VALIDATION_ERROR issuer max_length");
  EXPECT_EQ(refused({.issuer = "\xFF"}), "VALIDATION_ERROR issuer format");
  EXPECT_EQ(refused({.audiences = {""}}), "VALIDATION_ERROR audience min_length");
  EXPECT_EQ(refused({.audiences = std::vector<std::string>(17, "a")}), "VALIDATION_ERROR audience max_length");
  EXPECT_EQ(refused({.typ = "\xFF"}), "VALIDATION_ERROR typ format");
  EXPECT_EQ(refused({.lifetime = 0s}), "VALIDATION_ERROR lifetime min");
  EXPECT_EQ(refused({.lifetime = std::chrono::seconds::max()}), "VALIDATION_ERROR lifetime max");
  EXPECT_EQ(refused({.leeway = -1s}), "VALIDATION_ERROR leeway min");
  EXPECT_EQ(refused({.required = {std::string(256, 'c')}}), "VALIDATION_ERROR required max_length");
}

TEST(Jwt, ManyThreadsMayUseOne) {
  const Jwt shared = jwt(full());
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        EXPECT_EQ(verdict(shared.issue(R"({"sub":"ada"})", kNow), shared), "accepted");
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace apiwright::tokens
