#include "apiwright/tokens/refresh_tokens.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::array<std::uint8_t, Key::kBytes> kKeyBytes{1, 2, 3};
const Uuid kSession = Uuid::parse("01941f29-7c00-7000-8000-000000000001").value();

RefreshTokens tokens() { return RefreshTokens(Key(kKeyBytes)); }
RefreshTokens tokens_of_another_key() { return RefreshTokens(Key(std::array<std::uint8_t, Key::kBytes>{1, 2, 4})); }

bool equal(const RefreshToken& a, const RefreshToken& b) {
  return a.session == b.session && a.generation == b.generation && a.secret == b.secret;
}

void expect_refused(std::string_view text, const RefreshTokens& reader = tokens()) {
  try {
    static_cast<void>(reader.decode(text));
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnauthorized);
    EXPECT_EQ(error.message(), "The refresh token is not valid.");
  }
}

/// Bytes 0, 1, 2, … as a secret, so that what is derived from it can be compared with another implementation.
RefreshToken known_token() {
  RefreshToken token{.session = kSession, .generation = 0x01020304, .secret = {}};
  for (std::size_t index = 0; index < token.secret.size(); ++index) {
    token.secret[index] = static_cast<std::uint8_t>(index);
  }
  return token;
}

TEST(RefreshTokens, TheFirstOfASessionIsGenerationOneWithARandomSecret) {
  const RefreshToken first = tokens().first(kSession);
  EXPECT_EQ(first.session, kSession);
  EXPECT_EQ(first.generation, 1U);
  EXPECT_NE(first.secret, Digest{});
  EXPECT_NE(first.secret, tokens().first(kSession).secret);
}

TEST(RefreshTokens, DecodeGivesBackWhatWasEncoded) {
  for (const std::uint32_t generation : {0U, 1U, 255U, 256U, 0x80000000U, std::numeric_limits<std::uint32_t>::max()}) {
    RefreshToken token = tokens().first(kSession);
    token.generation = generation;
    const std::string text = tokens().encode(token);
    EXPECT_EQ(text.size(), 112U);
    EXPECT_TRUE(equal(tokens().decode(text), token));
  }
}

TEST(RefreshTokens, BytesAreSessionGenerationSecretTagInThatOrder) {
  const std::string bytes = decode_base64url(tokens().encode(known_token())).value();
  ASSERT_EQ(bytes.size(), 84U);
  EXPECT_TRUE(std::equal(kSession.bytes.begin(), kSession.bytes.end(), bytes.begin(),
                         [](std::uint8_t a, char b) { return a == static_cast<std::uint8_t>(b); }));
  EXPECT_EQ(bytes.substr(16, 4), "\x01\x02\x03\x04");
  EXPECT_EQ(bytes.substr(20, 32), as_text(known_token().secret));
}

// Computed with Python 3.11's hashlib.blake2b(domain + body, key=bytes([1, 2, 3] + [0] * 29), digest_size=32).
TEST(RefreshTokens, TagSuccessorAndDigestAreKeyedBlake2bEachInItsDomain) {
  const std::string bytes = decode_base64url(tokens().encode(known_token())).value();
  EXPECT_EQ(encode_base64url(bytes.substr(52)), "mxjkpu5NtFoHJAYSA1IiWFcE7vDl2dTMpAGHl6MjuuY");
  EXPECT_EQ(encode_base64url(as_text(tokens().successor(known_token()).secret)),
            "YXzF5AlnBwg13hFDT2ocBs5ySX8h3J9ceDmKwU1nY1g");
  EXPECT_EQ(encode_base64url(as_text(tokens().digest(known_token()))), "WJON9XHXy6BqjDavldn4OyomgOdFl3jqr3jiIZujXbw");
}

TEST(RefreshTokens, ASuccessorIsTheSameEachTimeAndOneGenerationOn) {
  const RefreshToken first = tokens().first(kSession);
  const RefreshToken second = tokens().successor(first);
  EXPECT_TRUE(equal(tokens().successor(tokens().decode(tokens().encode(first))), second));
  EXPECT_EQ(second.session, kSession);
  EXPECT_EQ(second.generation, 2U);
  EXPECT_NE(second.secret, first.secret);
  EXPECT_NE(tokens().successor(second).secret, second.secret);
}

