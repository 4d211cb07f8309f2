#include "apiwright/tokens/signing_key.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "apiwright/base/base64url.hpp"
#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

using Bytes = std::vector<std::uint8_t>;

// RFC 8037 appendix A.1 to A.3: a private key, its public key and the thumbprint.
constexpr std::string_view kRfcD = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
constexpr std::string_view kRfcX = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
constexpr std::string_view kRfcThumbprint = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";

Bytes bytes_of(std::string_view base64url) {
  const std::string bytes = decode_base64url(base64url).value();
  return {bytes.begin(), bytes.end()};
}

std::string rfc_jwk(std::string_view more = "") {
  return R"({"kty":"OKP","crv":"Ed25519","d":")" + std::string(kRfcD) + R"(","x":")" + std::string(kRfcX) + "\"" +
         std::string(more) + "}";
}

std::string octet_jwk(std::string_view more = "", std::size_t size = 32) {
  return R"({"kty":"oct","k":")" + encode_base64url(std::string(size, 'k')) + "\"" + std::string(more) + "}";
}

std::string refused_private(const std::string& jwk) {
  return refusal_of([&] { return SigningKey::from_jwk(jwk); });
}

std::string refused_public(const std::string& jwk) {
  return refusal_of([&] { return VerifyingKey::from_jwk(jwk); });
}

TEST(SigningKey, TheNameOfAnEd25519KeyIsTheThumbprintOfRfc8037) {
  const SigningKey key(Algorithm::kEdDsa, bytes_of(kRfcD));
  EXPECT_EQ(key.kid(), kRfcThumbprint);
  EXPECT_EQ(key.public_jwk(), R"({"kty":"OKP","crv":"Ed25519","x":")" + std::string(kRfcX) + R"(","kid":")" +
                                  std::string(kRfcThumbprint) + R"(","alg":"EdDSA","use":"sig"})");
}

// RFC 8032 §7.1, TEST 1: the same key, and an empty message.
TEST(SigningKey, SignsTheExampleOfRfc8032) {
  EXPECT_EQ(encode_base64url(SigningKey(Algorithm::kEdDsa, bytes_of(kRfcD)).sign("")),
            "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw");
}

TEST(SigningKey, WhatItSignsItsVerifyingKeyTakes) {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kEdDsa}) {
    const SigningKey key = SigningKey::generate(algorithm);
    const std::string signature = key.sign("message");
    EXPECT_EQ(signature.size(), algorithm == Algorithm::kHs256 ? 32U : 64U);
    EXPECT_NO_THROW(key.verifying_key().verify("message", signature));
    const auto refused = [&](std::string_view message, std::string_view given) {
      return refusal_of([&] {
        key.verifying_key().verify(message, given);
        return 0;
      });
    };
    EXPECT_EQ(refused("Message", signature), kUnauthorizedText);
    EXPECT_EQ(refused("message", signature.substr(1)), kUnauthorizedText);
    EXPECT_EQ(refused("message", signature + '\0'), kUnauthorizedText);
    EXPECT_EQ(refused("message", ""), kUnauthorizedText);
    for (std::size_t i = 0; i < signature.size(); ++i) {
      std::string changed = signature;
      changed[i] = static_cast<char>(changed[i] ^ 1);
      EXPECT_EQ(refused("message", changed), kUnauthorizedText);
    }
  }
}

TEST(SigningKey, GeneratedKeysDifferAndSoDoTheirNames) {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kEdDsa}) {
    const SigningKey one = SigningKey::generate(algorithm);
    const SigningKey two = SigningKey::generate(algorithm);
    EXPECT_NE(one.kid(), two.kid());
    EXPECT_NE(one.sign("m"), two.sign("m"));
    EXPECT_GE(one.kid().size(), 22U);
  }
}

TEST(SigningKey, TheNameOfAnHs256KeyIsTheSameForTheSameBytesAndHoldsNoneOfThem) {
  const Bytes bytes(48, 7);
  const SigningKey key(Algorithm::kHs256, bytes);
  EXPECT_EQ(key.kid(), SigningKey(Algorithm::kHs256, bytes).kid());
  EXPECT_NE(key.kid(), SigningKey(Algorithm::kHs256, Bytes(48, 8)).kid());
  EXPECT_EQ(key.kid().size(), 22U);
}

