#include "apiwright/tokens/opaque_tokens.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "apiwright/base/base64url.hpp"
#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

Key key(std::uint8_t first = 1) { return Key(std::array<std::uint8_t, Key::kBytes>{first}); }

std::string refused(const OpaqueTokens& tokens, const std::string& text) {
  return refusal_of([&] { return tokens.open(text); });
}

TEST(OpaqueTokens, OpenGivesBackWhatWasSealed) {
  const OpaqueTokens tokens(key(), "cursors");
  for (const std::string& payload : {std::string(), std::string("a\0b", 3), std::string(4096, '\xFF')}) {
    EXPECT_EQ(tokens.open(tokens.seal(payload)), payload);
    EXPECT_EQ(tokens.seal(payload), tokens.seal(payload));
  }
}

// BLAKE2b by Python's hashlib, from the form that the header gives.
TEST(OpaqueTokens, TheTextIsThePayloadAndItsTag) {
  const std::string text = OpaqueTokens(key(), "cursors").seal("payload");
  const std::string bytes = decode_base64url(text).value();
  EXPECT_EQ(bytes.substr(0, 7), "payload");
  EXPECT_EQ(text, "cGF5bG9hZEBuJx-0XTvZA42wHf8IYzI");
}

TEST(OpaqueTokens, EveryChangeIsRefused) {
  const OpaqueTokens tokens(key(), "cursors");
  const std::string text = tokens.seal("id=7;at=x");
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (changed != text) {
      EXPECT_EQ(refused(tokens, changed), kUnauthorizedText);
    }
    EXPECT_EQ(refused(tokens, text.substr(0, i)), kUnauthorizedText);
  }
  for (const char* const more : {"A", "=", " ", "\n", "AAAA"}) {
    EXPECT_EQ(refused(tokens, text + more), kUnauthorizedText);
  }
}

TEST(OpaqueTokens, UnusedBitsOfTheLastLetterMustBeZero) {
  const OpaqueTokens tokens(key(), "p");
  const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  for (const char* const payload : {"", "1"}) {  // 16 and 17 bytes: 4 and 2 bits are unused
    std::string text = tokens.seal(payload);
    text.back() = alphabet[alphabet.find(text.back()) + 1];
    EXPECT_EQ(refused(tokens, text), kUnauthorizedText);
  }
}

TEST(OpaqueTokens, AnotherKeyOrPurposeIsRefused) {
  const std::string text = OpaqueTokens(key(), "cursors").seal("x");
  EXPECT_EQ(refused(OpaqueTokens(key(2), "cursors"), text), kUnauthorizedText);
  EXPECT_EQ(refused(OpaqueTokens(key(), "links"), text), kUnauthorizedText);
}

TEST(OpaqueTokens, SizesAreBounded) {
  const OpaqueTokens tokens(key(), "p");
  EXPECT_EQ(refusal_of([&] { return tokens.seal(std::string(4097, 'x')); }), "VALIDATION_ERROR payload max_length");
  EXPECT_EQ(refused(tokens, std::string(1'000'000, 'A')), kUnauthorizedText);
  EXPECT_EQ(refusal_of([] { return OpaqueTokens(key(), ""); }), "VALIDATION_ERROR purpose min_length");
  EXPECT_EQ(refusal_of([] { return OpaqueTokens(key(), std::string(65, 'p')); }),
            "VALIDATION_ERROR purpose max_length");
}

}  // namespace
}  // namespace apiwright::tokens
