#include "passwords/bcrypt.hpp"

#include "passwords/imported.hpp"

namespace apiwright::passwords {
namespace {

using std::string_view_literals::operator""sv;

// Openwall's crypt_blowfish 1.3, wrapper.c (public domain): those of the versions that we read, their passwords as the
// bytes that they are. The $2a$ of "\xff\xff\xa3" and of "\xff\xa334…" is crypt_blowfish's safety measure, on purpose
// not what $2b$ and $2y$ have.
const std::vector<Imported> kOpenwall{
    {"U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"},
    {"U*U*", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK"},
    {"U*U*U", "$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a"},
    {"", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy"},
    {"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored",
     "$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui"},
    {"\xff\xff\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
    {"\xff\xff\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.CE5elHaaO4EbggVDjb8P19RukzXSM3e"},
    {"\xff\xff\xa3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nqd1wy.pTMdcvrRWxyiGL2eMz.2a85."},
    {"\xa3", "$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
    {"\xa3", "$2a$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
    {"\xa3", "$2b$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq"},
    {"\xff\xa3"
     "34\xff\xff\xff\xa3"
     "345",
     "$2y$05$/OK.fbVrR/bpIqNJ5ianF.o./n25XVfn6oAPaUvHe.Csk4zRfsYPi"},
    {"\xff\xa3"
     "34\xff\xff\xff\xa3"
     "345",
     "$2a$05$/OK.fbVrR/bpIqNJ5ianF.ZC1JEJ8Z4gPfpe1JOr/oyPXTWl9EFd."},
    {"\xff\xa3"
     "345",
     "$2y$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"},
    {"\xff\xa3"
     "345",
     "$2a$05$/OK.fbVrR/bpIqNJ5ianF.nRht2l/HRhr6zmCp9vYUvvsqynflf9e"},
    {"\xa3"
     "ab",
     "$2a$05$/OK.fbVrR/bpIqNJ5ianF.6IflQkJytoRVc1yuaNtHfiuq.FRlSIS"},
};

// Salt `abcdefghijklmnopqrstuu`, cost 4 and 5. Django: BCryptPasswordHasher, BCryptSHA256PasswordHasher; passlib:
// bcrypt with each ident, bcrypt_sha256 version 2, then 1 with 2b and 2a.
const std::vector<Imported> kMade{
    {kPlain, "bcrypt$$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"},
    {kPlain, "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuaBT8mpw5tGdD3eO40znWcQP/dT9hEVK"},
    {kPlain, "$2a$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"},
    {kPlain, "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"},
    {kPlain, "$2y$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG"},
    {kPlain, "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$h8GCYhBqatMGV8VIjRD4nhRxM87r3yu"},
    {kPlain, "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuu$QFUZDSoSe.wmA0ORk2X1IjnANOtYIqu"},
    {kPlain, "$bcrypt-sha256$2a,5$abcdefghijklmnopqrstuu$o1dsFCCfLvEm05UPkhVfITTBtz/RdHi"},
    {kNotAscii, "bcrypt$$2b$04$abcdefghijklmnopqrstuuI9bZCuY3iL1D8aa7mpGEju3kdgOOzj6"},
    {kNotAscii, "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuo2mEyDA91D6iMbMIlEB6K7YVhR9i58G"},
    {kNotAscii, "$2a$04$abcdefghijklmnopqrstuuI9bZCuY3iL1D8aa7mpGEju3kdgOOzj6"},
    {kNotAscii, "$2b$04$abcdefghijklmnopqrstuuI9bZCuY3iL1D8aa7mpGEju3kdgOOzj6"},
    {kNotAscii, "$2y$04$abcdefghijklmnopqrstuuI9bZCuY3iL1D8aa7mpGEju3kdgOOzj6"},
    {kNotAscii, "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$ilzAgiXjrYbqOICiI3T2T2z1CoeupkC"},
    {kNotAscii, "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuu$5zuyxoS2K8sQ7vVvKzsxh5W3BFfp1m6"},
    {kNotAscii, "$bcrypt-sha256$2a,5$abcdefghijklmnopqrstuu$PIbM2NVWbjyTFMTw2JbDsWtO7N6h8SS"},
    {kDecomposed, "bcrypt$$2b$04$abcdefghijklmnopqrstuu3zL/mqm0ijw9lN3jBdZVUQZ4Kb2drFC"},
    {kDecomposed, "bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuuTUJhMgZ97pWxlyHYwvwlOJ8QEkl5uRi"},
    {kDecomposed, "$2a$04$abcdefghijklmnopqrstuu3zL/mqm0ijw9lN3jBdZVUQZ4Kb2drFC"},
    {kDecomposed, "$2b$04$abcdefghijklmnopqrstuu3zL/mqm0ijw9lN3jBdZVUQZ4Kb2drFC"},
    {kDecomposed, "$2y$04$abcdefghijklmnopqrstuu3zL/mqm0ijw9lN3jBdZVUQZ4Kb2drFC"},
    {kDecomposed, "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$KC4RO4.qQ90HjyURXblhMDAzrcOhSo2"},
    {kDecomposed, "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuu$0mcwCv0AKT.vxwlgqO2NW6oJCIHXbcq"},
    {kDecomposed, "$bcrypt-sha256$2a,5$abcdefghijklmnopqrstuu$0IwCa7ZhIWbZ5pPM4Rv.MygnxIHJr4G"},
};

constexpr std::string_view kStored = "$2b$04$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG";
constexpr std::string_view kPasslib =
    "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$h8GCYhBqatMGV8VIjRD4nhRxM87r3yu";
constexpr std::string_view kPasslibFirst = "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuu$QFUZDSoSe.wmA0ORk2X1IjnANOtYIqu";

TEST(Bcrypt, MatchesThePublishedVectors) {
  for (const auto& [password, stored] : kOpenwall) {
    const auto parsed = parse_bcrypt(stored);
    ASSERT_TRUE(parsed.has_value()) << stored;
    EXPECT_TRUE(parsed->matches(password)) << stored;
    EXPECT_FALSE(parsed->matches("x" + std::string(password))) << stored;
  }
}

TEST(Bcrypt, VerifiesWhatDjangoAndPasslibStore) { expect_imports(kMade); }

// The same makers', of 100 times "x".
TEST(Bcrypt, ReadsSeventyTwoBytesUnlessThePasswordWasHashedFirst) {
  const std::string long_one(100, 'x');
  const std::string_view bare = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
  EXPECT_EQ(outcome(long_one, bare), "match");
  EXPECT_EQ(outcome(long_one.substr(0, 72), bare), "match");
  EXPECT_EQ(outcome(long_one.substr(0, 71), bare), "INVALID_CREDENTIALS");
  for (const std::string_view hashed_first :
       {"bcrypt_sha256$$2b$04$abcdefghijklmnopqrstuut2SshH6UbGkn9RXLOv/njlCqQS.IYXK",
        "$bcrypt-sha256$v=2,t=2b,r=4$abcdefghijklmnopqrstuu$VN/UtE6EwSZ/CIGnzfQAPtA5sMkMG4u",
        "$bcrypt-sha256$2b,4$abcdefghijklmnopqrstuu$MStnCU0ISmwB6DYVG67BQ54kYyEazIO"}) {
    EXPECT_EQ(outcome(long_one, hashed_first), "match") << hashed_first;
    EXPECT_EQ(outcome(long_one.substr(0, 99), hashed_first), "INVALID_CREDENTIALS") << hashed_first;
  }
}

TEST(Bcrypt, APasswordWithANulIsNotTakenForWhatPrecedesIt) {
  EXPECT_EQ(outcome("U*U\0"sv, kOpenwall[0].stored), "INVALID_CREDENTIALS");
  EXPECT_EQ(outcome("U*U\0more"sv, kOpenwall[0].stored), "INVALID_CREDENTIALS");
  EXPECT_EQ(outcome("\0"sv, kOpenwall[3].stored), "INVALID_CREDENTIALS");
}

TEST(Bcrypt, IsReadOnlyInItsCanonicalFormsAndWithinItsCost) {
  EXPECT_EQ(outcome(kPlain, kStored), "match");
  const std::string text(kStored);
  expect_unreadable({
      replaced(text, "$2b$", "$2x$"),  // crypt_blowfish's old fault
      replaced(text, "$2b$", "$2$"),
      replaced(text, "$2b$", "$2B$"),
      replaced(text, "$2b$", "$3b$"),
      replaced(text, "$04$", "$03$"),
      replaced(text, "$04$", "$00$"),
      replaced(text, "$04$", "$16$"),
      replaced(text, "$04$", "$31$"),
      replaced(text, "$04$", "$4$"),
      replaced(text, "$04$", "$ 4$"),
      replaced(text, "$04$", "$+4$"),
      replaced(text, "$04$", "$004$"),
      replaced(text, "qrstuu", "qrstuv"),  // unused bits of the salt
      replaced(text, "h/6CG", "h/6CH"),    // and of the hash
      replaced(text, "abcdef", "abc+ef"),
      replaced(text, "abcdef", "abc$ef"),
      replaced(text, "abcdef",
               "abc\xFF"
               "ef"),
      replaced(text, "abcdef", std::string("abc\0ef", 6)),
      text + "\n",
      text + std::string(1, '\0'),
      text + ".",
      " " + text,
      "bcrypt" + text,
      "bcrypt$$" + text,
      "bcrypt_sha256" + text,
      "BCRYPT$" + text,
      "bcrypt$bcrypt$" + text,
      text + std::string(100'000, 'A'),
  });
}

TEST(Bcrypt, PasslibsFormIsReadOnlyAsItWritesIt) {
  EXPECT_EQ(outcome(kPlain, kPasslib), "match");
  EXPECT_EQ(outcome(kPlain, kPasslibFirst), "match");
  const std::string text(kPasslib);
  expect_unreadable({
      replaced(text, "v=2", "v=1"),
      replaced(text, "v=2", "v=3"),
      replaced(text, "v=2,", ""),
      replaced(text, "t=2b", "t=2a"),
      replaced(text, "t=2b", "t=2y"),
      replaced(text, "t=2b", "t="),
      replaced(text, "r=4", "r=04"),
      replaced(text, "r=4", "r=3"),
      replaced(text, "r=4", "r=16"),
      replaced(text, "r=4", "r=4294967300"),
      replaced(text, "r=4", "r="),
      replaced(text, "t=2b,r=4", "r=4,t=2b"),
      text + "$",
      replaced(kPasslibFirst, "2b,4", "2y,4"),
      replaced(kPasslibFirst, "2b,4", "2b,04"),
      replaced(kPasslibFirst, "2b,4", "2b"),
      "$bcrypt-sha256$",
      "$bcrypt-sha256$v=2,t=",
  });
}

TEST(Bcrypt, NoChangedOrShortenedStringMatches) {
  expect_damage_is_noticed(kPlain, kStored);
  expect_damage_is_noticed(kPlain, kPasslib);
}

}  // namespace
}  // namespace apiwright::passwords
