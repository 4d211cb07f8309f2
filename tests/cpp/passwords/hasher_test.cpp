#include "apiwright/passwords/hasher.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::passwords {
namespace {

constexpr Parameters kCheapest{.memory_kib = 8, .passes = 1};
constexpr std::string_view kPassword = "correct horse battery staple";

template <typename Call>
Error error_of(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorCode::kInternal, ""};
}

template <typename Call>
ErrorCode code_of(const Call& call) {
  return error_of(call).code();
}

ErrorCode verify_code(std::string_view password, std::string_view phc) {
  return code_of([&] { Hasher(kCheapest).verify(password, phc); });
}

struct Vector {
  std::string_view password;
  std::string_view phc;
};

// phc-winner-argon2 release 20190702 (commit f57e61e), src/test.c, version 0x13, Argon2id: all but the 256 MiB one.
// Their salts of 8 bytes and two lanes take the way through libsodium's own reading of the string.
const std::vector<Vector> kReferenceVectors{
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"},
    {"password", "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4"},
    {"password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"},
    {"password", "$argon2id$v=19$m=65536,t=1,p=1$c29tZXNhbHQ$9qWtwbpyPd3vm1rB1GThgPzZ3/ydHL92zKL+15XZypg"},
    {"password", "$argon2id$v=19$m=65536,t=4,p=1$c29tZXNhbHQ$kCXUjmjvc5XMqQedpMTsOv+zyJEf5PhtGiUghW9jFyw"},
    {"differentpassword", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94"},
    {"password", "$argon2id$v=19$m=65536,t=2,p=1$ZGlmZnNhbHQ$vfMrBczELrFdWP0ZsfhWsRPaHppYdP3MVEMIVlqoFBw"},
};

// Made with argon2-cffi 25.1.0 (argon2-cffi-bindings 26.2.0, which wraps the reference implementation):
// argon2.low_level.hash_secret(password, salt, time_cost=t, memory_cost=m, parallelism=1, hash_len=32, type=Type.ID)
// with the salts bytes(range(16)), bytes(range(16, 32)), bytes(range(16)) and b"0123456789abcdef".
const std::string kLongestPassword(Hasher::kMaxPasswordBytes, 'a');
const std::vector<Vector> kArgon2CffiVectors{
    {kPassword, "$argon2id$v=19$m=19456,t=2,p=1$AAECAwQFBgcICQoLDA0ODw$gYJZtjEAJqjg26xdLmknq8/bB7MiWPrE9hsYuA+SkIU"},
    {"p\u00E4ssw\u00F6rd \U0001F511",
     "$argon2id$v=19$m=19456,t=2,p=1$EBESExQVFhcYGRobHB0eHw$AiSE4q12jL3O1i0qTQXa3VhCa/S44n2fA8cgRQoEqUM"},
    {"", "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$Me1B4tc/J/3+TrS+xlE0Hli6Q0dwUcb+StrXNdgu4Io"},
    {kLongestPassword,
     "$argon2id$v=19$m=4096,t=3,p=1$MDEyMzQ1Njc4OWFiY2RlZg$cpIYFolJHr2z0xzgXNjx6PaAN3rUq+3HlP6VWXsuBU0"},
};

constexpr std::string_view kCheapPhc =
    "$argon2id$v=19$m=8,t=1,p=1$AAECAwQFBgcICQoLDA0ODw$Me1B4tc/J/3+TrS+xlE0Hli6Q0dwUcb+StrXNdgu4Io";

/// Forbids this process more than 256 MiB beyond what it has, while it lives.
class ScarceMemory {
 public:
  ScarceMemory() {
    getrlimit(RLIMIT_DATA, &before_);
    rlimit scarce = before_;
    scarce.rlim_cur = data_bytes() + (std::uint64_t{256} << 20);
    setrlimit(RLIMIT_DATA, &scarce);
  }
  ~ScarceMemory() { setrlimit(RLIMIT_DATA, &before_); }
  ScarceMemory(const ScarceMemory&) = delete;
  ScarceMemory& operator=(const ScarceMemory&) = delete;

 private:
  static std::uint64_t data_bytes() {
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;) {
      if (word == "VmData:") {
        std::uint64_t kib = 0;
        status >> kib;
        return kib * 1024;
      }
    }
    return 0;
  }

  rlimit before_{};
};

