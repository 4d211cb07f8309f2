#include "passwords/pbkdf2.hpp"

#include "passwords/imported.hpp"

namespace apiwright::passwords {
namespace {

using std::string_view_literals::operator""sv;

// In PHC's form, which has their salts in base64. RFC 7914 §11 (the first block of its 64 bytes, which is what hashes
// are stored as), then PBKDF2-HMAC-SHA-512 of RFC 6070's inputs, as published at
// stackoverflow.com/questions/15593184/pbkdf2-hmac-sha-512-test-vectors.
const std::vector<Imported> kPublished{
    {"passwd",
     "$pbkdf2-sha256$i=1,l=32$c2FsdA$"
     "VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLw"},
    {"Password",
     "$pbkdf2-sha256$i=80000,l=32$TmFDbA$"
     "TdzY9guYviGDDO5e8icB+WQaRBjQTAQUrv8Ih2s0q1Y"},
    {"password",
     "$pbkdf2-sha512$i=1,l=64$c2FsdA$"
     "hn9wzxreAs/zdSWZo6U9xK80x6ZpgVrl1RNVThyM8lLALUcKKFoFAbrZmb/pQ8CPBQI119aLHaVeY/c7YKV/zg"},
    {"password",
     "$pbkdf2-sha512$i=2,l=64$c2FsdA$"
     "4dnBaqaBcIpF9cfE4hXOtm4BGi6fAEBxPxiu/bhm1Tz3bKsoaKObn3hA7c5P71qCvmczXHemBo4EESdU8nzPTg"},
    {"password",
     "$pbkdf2-sha512$i=4096,l=64$c2FsdA$"
     "0Zexsz2wFD4BixLz0dFHnmzevcyXxcD4f2kC4HL0V7UUPzBgJkGz1VzTNZiMs2uEN2Bg7NUy4Dm3QqI5Q0ry1Q"},
    {"passwordPASSWORDpassword",
     "$pbkdf2-sha512$i=4096,l=64$c2FsdFNBTFRzYWx0U0FMVHNhbHRTQUxUc2FsdFNBTFRzYWx0$"
     "jAUR9Mbll8asYxXY8DYuIl88UBSVuiO4aMAFF03E7nERW1n55gzZUy+jPg91rv4wIlxYOhhs2CvU2uqXJKPTuA"},
};

/// RFC 6070's last inputs, a NUL in each, with SHA-256 (stackoverflow.com/questions/5130513).
constexpr std::string_view kWithNul = "$pbkdf2-sha256$i=4096,l=16$c2EAbHQ$ibadBRb4KYk8aWImZQqGhw";

// Django's PBKDF2PasswordHasher and passlib's pbkdf2_sha256 and pbkdf2_sha512: 1000 iterations; passlib's salt is
// bytes(range(240, 256)).
const std::vector<Imported> kMade{
    {kPlain, "pbkdf2_sha256$1000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40="},
    {kPlain, "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$0A35jjZ8X.jm/Nj9sc4uzmU/RqA2wljSyf5enbVFSOY"},
    {kPlain,
     "$pbkdf2-sha512$1000$8PHy8/T19vf4.fr7/P3./w$7Ny4dUakS7JIZAfjYpLQGSZsWvUihs7A6xXDgyqRrc3BkpXb3nL1"
     "/MvPpT3VxDAwU6FzpGn1KkCfA3fC7/680Q"},
    {kNotAscii, "pbkdf2_sha256$1000$seasalt0seasalt1seasal$rsvAdnpOLXBDfH9uaX6YiBNZeo63vG8K4Rr1FpPTh7E="},
    {kNotAscii, "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$NzVfGqXZL2kmEGqYPbCO4CWZbGbzbGkF3E/aVMDq81w"},
    {kNotAscii,
     "$pbkdf2-sha512$1000$8PHy8/T19vf4.fr7/P3./w$lsiYUeGWcDPJQj2.6eVjpTz9X9ZnbS/nwQtzrot7DbmK2hiZeeRg"
     "SYS6xC/vvrK7wTFxa5D.LR1DN5sXMD0KwQ"},
    {kDecomposed, "pbkdf2_sha256$1000$seasalt0seasalt1seasal$RTWppWxbG195EwAgI/NF7JEX7DFjqk/i20WBYIZ1+So="},
    {kDecomposed, "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$8dsW47AKsweU54O3gzo50fystG5tiCmje8KK.tF1Flw"},
    {kDecomposed,
     "$pbkdf2-sha512$1000$8PHy8/T19vf4.fr7/P3./w$/MIo1bRwic875v9Uj5hbecbbzrC7OYfGEkCjQKKgL1A/gwAYb3If"
     "D5QLKQ.3oLNkO8xYzXZSCe0zsF9UICsETQ"},
};

constexpr std::string_view kDjango =
    "pbkdf2_sha256$1000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40=";
constexpr std::string_view kPasslib =
    "$pbkdf2-sha256$1000$8PHy8/T19vf4.fr7/P3./w$0A35jjZ8X.jm/Nj9sc4uzmU/RqA2wljSyf5enbVFSOY";
constexpr std::string_view kPhc =
    "$pbkdf2-sha256$i=1000,l=32$8PHy8/T19vf4+fr7/P3+/w$0A35jjZ8X+jm/Nj9sc4uzmU/RqA2wljSyf5enbVFSOY";

TEST(Pbkdf2, MatchesThePublishedVectors) {
  expect_imports(kPublished);
  EXPECT_EQ(outcome("pass\0word"sv, kWithNul), "match");
  EXPECT_EQ(outcome("pass"sv, kWithNul), "INVALID_CREDENTIALS");
}

TEST(Pbkdf2, VerifiesWhatDjangoAndPasslibStore) { expect_imports(kMade); }

TEST(Pbkdf2, IsReadOnlyInItsCanonicalFormsAndWithinItsBounds) {
  EXPECT_EQ(outcome(kPlain, kPhc), "match");
  const std::string text(kPhc);
  expect_unreadable({
      replaced(text, "i=1000", "i=0"),
      replaced(text, "i=1000", "i=01000"),
      replaced(text, "i=1000", "i=-1"),
      replaced(text, "i=1000", "i=10000001"),
      replaced(text, "i=1000", "i=4294967296"),
      replaced(text, "l=32", "l=31"),
      replaced(text, "l=32", "l=0"),
      replaced(text, ",l=32", ""),
      replaced(text, "i=1000,l=32", "l=32,i=1000"),
      replaced(text, "i=1000,l=32", ""),
      replaced(text, "sha256", "sha1"),
      replaced(text, "sha256", "sha384"),
      replaced(text, "+fr7", ".fr7"),  // the other alphabet
      text + "=",
      text + "$",
      replaced(kPasslib, ".fr7", "+fr7"),
      replaced(kPasslib, "$1000$", "$1e3$"),
      replaced(kPasslib, "$1000$", "$$"),
      replaced(kPasslib, "8PHy8/T19vf4.fr7/P3./w", ""),
      std::string(kPasslib.substr(0, kPasslib.rfind('$') + 21)),          // 15 bytes of hash
      std::string(kPasslib) + "AAAA",                                     // 35
      "$pbkdf2$1000$8PHy8/T19vf4.fr7/P3./w$zSyUkg3bIh0pLmLPxFgkoyxjQFI",  // over SHA-1
  });
}

TEST(Pbkdf2, DjangosFormIsReadOnlyAsItWritesIt) {
  EXPECT_EQ(outcome(kPlain, kDjango), "match");
  const std::string text(kDjango);
  expect_unreadable({
      replaced(text, "sha256", "sha1"),
      replaced(text, "sha256", "sha512"),
      replaced(text, "$1000$", "$0$"),
      replaced(text, "$1000$", "$10000001$"),
      replaced(text, "$1000$", "$1000"),
      replaced(text, "seasalt0", "sea salt"),
      replaced(text, "seasalt0seasalt1seasal", ""),
      replaced(text, "seasalt0seasalt1seasal", std::string(65, 's')),
      replaced(text, "ea40=", "ea40"),
      replaced(text, "ea40=", "ea41="),
      text + "\n",
      "!" + text,  // Django's mark of a password that nobody has
      "pbkdf2_sha256$",
  });
}

TEST(Pbkdf2, NoChangedOrShortenedStringMatches) {
  expect_damage_is_noticed(kPlain, kPasslib);
  expect_damage_is_noticed(kPlain, kDjango);
}

}  // namespace
}  // namespace apiwright::passwords