TEST(SigningKey, AnHs256KeyHas32To1024Bytes) {
  const auto refused = [](std::size_t size) {
    return refusal_of([&] { return SigningKey(Algorithm::kHs256, Bytes(size, 1)); });
  };
  EXPECT_EQ(refused(0), "VALIDATION_ERROR key min_length");
  EXPECT_EQ(refused(31), "VALIDATION_ERROR key min_length");
  EXPECT_EQ(refused(32), "accepted");
  EXPECT_EQ(refused(1024), "accepted");
  EXPECT_EQ(refused(1025), "VALIDATION_ERROR key max_length");
}

TEST(SigningKey, AnEd25519SeedHasExactly32Bytes) {
  for (const std::size_t size : {0U, 31U, 33U, 64U}) {
    EXPECT_EQ(refusal_of([&] { return SigningKey(Algorithm::kEdDsa, Bytes(size, 1)); }), "VALIDATION_ERROR key format");
  }
}

TEST(SigningKey, ANameMayBeChosenOrLeftOut) {
  const Bytes bytes(32, 1);
  EXPECT_EQ(SigningKey(Algorithm::kHs256, bytes, "2026-01").kid(), "2026-01");
  EXPECT_EQ(SigningKey(Algorithm::kEdDsa, bytes, "").kid(), "");
  EXPECT_EQ(refusal_of([&] { return SigningKey(Algorithm::kHs256, bytes, std::string(129, 'k')); }),
            "VALIDATION_ERROR kid max_length");
  EXPECT_EQ(refusal_of([&] { return SigningKey(Algorithm::kEdDsa, bytes, "\xFF"); }), "VALIDATION_ERROR kid format");
}

TEST(SigningKey, APrivateJwkGivesTheSameKeyBack) {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kEdDsa}) {
    for (const std::optional<std::string>& kid :
         {std::optional<std::string>(), std::optional<std::string>("\"\\\u00E9"), std::optional<std::string>("")}) {
      const SigningKey key = SigningKey::generate(algorithm, kid);
      const SigningKey again = SigningKey::from_jwk(key.to_jwk().reveal());
      EXPECT_EQ(again.kid(), key.kid());
      EXPECT_EQ(again.algorithm(), algorithm);
      EXPECT_EQ(again.sign("m"), key.sign("m"));
    }
  }
}

TEST(SigningKey, ReadsTheJwkOfRfc8037) {
  EXPECT_EQ(SigningKey::from_jwk(rfc_jwk()).kid(), "");
  EXPECT_EQ(SigningKey::from_jwk(rfc_jwk(R"(,"kid":"a","alg":"EdDSA","use":"sig","key_ops":["sign"])")).kid(), "a");
}

TEST(SigningKey, AJwkThatIsNoKeyOfOursIsRefusedByItsMember) {
  EXPECT_EQ(refused_private(""), "MALFORMED_JSON");
  EXPECT_EQ(refused_private("{\"kty\":\"oct\",\"kty\":\"oct\"}"), "MALFORMED_JSON kty duplicate");
  EXPECT_EQ(refused_private("[]"), "VALIDATION_ERROR  type");
  EXPECT_EQ(refused_private("{}"), "VALIDATION_ERROR kty required");
  EXPECT_EQ(refused_private(R"({"kty":"RSA"})"), "VALIDATION_ERROR kty enum");
  EXPECT_EQ(refused_private(R"({"kty":1})"), "VALIDATION_ERROR kty type");
  EXPECT_EQ(refused_private(R"({"kty":"OKP","crv":"X25519"})"), "VALIDATION_ERROR crv enum");
  EXPECT_EQ(refused_private(R"({"kty":"oct"})"), "VALIDATION_ERROR k required");
  EXPECT_EQ(refused_private(R"({"kty":"oct","k":"+"})"), "VALIDATION_ERROR k format");
  EXPECT_EQ(refused_private(octet_jwk("", 31)), "VALIDATION_ERROR k min_length");
  EXPECT_EQ(refused_private(octet_jwk("", 1025)), "VALIDATION_ERROR k max_length");
  EXPECT_EQ(refused_private(octet_jwk(R"(,"alg":"EdDSA")")), "VALIDATION_ERROR alg enum");
  EXPECT_EQ(refused_private(octet_jwk(R"(,"alg":"none")")), "VALIDATION_ERROR alg enum");
  EXPECT_EQ(refused_private(octet_jwk(R"(,"use":"enc")")), "VALIDATION_ERROR use enum");
  EXPECT_EQ(refused_private(octet_jwk(R"(,"key_ops":["verify"])")), "VALIDATION_ERROR key_ops enum");
  EXPECT_EQ(refused_private(octet_jwk(R"(,"kid":"")")), "VALIDATION_ERROR kid min_length");
  EXPECT_EQ(refused_private(octet_jwk(",\"kid\":\"" + std::string(129, 'k') + "\"")),
            "VALIDATION_ERROR kid max_length");
  EXPECT_EQ(refused_private(rfc_jwk(R"(,"alg":"HS256")")), "VALIDATION_ERROR alg enum");
  std::string other_x = rfc_jwk();
  other_x.replace(other_x.find(kRfcX), kRfcX.size(), kRfcD);
  EXPECT_EQ(refused_private(other_x), "VALIDATION_ERROR x reference");
}

