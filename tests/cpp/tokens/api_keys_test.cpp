#include "apiwright/tokens/api_keys.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

// The checksum is zlib's crc32 in base62, computed by Python.
constexpr const char* kKnown = "aw_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl0c3dnM";

std::string refused(const ApiKeys& keys, const std::string& text) {
  return refusal_of([&] { return keys.id_of(text); });
}

TEST(ApiKeys, AKeyHasTheDocumentedForm) {
  const ApiKeys keys("aw_live");
  const Secret key = keys.generate();
  const std::string text(key.reveal());
  EXPECT_EQ(text.size(), 8U + 16 + 32 + 6);
  EXPECT_EQ(keys.id_of(text), text.substr(0, 8 + 16));
  EXPECT_TRUE(text.starts_with("aw_live_"));
}

TEST(ApiKeys, TheChecksumIsThatOfZlib) { EXPECT_EQ(ApiKeys("aw").id_of(kKnown), "aw_0123456789ABCDEF"); }

TEST(ApiKeys, NoTwoAreAlike) {
  const ApiKeys keys("aw");
  std::set<std::string> ids;
  std::set<char> letters;
  for (int i = 0; i < 1000; ++i) {
    const Secret key = keys.generate();
    ids.insert(keys.id_of(key.reveal()));
    letters.insert(key.reveal().begin() + 3, key.reveal().end());
  }
  EXPECT_EQ(ids.size(), 1000U);
  EXPECT_EQ(letters.size(), 62U);
}

TEST(ApiKeys, EveryTypingErrorIsSeen) {
  const ApiKeys keys("aw");
  const std::string text = kKnown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char c : {'a', 'B', '7', '-', '_', ' ', '\0', '\xC3'}) {
      std::string changed = text;
      changed[i] = c;
      if (changed != text) {
        EXPECT_EQ(refused(keys, changed), kUnauthorizedText) << changed;
      }
    }
    if (i > 0 && text[i] != text[i - 1]) {
      std::string swapped = text;
      std::swap(swapped[i], swapped[i - 1]);
      EXPECT_EQ(refused(keys, swapped), kUnauthorizedText) << swapped;
    }
    EXPECT_EQ(refused(keys, text.substr(0, i)), kUnauthorizedText);
  }
  EXPECT_EQ(refused(keys, text + "0"), kUnauthorizedText);
  EXPECT_EQ(refused(keys, std::string(1'000'000, 'a')), kUnauthorizedText);
}

TEST(ApiKeys, AnotherPrefixIsRefused) {
  EXPECT_EQ(refused(ApiKeys("ax"), kKnown), kUnauthorizedText);
  EXPECT_EQ(refused(ApiKeys("a"), kKnown), kUnauthorizedText);
}

TEST(ApiKeys, TheDigestIsBlake2bOfTheText) {
  EXPECT_EQ(ApiKeys("aw").digest(kKnown), blake2b(kKnown));
  EXPECT_EQ(refusal_of([] { return ApiKeys("aw").digest("aw_x"); }), kUnauthorizedText);
}

TEST(ApiKeys, APrefixIsShortAndPlain) {
  for (const char* const prefix : {"a", "aw", "aw_live", "a1", "abcdefghijklmnop"}) {
    EXPECT_EQ(refusal_of([&] { return ApiKeys(prefix); }), "accepted") << prefix;
  }
  for (const char* const prefix : {"", "_", "a_", "A", "1a", "a-b", "a b", "\xC3\xA9", "abcdefghijklmnopq"}) {
    EXPECT_EQ(refusal_of([&] { return ApiKeys(prefix); }), "VALIDATION_ERROR prefix pattern") << prefix;
  }
}

}  // namespace
}  // namespace apiwright::tokens
