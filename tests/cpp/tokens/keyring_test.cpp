#include "apiwright/tokens/keyring.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/base/base64url.hpp"
#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

SigningKey hs256(std::optional<std::string> kid = {}) {
  return SigningKey::generate(Algorithm::kHs256, std::move(kid));
}
SigningKey eddsa(std::optional<std::string> kid = {}) {
  return SigningKey::generate(Algorithm::kEdDsa, std::move(kid));
}

std::string kid_found(const Keyring& ring, Algorithm algorithm, const std::optional<std::string>& kid) {
  const VerifyingKey* const key = ring.find(algorithm, kid);
  return key == nullptr ? "none" : key->kid().empty() ? "unnamed" : key->kid();
}

std::string refused_jwks(const std::string& json) {
  return refusal_of([&] { return Keyring::from_jwks(json); });
}

std::string set_of(std::initializer_list<std::string> keys) {
  std::string json = R"({"keys":[)";
  for (const std::string& key : keys) json += (json.back() == '[' ? "" : ",") + key;
  return json + "]}";
}

TEST(Keyring, TheKeyOfTheKidIsFoundForItsOwnAlgorithmAlone) {
  const Keyring ring(eddsa("e"), {hs256("h").verifying_key(), eddsa("old").verifying_key()});
  EXPECT_EQ(kid_found(ring, Algorithm::kEdDsa, "e"), "e");
  EXPECT_EQ(kid_found(ring, Algorithm::kEdDsa, "old"), "old");
  EXPECT_EQ(kid_found(ring, Algorithm::kHs256, "h"), "h");
  EXPECT_EQ(kid_found(ring, Algorithm::kHs256, "e"), "none");
  EXPECT_EQ(kid_found(ring, Algorithm::kEdDsa, "h"), "none");
}

TEST(Keyring, AnUnknownKidFindsOnlyAnUnnamedKey) {
  const Keyring named(hs256("h"));
  for (const char* const kid : {"", "H", "h ", "../../dev/null", "' OR 1=1 --"}) {
    EXPECT_EQ(kid_found(named, Algorithm::kHs256, kid), "none") << kid;
  }
  const Keyring unnamed(hs256(""));
  EXPECT_EQ(kid_found(unnamed, Algorithm::kHs256, "anything"), "unnamed");
  EXPECT_EQ(kid_found(unnamed, Algorithm::kEdDsa, "anything"), "none");
}

TEST(Keyring, WithoutAKidTheUnnamedOrTheOnlyKeyOfTheAlgorithmIsFound) {
  EXPECT_EQ(kid_found(Keyring(hs256("h"), {eddsa("e").verifying_key()}), Algorithm::kHs256, {}), "h");
  EXPECT_EQ(kid_found(Keyring(hs256("h"), {hs256("g").verifying_key()}), Algorithm::kHs256, {}), "none");
  EXPECT_EQ(kid_found(Keyring(hs256("h"), {hs256("").verifying_key()}), Algorithm::kHs256, {}), "unnamed");
  EXPECT_EQ(kid_found(Keyring(hs256("h")), Algorithm::kEdDsa, {}), "none");
}

TEST(Keyring, HoldsAtMost16KeysEachOfItsOwnName) {
  std::vector<VerifyingKey> others;
  for (int i = 0; i < 15; ++i) others.push_back(hs256().verifying_key());
  EXPECT_EQ(Keyring(eddsa(), others).keys().size(), 16U);
  others.push_back(hs256().verifying_key());
  EXPECT_EQ(refusal_of([&] { return Keyring(eddsa(), others); }), "VALIDATION_ERROR keys max_length");
  EXPECT_EQ(refusal_of([&] { return Keyring(eddsa("a"), {hs256("a").verifying_key()}); }),
            "VALIDATION_ERROR keys[1].kid duplicate");
  EXPECT_EQ(refusal_of([&] { return Keyring(eddsa(""), {eddsa("").verifying_key()}); }),
            "VALIDATION_ERROR keys[1].kid duplicate");
  EXPECT_NO_THROW(static_cast<void>(Keyring(eddsa(""), {hs256("").verifying_key()})));
}

TEST(Keyring, ItsJwksHasThePublicKeysAndNothingSecret) {
  const SigningKey active = eddsa();
  const SigningKey secret = hs256();
  const std::string jwks = Keyring(active, {secret.verifying_key(), eddsa("old").verifying_key()}).jwks();
  EXPECT_EQ(jwks.find(active.public_jwk()), std::string(R"({"keys":[)").size());
  EXPECT_NE(jwks.find("\"old\""), std::string::npos);
  EXPECT_EQ(jwks.find(secret.kid()), std::string::npos);
  EXPECT_EQ(jwks.find("\"d\""), std::string::npos);
  EXPECT_EQ(jwks.find("\"k\""), std::string::npos);
  EXPECT_EQ(Keyring(secret).jwks(), R"({"keys":[]})");
}

