// What holds for the hashes of every other system; bcrypt_test.cpp and its like have their forms.

#include "passwords/imported.hpp"

namespace apiwright::passwords {
namespace {

// One of each, of a password that NFC changes, made as in the schemes' own tests.
const std::vector<std::string_view> kOfDecomposed{
    "$2b$04$abcdefghijklmnopqrstuu3zL/mqm0ijw9lN3jBdZVUQZ4Kb2drFC",
    "$scrypt$ln=10,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$W00jfqI3e9B6Zs51agqb3MGyyz8loquMiYNZ4iTXPEE",
    "pbkdf2_sha256$1000$seasalt0seasalt1seasal$RTWppWxbG195EwAgI/NF7JEX7DFjqk/i20WBYIZ1+So=",
    "argon2$argon2id$v=19$m=102400,t=2,p=8$c2Vhc2FsdDBzZWFzYWx0MXNlYXNhbA$UhBTOe8I7mGH6gxK9OH6x80v5Wr/DSJ0aMpSgJh/Vi8",
};

TEST(HasherImports, APasswordIsTriedAsTypedBecauseOtherSystemsDoNotNormalise) {
  for (const std::string_view stored : kOfDecomposed) {
    EXPECT_EQ(outcome(kDecomposed, stored), "match") << stored;
    EXPECT_EQ(outcome("Amelie", stored), "INVALID_CREDENTIALS") << stored;
  }
}

TEST(HasherImports, APasswordIsTriedComposedWhichIsWhatMostKeyboardsType) {
  const std::string_view composed = "$2a$04$abcdefghijklmnopqrstuuI9bZCuY3iL1D8aa7mpGEju3kdgOOzj6";
  EXPECT_EQ(outcome("pa\u0308sswo\u0308rd \U0001F511", composed), "match");
}

TEST(HasherImports, WhatNoHashIsMadeOfMatchesNone) {
  for (const std::string_view stored : kOfDecomposed) {
    EXPECT_EQ(outcome("\xFF", stored), "INVALID_CREDENTIALS");
    EXPECT_EQ(outcome(std::string(Hasher::kMaxPasswordBytes + 1, 'x'), stored), "INVALID_CREDENTIALS");
  }
}

TEST(HasherImports, OtherSchemesAreUnreadable) {
  expect_unreadable({
      "!1qr3Xq2sN8uGvDdOQpMvZrYyTqWJvhnHf2aSxXwC",  // Django: nobody's password
      "md5$seasalt$3f2f0fb1b1c5d9a3a0a5c0f2a7a1ab32",
      "$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/",
      "$5$rounds=5000$saltsalt$ZwPYAcqOcBqGkF1a2ynDOJqKyPWf5bDrRHK4LzS1Fm5",
      "$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/",
      "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7",
      "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr",
      "plain text",
  });
}

}  // namespace
}  // namespace apiwright::passwords