TEST(VerifyingKey, ReadsThePublicJwkOfASigningKey) {
  const SigningKey key = SigningKey::generate(Algorithm::kEdDsa);
  const VerifyingKey read = VerifyingKey::from_jwk(key.public_jwk());
  EXPECT_EQ(read.kid(), key.kid());
  EXPECT_NO_THROW(read.verify("m", key.sign("m")));
  EXPECT_EQ(read.public_jwk(), key.public_jwk());
}

TEST(VerifyingKey, AnHs256KeyHasNoPublicHalf) {
  EXPECT_EQ(refusal_of([] { return SigningKey::generate(Algorithm::kHs256).public_jwk(); }),
            "VALIDATION_ERROR alg enum");
}

TEST(VerifyingKey, APrivateJwkIsNoPublicOne) {
  EXPECT_EQ(refused_public(rfc_jwk()), "VALIDATION_ERROR d forbidden");
  EXPECT_EQ(refused_public(octet_jwk()), "VALIDATION_ERROR k forbidden");
}

TEST(VerifyingKey, WeakAndImpossiblePointsAreRefused) {
  for (const std::uint8_t first : {std::uint8_t{0}, std::uint8_t{1}}) {  // of order 4 and 1
    Bytes point(32, 0);
    point[0] = first;
    const std::string x = encode_base64url(std::string(point.begin(), point.end()));
    EXPECT_EQ(refused_public(R"({"kty":"OKP","crv":"Ed25519","x":")" + x + "\"}"), "VALIDATION_ERROR x format");
  }
  EXPECT_EQ(refused_public(R"({"kty":"OKP","crv":"Ed25519","x":")" + encode_base64url(std::string(32, '\xFF')) + "\"}"),
            "VALIDATION_ERROR x format");
  EXPECT_EQ(refused_public(R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"), "VALIDATION_ERROR x format");
  EXPECT_EQ(refused_public(R"({"kty":"OKP","crv":"Ed25519"})"), "VALIDATION_ERROR x required");
  EXPECT_EQ(refused_public(R"({"kty":"OKP","crv":"X25519","x":"AAAA"})"), "VALIDATION_ERROR kty enum");
}

TEST(Algorithm, IsNamedExactly) {
  EXPECT_EQ(algorithm_named("HS256"), Algorithm::kHs256);
  EXPECT_EQ(algorithm_named("EdDSA"), Algorithm::kEdDsa);
  for (const char* const name : {"", "none", "hs256", "EDDSA", "HS512", "HS256 ", "RS256"}) {
    EXPECT_EQ(algorithm_named(name), std::nullopt) << name;
  }
}

TEST(SigningKey, ManyThreadsMayUseOne) {
  for (const Algorithm algorithm : {Algorithm::kHs256, Algorithm::kEdDsa}) {
    const SigningKey key = SigningKey::generate(algorithm);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([key] {
        for (int round = 0; round < 50; ++round) {
          const std::string message = std::to_string(round);
          EXPECT_NO_THROW(key.verifying_key().verify(message, key.sign(message)));
        }
      });
    }
    for (auto& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace apiwright::tokens