TEST(RefreshTokens, ASuccessorDependsOnSessionGenerationSecretAndKey) {
  const RefreshToken token = known_token();
  const Digest next = tokens().successor(token).secret;
  RefreshToken other = token;
  other.session.bytes.back() ^= 1;
  EXPECT_NE(tokens().successor(other).secret, next);
  other = token;
  ++other.generation;
  EXPECT_NE(tokens().successor(other).secret, next);
  other = token;
  other.secret.back() ^= 1;
  EXPECT_NE(tokens().successor(other).secret, next);
  EXPECT_NE(tokens_of_another_key().successor(token).secret, next);
}

TEST(RefreshTokens, TheLastGenerationHasNoSuccessor) {
  RefreshToken token = known_token();
  token.generation = std::numeric_limits<std::uint32_t>::max() - 1;
  token = tokens().successor(token);
  EXPECT_EQ(token.generation, std::numeric_limits<std::uint32_t>::max());
  try {
    static_cast<void>(tokens().successor(token));
    ADD_FAILURE() << "a successor";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUnauthorized);
  }
}

TEST(RefreshTokens, ADigestIsOfTheWholeToken) {
  const RefreshToken token = known_token();
  const Digest digest = tokens().digest(token);
  EXPECT_EQ(tokens().digest(tokens().decode(tokens().encode(token))), digest);
  RefreshToken other = token;
  ++other.generation;
  EXPECT_NE(tokens().digest(other), digest);
  EXPECT_NE(tokens_of_another_key().digest(token), digest);
  EXPECT_NE(digest, token.secret);
}

TEST(RefreshTokens, AnotherKeysTokenIsRefused) {
  expect_refused(tokens().encode(known_token()), tokens_of_another_key());
}

TEST(RefreshTokens, EveryFlippedBitIsRefused) {
  const std::string text = tokens().encode(known_token());
  const RefreshTokens reader = tokens();
  for (std::size_t index = 0; index < text.size(); ++index) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string changed = text;
      changed[index] = static_cast<char>(static_cast<unsigned char>(changed[index]) ^ (1U << bit));
      expect_refused(changed, reader);
    }
  }
}

TEST(RefreshTokens, EveryTruncationAndExtensionIsRefused) {
  const std::string text = tokens().encode(known_token());
  const RefreshTokens reader = tokens();
  for (std::size_t size = 0; size < text.size(); ++size) {
    expect_refused(text.substr(0, size), reader);
    expect_refused(text.substr(text.size() - size), reader);
  }
  for (const char byte : {'A', '=', '.', ' ', '\n', '\0'}) {
    expect_refused(text + byte, reader);
    expect_refused(byte + text, reader);
    expect_refused(text.substr(0, text.size() - 1) + byte, reader);
  }
}

// libsodium 1.0.18 reads every byte from 0x80 on as the alphabet's last letter.
TEST(RefreshTokens, ABytePastAsciiStandsForNoLetter) {
  RefreshToken token = known_token();
  token.secret.fill(0xFF);  // encoded as `_`
  std::string text = tokens().encode(token);
  ASSERT_NO_THROW(static_cast<void>(tokens().decode(text)));
  for (int byte = 0x80; byte <= 0xFF; ++byte) {
    text[40] = static_cast<char>(byte);
    expect_refused(text);
  }
}

TEST(RefreshTokens, ForeignTextIsRefused) {
  for (const std::string& bad :
       {std::string(), std::string(112, 'A'), std::string(112, '\xFF'), std::string(112, '\0'), std::string(112, '='),
        std::string(1'000'000, 'A'), std::string(56, ' ') + std::string(56, 'A'), std::string("\u00E9"),
        std::string("eyJhbGciOiJub25lIn0.e30.")}) {
    expect_refused(bad);
  }
}

TEST(RefreshTokens, APartOfOneTokenDoesNotFitAnother) {
  const std::string one = decode_base64url(tokens().encode(tokens().first(Uuid{}))).value();
  const std::string two = decode_base64url(tokens().encode(known_token())).value();
  for (const std::size_t cut : {16U, 20U, 52U}) {
    expect_refused(encode_base64url(one.substr(0, cut) + two.substr(cut)));
    expect_refused(encode_base64url(two.substr(0, cut) + one.substr(cut)));
  }
}

}  // namespace
}  // namespace apiwright::tokens
