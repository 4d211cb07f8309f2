#include "apiwright/base/digest.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "hex.hpp"

namespace apiwright {
namespace {

using testing::to_hex;

/// Bytes first, first + 1, …
std::string rising(std::size_t count, char first = 0) {
  std::string bytes(count, '\0');
  std::iota(bytes.begin(), bytes.end(), first);
  return bytes;
}

Key rising_key() {
  std::array<std::uint8_t, Key::kBytes> bytes{};
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  return Key(bytes);
}

std::vector<std::uint8_t> octets(const std::string& text) { return {text.begin(), text.end()}; }

// Made with Python's hashlib.blake2b(digest_size=32), whose code is the reference implementation's.
TEST(Blake2b, AgreesWithTheReferenceImplementation) {
  EXPECT_EQ(blake2b({}), blake2b(""));
  EXPECT_EQ(to_hex(blake2b("")), "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
  EXPECT_EQ(to_hex(blake2b("abc")), "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  EXPECT_EQ(to_hex(blake2b(rising(200))), "63c3d97a9f8894d5e043a707b0fee7f7ec4c049a23bbf1079df20b4165f9e22d");
}

TEST(Blake2b, KeyedAgreesWithTheReferenceImplementation) {
  const Key key = rising_key();
  EXPECT_EQ(to_hex(blake2b("", key)), "4e51e7a913fc80137da52880fecca175bf81e117d5c68126dc2774033517ea0d");
  EXPECT_EQ(to_hex(blake2b("abc", key)), "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f");
}

// RFC 4231, sections 4.2 to 4.5, 4.7 and 4.8.
TEST(HmacSha256, PassesTheVectorsOfRfc4231) {
  struct Vector {
    std::string key;
    std::string data;
    std::string mac;
  };
  const Vector vectors[] = {
      {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {std::string(20, '\xaa'), std::string(50, '\xdd'),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {rising(25, 1), std::string(50, '\xcd'), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {std::string(131, '\xaa'),
       "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
       "hashed before being used by the HMAC algorithm.",
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
  };
  for (const Vector& vector : vectors) {
    EXPECT_EQ(to_hex(hmac_sha256(vector.data, octets(vector.key))), vector.mac) << vector.data;
  }
}

TEST(HmacSha256, TakesNothingForKeyAndMessage) {
  EXPECT_EQ(to_hex(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

// libsodium's KDF is BLAKE2b with the id as salt and the context as personalisation; these were made so in Python:
// blake2b(digest_size=32, key=blake2b(secret), salt=id, person=b"apiwrght").
TEST(DeriveKey, IsLibsodiumsKdfOverBlake2bOfTheSecret) {
  const std::string secret = "a secret key of thirty-two bytes";
  const std::pair<Purpose, std::string> keys[] = {
      {Purpose::kAccessTokens, "d5be9253b3efefcfcdaba2c2c36d2cf96f107d0105350cba0553f33b77dcf811"},
      {Purpose::kRefreshTokens, "3ce7e9e60b9c804bc5f7e2d1f9ae4895db90ecf104f51002b0c5f711d01b9a2a"},
      {Purpose::kCursors, "478cc38773b9b53231f2ab2932c70a2d3c763bdcb90b9e3db93421d088e8d3c6"},
      {Purpose::kEncryption, "c2fae16fdf4653e404ba234c5ac5542d7948acc7a14bc8b3edd0db58a756a3d9"},
  };
  for (const auto& [purpose, hex] : keys) EXPECT_EQ(to_hex(derive_key(secret, purpose).bytes()), hex);
}

TEST(DeriveKey, ShortSecretIsRefusedByNameAndNotEchoed) {
  const std::string secret(31, 'x');
  try {
    (void)derive_key(secret, Purpose::kAccessTokens);
    FAIL() << "31 bytes were taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details()[0].field, "SECRET_KEY");
    EXPECT_EQ(error.message().find("xxx"), std::string::npos);
  }
}

TEST(Key, MovingWipesTheSource) {
  Key source = rising_key();
  Key target(std::move(source));
  const std::string empty(64, '0');
  EXPECT_EQ(to_hex(source.bytes()), empty);  // NOLINT(bugprone-use-after-move): what it promises
  EXPECT_EQ(to_hex(target.bytes()), to_hex(rising_key().bytes()));
  source = std::move(target);
  EXPECT_EQ(to_hex(target.bytes()), empty);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(to_hex(source.bytes()), to_hex(rising_key().bytes()));
}

TEST(Key, ACopyIsItsOwn) {
  Key source = rising_key();
  const Key copy = source.copy();
  const Key gone(std::move(source));
  EXPECT_EQ(to_hex(copy.bytes()), to_hex(rising_key().bytes()));
}

// The vectors of SipHash-2-4 with 128 bits (its reference code): key 00 01 … 0f, messages of the first bytes 00 01 ….
TEST(SipHash, GivesTheReferencesVectors) {
  HashSeed seed;
  std::iota(seed.bytes.begin(), seed.bytes.end(), std::uint8_t{0});
  const auto hex = [&](std::size_t length) {
    const auto digest = siphash(rising(length), seed);
    return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));  // NOLINT
  };
  EXPECT_EQ(hex(0), "a3817f04ba25a8e66df67214c7550293");
  EXPECT_EQ(hex(1), "da87c1d86b99af44347659119b22fc45");
  EXPECT_EQ(hex(2), "8177228da4a45dc7fca38bdef60affe4");
}

TEST(SipHash, SeedsAreDrawnAnew) { EXPECT_NE(HashSeed::random().bytes, HashSeed::random().bytes); }

TEST(Digest, AsTextHoldsItsBytes) {
  const Digest digest = blake2b("abc");
  EXPECT_EQ(to_hex(as_text(digest)), to_hex(digest));
}

}  // namespace
}  // namespace apiwright
