// What Hasher makes of a stored string that somebody damaged or chose: the bounds on Argon2's.

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/passwords/hasher.hpp"

namespace apiwright::passwords {
namespace {

constexpr Parameters kCheapest{.memory_kib = 8, .passes = 1};

/// The empty password's, by argon2-cffi: see hasher_test.cpp.
constexpr std::string_view kCheapPhc =
    "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$Me1B4tc/J/3+TrS+xlE0Hli6Q0dwUcb+StrXNdgu4Io";

ErrorCode verify_code(std::string_view password, std::string_view phc) {
  try {
    Hasher(kCheapest).verify(password, phc);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "verified: " << phc;
  return ErrorCode::kInvalidCredentials;
}

std::string replaced(std::string_view from, std::string_view to) {
  std::string text(kCheapPhc);
  return text.replace(text.find(from), from.size(), to);
}

TEST(Argon2, AHostileOrDamagedStoredStringIsAnInternalErrorAndCostsNothing) {
  using std::string_literals::operator""s;
  const std::vector<std::string> hostile{
      "",
      "$",
      "plain text",
      std::string(kCheapPhc.substr(1)),
      " " + std::string(kCheapPhc),
      std::string(kCheapPhc) + "\n",
      std::string(kCheapPhc) + "\0"s,
      std::string(kCheapPhc) + "$",
      std::string(kCheapPhc) + std::string(300, 'A'),
      replaced("argon2id", "argon2"),
      "argon2" + replaced("argon2id", "argon2d"),
      "argon2$" + std::string(kCheapPhc),
      "argon2argon2" + std::string(kCheapPhc),
      replaced("argon2id", "argon2d"),
      replaced("argon2id", "Argon2id"),
      replaced("$v=19", ""),
      replaced("v=19", "v=16"),
      replaced("v=19", "v=019"),
      replaced("m=8", "m=7"),
      replaced("m=8", "m=0"),
      replaced("m=8", "m="),
      replaced("m=8", "m=08"),
      replaced("m=8", "m=+8"),
      replaced("m=8", "m=-8"),
      replaced("m=8", "m= 8"),
      replaced("m=8", "m=0x8"),
      replaced("m=8", "m=1048577"),
      replaced("m=8", "m=4294967295"),
      replaced("m=8", "m=4294967304"),  // 2^32 + 8
      replaced("m=8", "m=99999999999999999999"),
      replaced("t=1", "t=0"),
      replaced("t=1", "t=65"),
      replaced("t=1", "t=4294967297"),
      replaced("p=1", "p=0"),
      replaced("p=1", "p=2"),  // two lanes need 16 KiB
      replaced("m=8,t=1,p=1", "m=1048576,t=1,p=17"),
      replaced("m=8,t=1,p=1", "t=1,m=8,p=1"),
      replaced("m=8,t=1,p=1", "m=8,t=1,p=1,keyid=AA"),
      replaced("m=8,t=1,p=1", "m=8,t=1"),
      replaced("AAECAwQFBgcICQoLDA0ODw", ""),
      replaced("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBg"),          // 7 bytes of salt
      replaced("AAECAwQFBgcICQoLDA0ODw", std::string(88, 'A')),  // 66
      replaced("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODw=="),
      replaced("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoLDA0ODx"),  // unused bits set
      replaced("AAECAwQFBgcICQoLDA0ODw", "AAECAwQFBgcICQoL DA0ODw"),
      replaced("AAECAwQFBgcICQoLDA0ODw", "AAECAwQF-gcICQoLDA0ODw"),  // the other alphabet
      replaced("Me1B4tc/J/3+TrS+xlE0Hli6Q0dwUcb+StrXNdgu4Io", ""),
      replaced("Me1B4tc/J/3+TrS+xlE0Hli6Q0dwUcb+StrXNdgu4Io", "Me1B4tc/J/3+TrS+xlE0"),  // 15 bytes of hash
      replaced("u4Io", "u4Ip"),
      replaced("u4Io", "u4Io="),
      replaced("J/3",
               "J\xFF"
               "3"),  // libsodium 1.0.18 reads every byte from 0x80 on as '/'
  };
  const Hasher hasher(kCheapest);
  EXPECT_NO_THROW(hasher.verify("", kCheapPhc));  // the string from which they are made
  for (const std::string& phc : hostile) {
    EXPECT_EQ(verify_code("", phc), ErrorCode::kInternal) << phc;
    EXPECT_TRUE(hasher.needs_rehash(phc)) << phc;
  }
}

TEST(Argon2, NoChangedOrShortenedStoredStringVerifies) {
  const Hasher hasher(kCheapest);
  for (std::size_t size = 0; size < kCheapPhc.size(); ++size) {
    EXPECT_THROW(hasher.verify("", kCheapPhc.substr(0, size)), Error) << size;
  }
  for (std::size_t index = 0; index < kCheapPhc.size(); ++index) {
    std::string changed(kCheapPhc);
    changed[index] = static_cast<char>(changed[index] ^ 1);
    EXPECT_THROW(hasher.verify("", changed), Error) << changed;
  }
}

// Made with Django 5.2.19 and argon2-cffi 25.1.0: Argon2PasswordHasher().encode(password, "seasalt0seasalt1seasal").
TEST(Argon2, DjangosFormIsReadAndReplaced) {
  const std::string_view django =
      "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdDBzZWFzYWx0MXNlYXNhbA$"
      "GV3RT9zsoMo+il8/vn3V2P6O/I7+dg73k/MFtk/KN7Q";
  const Hasher hasher(kCheapest);
  EXPECT_NO_THROW(hasher.verify("correct horse battery staple", django));
  EXPECT_EQ(verify_code("Correct horse battery staple", django), ErrorCode::kInvalidCredentials);
  EXPECT_TRUE(hasher.needs_rehash(django));
  EXPECT_FALSE(hasher.needs_rehash(django.substr(6)));
}

// argon2-cffi 25.1.0: hash_secret(b"correct horse battery staple", bytes(range(16)), time_cost=2, memory_cost=512,
// parallelism=2 and 1, hash_len=16 and 32, type=Type.I); the first are the parameters of Django before 3.2.
TEST(Argon2, Argon2iIsReadAndReplaced) {
  const Hasher hasher(kCheapest);
  for (const std::string_view phc :
       {"$argon2i$v=19$m=512,t=2,p=2$AAECAwQFBgcICQoLDA0ODw$6zAHk8ITiXZ3Qs/Gy79W2A",
        "argon2$argon2i$v=19$m=512,t=2,p=2$AAECAwQFBgcICQoLDA0ODw$6zAHk8ITiXZ3Qs/Gy79W2A",
        "$argon2i$v=19$m=512,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$HjHloLbdfE4Ytqwnf3zbvnrrWLHqLv8xpmvnS62jk08"}) {
    EXPECT_NO_THROW(hasher.verify("correct horse battery staple", phc)) << phc;
    EXPECT_EQ(verify_code("correct horse", phc), ErrorCode::kInvalidCredentials);
    EXPECT_TRUE(hasher.needs_rehash(phc));
  }
}

}  // namespace
}  // namespace apiwright::passwords