TEST(Hasher, VerifiesThePublishedVectorsOfTheReferenceImplementation) {
  const Hasher hasher(kCheapest);
  for (const Vector& vector : kReferenceVectors) {
    EXPECT_NO_THROW(hasher.verify(vector.password, vector.phc)) << vector.phc;
  }
  EXPECT_EQ(verify_code("Password", kReferenceVectors[1].phc), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(verify_code("Password", kReferenceVectors[2].phc), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, VerifiesHashesOfAnotherImplementation) {
  const Hasher hasher(kCheapest);
  for (const Vector& vector : kArgon2CffiVectors) {
    EXPECT_NO_THROW(hasher.verify(vector.password, vector.phc)) << vector.phc;
  }
}

TEST(Hasher, HashesInThePhcFormatWithItsParameters) {
  const std::string phc = Hasher({.memory_kib = 24, .passes = 3}).hash(kPassword);
  const std::string_view prefix = "$argon2id$v=19$m=24,t=3,p=1$";
  ASSERT_TRUE(phc.starts_with(prefix)) << phc;
  EXPECT_EQ(phc.size(), prefix.size() + 22 + 1 + 43);  // 16 and 32 bytes in base64
  EXPECT_EQ(phc[prefix.size() + 22], '$');
}

TEST(Hasher, DefaultsAreOwaspsFirstChoice) {
  EXPECT_EQ(Hasher().parameters(), (Parameters{.memory_kib = 19'456, .passes = 2}));
  EXPECT_TRUE(Hasher().hash(kPassword).starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Hasher, TwoHashesOfOnePasswordDifferAndBothVerify) {
  const Hasher hasher(kCheapest);
  const std::string first = hasher.hash(kPassword);
  const std::string second = hasher.hash(kPassword);
  EXPECT_NE(first, second);
  EXPECT_NO_THROW(hasher.verify(kPassword, first));
  EXPECT_NO_THROW(hasher.verify(kPassword, second));
}

TEST(Hasher, AnotherPasswordIsInvalidCredentials) {
  const std::string phc = Hasher(kCheapest).hash(kPassword);
  for (const std::string& wrong : {std::string(kPassword) + " ", std::string("Correct horse battery staple"),
                                   std::string(), std::string(kPassword) + '\0'}) {
    EXPECT_EQ(verify_code(wrong, phc), ErrorCode::kInvalidCredentials);
  }
}

TEST(Hasher, BytesAfterANulCount) {
  using std::string_view_literals::operator""sv;
  const Hasher hasher(kCheapest);
  const std::string phc = hasher.hash("secret\0one"sv);
  EXPECT_NO_THROW(hasher.verify("secret\0one"sv, phc));
  EXPECT_EQ(verify_code("secret\0two"sv, phc), ErrorCode::kInvalidCredentials);
  EXPECT_EQ(verify_code("secret", phc), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, APasswordIsTheSameInComposedAndDecomposedForm) {
  const Hasher hasher(kCheapest);
  EXPECT_NO_THROW(hasher.verify("Ame\u0301lie", hasher.hash("Am\u00E9lie")));
  EXPECT_NO_THROW(hasher.verify("Am\u00E9lie", hasher.hash("Ame\u0301lie")));
  EXPECT_EQ(verify_code("Amelie", hasher.hash("Am\u00E9lie")), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, TheLongestPasswordIsHashedWhole) {
  const Hasher hasher(kCheapest);
  std::string longest = kLongestPassword;
  const std::string phc = hasher.hash(longest);
  EXPECT_NO_THROW(hasher.verify(longest, phc));
  longest.back() = 'b';
  EXPECT_EQ(verify_code(longest, phc), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, NoHashIsMadeOfNothing) {
  const Error refused = error_of([] { static_cast<void>(Hasher(kCheapest).hash("")); });
  EXPECT_EQ(refused.code(), ErrorCode::kValidationError);
  ASSERT_EQ(refused.details().size(), 1U);
  EXPECT_EQ(refused.details().front().field, "password");
}

TEST(Hasher, AnOverlongPasswordIsRefusedAndNeverCut) {
  const Hasher hasher(kCheapest);
  const std::string overlong = kLongestPassword + "a";
  const Error error = error_of([&] { static_cast<void>(hasher.hash(overlong)); });
  EXPECT_EQ(error.code(), ErrorCode::kValidationError);
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details().front().field, "password");
  EXPECT_EQ(error.details().front().code, "max_length");
  EXPECT_EQ(verify_code(overlong, hasher.hash(kLongestPassword)), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, APasswordThatNormalisationMakesOverlongIsRefused) {
  const Hasher hasher(kCheapest);
  std::string expanding;  // U+1D160 takes 4 bytes, its NFC form 12
  while (expanding.size() < Hasher::kMaxPasswordBytes) {
    expanding += "\U0001D160";
  }
  EXPECT_EQ(code_of([&] { static_cast<void>(hasher.hash(expanding)); }), ErrorCode::kValidationError);
  EXPECT_EQ(verify_code(expanding, kCheapPhc), ErrorCode::kInvalidCredentials);
}

TEST(Hasher, APasswordThatIsNotUtf8IsRefused) {
  const Hasher hasher(kCheapest);
  for (const std::string_view bad : {"\xFF", "abc\xC3", "\xED\xA0\x80", "\xC0\xAF"}) {
    const Error error = error_of([&] { static_cast<void>(hasher.hash(bad)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details().front().code, "format");
    EXPECT_EQ(verify_code(bad, kCheapPhc), ErrorCode::kInvalidCredentials);
  }
}

TEST(Hasher, NeitherPasswordNorHashIsInAnError) {
  const std::string damaged(kCheapPhc.substr(0, 60));
  for (const Error& error : {error_of([&] { Hasher(kCheapest).verify(kPassword, kCheapPhc); }),
                             error_of([&] { Hasher(kCheapest).verify(kPassword, damaged); }), error_of([&] {
                               static_cast<void>(Hasher(kCheapest).hash(std::string(kPassword) + "\xFF"));
                             })}) {
    EXPECT_EQ(error.message().find("horse"), std::string::npos);
    EXPECT_EQ(error.message().find("argon2id"), std::string::npos);
  }
}

TEST(Hasher, NobodyIsInvalidCredentialsWhateverThePassword) {
  const Hasher hasher(kCheapest);
  for (const std::string& password :
       {std::string(kPassword), std::string(), std::string(2000, 'a'), std::string("\xFF")}) {
    EXPECT_EQ(code_of([&] { hasher.verify_nobody(password); }), ErrorCode::kInvalidCredentials);
  }
}

TEST(Hasher, NobodyAndAWrongPasswordAnswerAlike) {
  const Hasher hasher(kCheapest);
  const std::string phc = hasher.hash(kPassword);
  const Error nobody = error_of([&] { hasher.verify_nobody("wrong"); });
  const Error wrong = error_of([&] { hasher.verify("wrong", phc); });
  EXPECT_EQ(nobody.message(), wrong.message());
  EXPECT_EQ(nobody.details(), wrong.details());
}

TEST(Hasher, RehashIsNeededOnlyWhenACostWasRaised) {
  const std::string phc = Hasher({.memory_kib = 16, .passes = 2}).hash(kPassword);
  EXPECT_FALSE(Hasher({.memory_kib = 16, .passes = 2}).needs_rehash(phc));
  EXPECT_FALSE(Hasher({.memory_kib = 8, .passes = 1}).needs_rehash(phc));
  EXPECT_TRUE(Hasher({.memory_kib = 17, .passes = 2}).needs_rehash(phc));
  EXPECT_TRUE(Hasher({.memory_kib = 16, .passes = 3}).needs_rehash(phc));
  EXPECT_TRUE(Hasher({.memory_kib = 8, .passes = 3}).needs_rehash(phc));
  EXPECT_TRUE(Hasher({.memory_kib = 17, .passes = 1}).needs_rehash(phc));
}

TEST(Hasher, TheTagIsAsLongAsAskedAndAShorterOneNeedsAnother) {
  const Hasher shortest({.memory_kib = 8, .passes = 1, .tag_length = 16});
  const Hasher longest({.memory_kib = 8, .passes = 1, .tag_length = 64});
  const std::string phc = shortest.hash(kPassword);
  EXPECT_EQ(phc.size() - phc.rfind('$') - 1, 22U);  // 16 bytes in base64
  EXPECT_NO_THROW(longest.verify(kPassword, phc));
  EXPECT_TRUE(longest.needs_rehash(phc));
  EXPECT_FALSE(shortest.needs_rehash(longest.hash(kPassword)));
}

TEST(Hasher, WithoutMemoryAHashOfManyLanesIsNotCalledWrongEither) {
  std::string phc(kReferenceVectors[2].phc);
  phc.replace(phc.find("m=256"), 5, "m=1048576");
  const ScarceMemory scarce;
  EXPECT_EQ(verify_code("password", phc), ErrorCode::kUnavailable);
}

TEST(Hasher, ParametersOutsideTheBoundsAreRefused) {
  for (const Parameters& bad :
       {Parameters{.memory_kib = 7, .passes = 1}, Parameters{.memory_kib = 0, .passes = 1},
        Parameters{.memory_kib = 1'048'577, .passes = 1}, Parameters{.memory_kib = 8, .passes = 0},
        Parameters{.memory_kib = 8, .passes = 65}, Parameters{.memory_kib = 8, .passes = 1, .tag_length = 15},
        Parameters{.memory_kib = 8, .passes = 1, .tag_length = 65}}) {
    EXPECT_EQ(code_of([&] { const Hasher hasher(bad); }), ErrorCode::kValidationError);
  }
  const Error all = error_of([] { const Hasher hasher({.memory_kib = 1, .passes = 99, .tag_length = 1}); });
  EXPECT_EQ(all.details(), (std::vector<Detail>{{"memory_kib", "must be from 8 to 1048576", "min"},
                                                {"passes", "must be from 1 to 64", "max"},
                                                {"tag_length", "must be from 16 to 64", "min"}}));
  EXPECT_NO_THROW(Hasher({.memory_kib = 1'048'576, .passes = 64}));
}

TEST(Hasher, WithoutMemoryItAsksToComeBackLaterAndCallsNoPasswordWrong) {
  const Hasher greedy({.memory_kib = 1'048'576, .passes = 1});
  std::string phc(kArgon2CffiVectors.front().phc);
  phc.replace(phc.find("m=19456"), 7, "m=1048576");
  const ScarceMemory scarce;
  const Error hashing = error_of([&] { static_cast<void>(greedy.hash(kPassword)); });
  EXPECT_EQ(hashing.code(), ErrorCode::kUnavailable);
  EXPECT_TRUE(hashing.retry_after().has_value());
  EXPECT_EQ(code_of([&] { greedy.verify(kPassword, phc); }), ErrorCode::kUnavailable);
  EXPECT_EQ(code_of([&] { greedy.verify_nobody(kPassword); }), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace apiwright::passwords
