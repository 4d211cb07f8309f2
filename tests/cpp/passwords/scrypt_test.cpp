#include "passwords/scrypt.hpp"

#include "passwords/imported.hpp"

namespace apiwright::passwords {
namespace {

// RFC 7914 §12, but for the one of 1 GiB, in PHC's form and, where the salt is text, in Django's. The first vector of
// the RFC has no salt, and so no such form.
const std::vector<Imported> kRfc7914{
    {"password",
     "$scrypt$ln=10,r=8,p=16$TmFDbA$"
     "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA"},
    {"password",
     "scrypt$1024$NaCl$8$16$"
     "/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA=="},
    {"pleaseletmein",
     "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$"
     "cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw"},
};

// Django's ScryptPasswordHasher: n=1024, p=1 and its default 5; passlib: rounds=10, then rounds=8, block_size=4,
// parallelism=3; salt bytes(range(16)).
const std::vector<Imported> kMade{
    {kPlain,
     "scrypt$1024$seasalt0seasalt1seasal$8$1$wjcIhhEkZZKvM5DH5aJ39ThbBpsmBwS+OMTtCNKIvplP20HnXtL0JkfH"
     "Sf47qZ12/Co9GXUVMdGOAEa/DJKZpQ=="},
    {kPlain,
     "scrypt$1024$seasalt0seasalt1seasal$8$5$9jtHBOMM3SXxy/ipP20hHlWG4I+Io9iFc66MsNWGE6TXaWOLbw79lKrJ"
     "uBinQWCD8WL5QoZO1m+//irZtV6sRA=="},
    {kPlain, "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$mp90zEQd5XGhjEv4WArVH4Z0XRSzkGWtJK2S/AXJlRU"},
    {kPlain, "$scrypt$ln=8,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$fyvLNedFlfmrnMVSqChe4zbanfvtvBhsQzrM/1BHLhg"},
    {kNotAscii,
     "scrypt$1024$seasalt0seasalt1seasal$8$1$EDInc1EE0nAaDzXGRKIDqyZs5EMpZ7NYdasWplhubnNSEVbVhfOTfeOD"
     "8kBx5o/whLAPcLeDWoXmAfzx/+0P8A=="},
    {kNotAscii,
     "scrypt$1024$seasalt0seasalt1seasal$8$5$/rhBKVnllrPVco54ES8qqmGKiHpHmN0Fljvcj99egPx8kUlWTwBw7kDq"
     "ohf6Vmyb3fSpOLIPymXua+kLRsfKtQ=="},
    {kNotAscii, "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$YReAx0WlfpCmIFHpivsrzvufnVRmU3b9qHJGzIv+8Dc"},
    {kNotAscii, "$scrypt$ln=8,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$VMjY/wNbI3qrzkYHXupdu9Lv/Wqu0YW3ePqMBo5eOsE"},
    {kDecomposed,
     "scrypt$1024$seasalt0seasalt1seasal$8$1$kgRcIVwCANLPjrq0v+mNfAGoAYz+qzbs/Itc5RzsjxE2n6OGoA9a2dhg"
     "fs2c0/VHuW2BWE61neEWsUjaR6aNZQ=="},
    {kDecomposed,
     "scrypt$1024$seasalt0seasalt1seasal$8$5$GrBYNa8sd/9Us9dJnFATDnvXxRg4ZYK5jfLXzHFjnzrydfGkz2ajl0eB"
     "wQCBozuVQWGqMfGWVIck8KCE+ysjoA=="},
    {kDecomposed, "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$W00jfqI3e9B6Zs51agqb3MGyyz8loquMiYNZ4iTXPEE"},
    {kDecomposed, "$scrypt$ln=8,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$BaHwE7CCXMLM94yJ4TtCdPTDTFraHiiLjQX6Wk+fA/w"},
};

constexpr std::string_view kDjango =
    "scrypt$1024$seasalt0seasalt1seasal$8$1$"
    "wjcIhhEkZZKvM5DH5aJ39ThbBpsmBwS+OMTtCNKIvplP20HnXtL0JkfHSf47qZ12/Co9GXUVMdGOAEa/DJKZpQ==";
constexpr std::string_view kPasslib =
    "$scrypt$ln=8,r=4,p=3$AAECAwQFBgcICQoLDA0ODw$fyvLNedFlfmrnMVSqChe4zbanfvtvBhsQzrM/1BHLhg";

TEST(Scrypt, MatchesThePublishedVectors) { expect_imports(kRfc7914); }

TEST(Scrypt, VerifiesWhatDjangoAndPasslibStore) { expect_imports(kMade); }

TEST(Scrypt, IsReadOnlyInItsCanonicalFormsAndWithinItsBounds) {
  EXPECT_EQ(outcome(kPlain, kPasslib), "match");
  const std::string text(kPasslib);
  expect_unreadable({
      replaced(text, "ln=8", "ln=0"),
      replaced(text, "ln=8", "ln=08"),
      replaced(text, "ln=8", "ln=24"),
      replaced(text, "ln=8", "ln=64"),
      replaced(text, "ln=8", "ln=4294967304"),
      replaced(text, "ln=8,r=4,p=3", "ln=20,r=8,p=1"),  // 1 GiB and a little
      replaced(text, "ln=8,r=4,p=3", "ln=18,r=64,p=1"),
      replaced(text, "ln=8,r=4,p=3", "ln=18,r=8,p=64"),  // too much work
      replaced(text, "r=4", "r=0"),
      replaced(text, "r=4", "r=65"),
      replaced(text, "r=4", "r=4294967295"),
      replaced(text, "p=3", "p=0"),
      replaced(text, "p=3", "p=65"),
      replaced(text, "p=3", "p=-1"),
      replaced(text, "p=3", "p=3,x=1"),
      replaced(text, "ln=8,r=4,p=3", "r=4,ln=8,p=3"),
      replaced(text, "AAECAwQFBgcICQoLDA0ODw", ""),
      replaced(text, "AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx"),
      replaced(text, "AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODw=="),
      replaced(text, "AAECAwQFBgcICQoLDA0ODw", std::string(88, 'A')),  // 66 bytes
      text + "=",
      text + "$",
      text.substr(0, text.rfind('$') + 21),  // 15 bytes of hash
      "$scrypt$",
      "$7$C6..../....SodiumChloride$kBGj9fHznVYFQMEn/qDCfrDevf9YDtcDdKvEqHJLV8D",  // crypt(3)'s own
  });
}

TEST(Scrypt, DjangosFormIsReadOnlyAsItWritesIt) {
  EXPECT_EQ(outcome(kPlain, kDjango), "match");
  const std::string text(kDjango);
  expect_unreadable({
      replaced(text, "$1024$", "$1023$"),
      replaced(text, "$1024$", "$1$"),
      replaced(text, "$1024$", "$0$"),
      replaced(text, "$1024$", "$01024$"),
      replaced(text, "$1024$", "$2147483648$"),
      replaced(text, "seasalt0", "sea salt"),
      replaced(text, "seasalt0", "sea\nsalt"),
      replaced(text, "seasalt0", "seas\xC3\xA4lt"),
      replaced(text, "seasalt0seasalt1seasal", ""),
      replaced(text, "seasalt0seasalt1seasal", std::string(65, 's')),
      replaced(text, "$8$1$", "$8$"),
      replaced(text, "$8$1$", "$8$1$1$"),
      replaced(text, "$8$1$", "$8$0$"),
      replaced(text, "==", ""),
      replaced(text, "==", "==="),
      text + "\n",
      "django" + text,
      "scrypt$",
  });
}

TEST(Scrypt, NoChangedOrShortenedStringMatches) {
  expect_damage_is_noticed(kPlain, kPasslib);
  expect_damage_is_noticed(kPlain, kDjango);
}

}  // namespace
}  // namespace apiwright::passwords