TEST(Keyring, ReadsItsOwnJwksAndOnlyVerifiesThen) {
  const SigningKey active = eddsa();
  const SigningKey old = eddsa("old");
  const Keyring ring(active, {old.verifying_key()});
  const Keyring read = Keyring::from_jwks(ring.jwks());
  EXPECT_EQ(read.jwks(), ring.jwks());
  EXPECT_FALSE(read.can_sign());
  EXPECT_EQ(refusal_of([&] { return read.active(); }), "VALIDATION_ERROR keys required");
  EXPECT_NO_THROW(read.find(Algorithm::kEdDsa, "old")->verify("m", old.sign("m")));
}

TEST(Keyring, KeysOfOtherKindsAndForOtherUsesAreIgnored) {
  const std::string ours = eddsa("ours").public_jwk();
  const std::string x = R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")";
  const Keyring ring = Keyring::from_jwks(
      set_of({R"({"kty":"RSA","n":"AQAB","e":"AQAB","kid":"ours","x5c":["AA"]})",
              R"({"kty":"EC","crv":"P-256","x":"AA","y":"AA"})", R"({"kty":"OKP","crv":"X25519","x":"AA"})",
              R"({"kty":"OKP","crv":"Ed25519","use":"enc",)" + x + "}",
              R"({"kty":"OKP","crv":"Ed25519","alg":"ES256",)" + x + "}",
              R"({"kty":"OKP","crv":"Ed25519","key_ops":["sign"],)" + x + "}", R"({"kty":"new"})", ours}));
  ASSERT_EQ(ring.keys().size(), 1U);
  EXPECT_EQ(ring.keys()[0].kid(), "ours");
}

TEST(Keyring, AJwksThatIsNoneIsRefused) {
  const std::string ours = eddsa("a").public_jwk();
  EXPECT_EQ(refused_jwks(""), "MALFORMED_JSON");
  EXPECT_EQ(refused_jwks("[]"), "VALIDATION_ERROR  type");
  EXPECT_EQ(refused_jwks("{}"), "VALIDATION_ERROR keys required");
  EXPECT_EQ(refused_jwks(R"({"keys":{}})"), "VALIDATION_ERROR keys type");
  EXPECT_EQ(refused_jwks(R"({"keys":[]})"), "VALIDATION_ERROR keys min_length");
  EXPECT_EQ(refused_jwks(R"({"keys":[1]})"), "VALIDATION_ERROR keys[0] type");
  EXPECT_EQ(refused_jwks(R"({"keys":[{}]})"), "VALIDATION_ERROR keys[0].kty required");
  EXPECT_EQ(refused_jwks(R"({"keys":[],"keys":[]})"), "MALFORMED_JSON keys duplicate");
  EXPECT_EQ(refused_jwks(set_of({ours, ours})), "VALIDATION_ERROR keys[1].kid duplicate");
  EXPECT_EQ(refused_jwks(set_of({R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})"})), "VALIDATION_ERROR keys[0].x format");
  EXPECT_EQ(refused_jwks(set_of({ours}) + std::string(Keyring::kMaxJwksBytes, ' ')), "MALFORMED_JSON");
  EXPECT_EQ(refused_jwks(std::string(60'000, '[')), "MALFORMED_JSON");
}

TEST(Keyring, APublishedSecretIsRefusedWithTheWholeSet) {
  const std::string ours = eddsa("a").public_jwk();
  EXPECT_EQ(refused_jwks(set_of({ours, std::string(eddsa().to_jwk().reveal())})),
            "VALIDATION_ERROR keys[1].d forbidden");
  EXPECT_EQ(refused_jwks(set_of({ours, std::string(hs256().to_jwk().reveal())})),
            "VALIDATION_ERROR keys[1].k forbidden");
  EXPECT_EQ(refused_jwks(set_of({ours, R"({"kty":"RSA","n":"AQ","e":"AQ","qi":"AQ"})"})),
            "VALIDATION_ERROR keys[1].qi forbidden");
}

TEST(Keyring, EachRingHasItsOwnIdAndCopiesShareIt) {
  const SigningKey key = eddsa();
  const Keyring ring(key);
  const Keyring copy = ring;  // NOLINT(performance-unnecessary-copy-initialization)
  EXPECT_EQ(copy.id(), ring.id());
  EXPECT_NE(Keyring(key).id(), ring.id());
}

}  // namespace
}  // namespace apiwright::tokens
