#include "apiwright/tokens/access_tokens.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/tokens/jws.hpp"

namespace apiwright::tokens {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::uint8_t, Key::kBytes> kKeyBytes{1, 2, 3};
const SigningKey kSigningKey(Algorithm::kHs256, kKeyBytes);
constexpr Timestamp kNow{1'767'225'600'123ms};  // 2026-01-01T00:00:00.123Z
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"at+jwt"})";
constexpr std::string_view kSub = "01941f29-7c00-7000-8000-000000000001";
constexpr std::string_view kSid = "01941f29-7c00-7000-8000-000000000002";
constexpr std::string_view kJti = "01941f29-7c00-7000-8000-000000000003";

const Uuid kSubject = Uuid::parse(kSub).value();
const Uuid kSession = Uuid::parse(kSid).value();

AccessTokens tokens(AccessTokenOptions options = {}) { return {Key(kKeyBytes), std::move(options)}; }

/// A valid claims set, from which each test changes one thing.
std::string claims() {
  return R"({"iss":"apiwright","aud":"apiwright","sub":"01941f29-7c00-7000-8000-000000000001",)"
         R"("sid":"01941f29-7c00-7000-8000-000000000002","iat":1767225600,"exp":1767226500,)"
         R"("jti":"01941f29-7c00-7000-8000-000000000003"})";
}

std::string claims_with(std::string_view from, std::string_view to) {
  std::string text = claims();
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string sign(std::string_view payload, std::string_view header = kHeader) {
  return sign_jws(header, payload, kSigningKey);
}

void expect_refused(std::string_view token, ErrorCode code = ErrorCode::kUnauthorized, Timestamp now = kNow,
                    const AccessTokens& checker = tokens()) {
  try {
    static_cast<void>(checker.verify(token, now));
    ADD_FAILURE() << "accepted: " << token;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << token;
  }
}

void expect_accepted(std::string_view token, Timestamp now = kNow, const AccessTokens& checker = tokens()) {
  EXPECT_NO_THROW(static_cast<void>(checker.verify(token, now))) << token;
}

TEST(AccessTokens, VerifyGivesBackWhatWasIssued) {
  const AccessClaims read = tokens().verify(tokens().issue(kSubject, kSession, kNow), kNow);
  EXPECT_EQ(read.subject, kSubject);
  EXPECT_EQ(read.session, kSession);
  EXPECT_EQ(read.issued_at, Timestamp(1'767'225'600s));
  EXPECT_EQ(read.expires_at, Timestamp(1'767'226'500s));
}

TEST(AccessTokens, AnIssuedTokenHasTheContractsHeaderAndClaims) {
  const Jws jws = verify_jws(tokens().issue(kSubject, kSession, kNow), kSigningKey.verifying_key());
  EXPECT_EQ(jws.header, kHeader);
  const std::string expected = claims();
  const std::size_t jti = expected.find(kJti);
  ASSERT_EQ(jws.payload.size(), expected.size());
  EXPECT_EQ(jws.payload.substr(0, jti), expected.substr(0, jti));
}

TEST(AccessTokens, EveryTokenHasAnIdOfItsOwn) {
  std::set<Uuid> ids;
  for (int round = 0; round < 100; ++round) {
    ids.insert(tokens().verify(tokens().issue(kSubject, kSession, kNow), kNow).id);
  }
  EXPECT_EQ(ids.size(), 100U);
}

TEST(AccessTokens, ATokenLivesExactlyItsLifetime) {
  const AccessTokens short_lived = tokens({.lifetime = 60s});
  EXPECT_EQ(short_lived.lifetime(), 60s);
  const std::string token = short_lived.issue(kSubject, kSession, kNow);
  const Timestamp expiry{1'767'225'660s};
  expect_accepted(token, expiry - 1ms, short_lived);
  expect_refused(token, ErrorCode::kTokenExpired, expiry, short_lived);
  expect_refused(token, ErrorCode::kTokenExpired, expiry + 1000s, short_lived);
}

TEST(AccessTokens, LeewayIsGrantedToBothEnds) {
  const AccessTokens lenient = tokens({.lifetime = 60s, .leeway = 5s});
  const std::string token = lenient.issue(kSubject, kSession, kNow);
  const Timestamp issued{1'767'225'600s};
  expect_accepted(token, issued - 5s, lenient);
  expect_refused(token, ErrorCode::kUnauthorized, issued - 5s - 1ms, lenient);
  expect_accepted(token, issued + 65s - 1ms, lenient);
  expect_refused(token, ErrorCode::kTokenExpired, issued + 65s, lenient);
}

TEST(AccessTokens, ATokenFromTheFutureIsRefused) {
  const std::string token = tokens().issue(kSubject, kSession, kNow);
  expect_accepted(token, Timestamp(1'767'225'600s));
  expect_refused(token, ErrorCode::kUnauthorized, Timestamp(1'767'225'600s) - 1ms);
  expect_refused(sign(claims_with("\"jti\"", R"("nbf":1767225601,"jti")")));
  expect_accepted(sign(claims_with("\"jti\"", R"("nbf":1767225600,"jti")")));
}

TEST(AccessTokens, ExpiryIsToldOnlyOfATokenThatIsOtherwiseRight) {
  const Timestamp late = kNow + 10'000s;
  expect_refused(sign(claims()), ErrorCode::kTokenExpired, late);
  expect_refused(sign(claims_with("\"aud\":\"apiwright\"", "\"aud\":\"other\"")), ErrorCode::kUnauthorized, late);
  expect_refused(sign(claims(), R"({"alg":"HS256","typ":"JWT"})"), ErrorCode::kUnauthorized, late);
  std::string forged = sign(claims());
  forged.back() = forged.back() == 'A' ? 'E' : 'A';
  expect_refused(forged, ErrorCode::kUnauthorized, late);
}

TEST(AccessTokens, EveryChangedByteAndTruncationIsRefused) {
  const std::string token = tokens().issue(kSubject, kSession, kNow);
  const AccessTokens checker = tokens();
  for (std::size_t index = 0; index < token.size(); ++index) {
    expect_refused(token.substr(0, index), ErrorCode::kUnauthorized, kNow, checker);
    for (const unsigned bit : {0U, 1U, 5U, 7U}) {
      std::string changed = token;
      changed[index] = static_cast<char>(static_cast<unsigned char>(changed[index]) ^ (1U << bit));
      expect_refused(changed, ErrorCode::kUnauthorized, kNow, checker);
    }
  }
}

// A token found good is remembered; what the clock says of it is not.
TEST(AccessTokens, ATokenSeenBeforeIsHeldAgainstTheClockAnew) {
  const auto checker = tokens();
  const auto token = checker.issue(kSubject, kSession, kNow);
  EXPECT_EQ(checker.verify(token, kNow).subject, kSubject);
  EXPECT_EQ(checker.verify(token, kNow).id, checker.verify(token, kNow).id);
  expect_refused(token, ErrorCode::kTokenExpired, kNow + 900s, checker);
  expect_refused(token, ErrorCode::kUnauthorized, kNow - 1s, checker);
  EXPECT_EQ(checker.verify(token, kNow).session, kSession);
}

TEST(AccessTokens, NothingThatResemblesATokenSeenBeforeIsTaken) {
  const auto checker = tokens();
  const auto token = checker.issue(kSubject, kSession, kNow);
  static_cast<void>(checker.verify(token, kNow));
  for (std::size_t place = 0; place < token.size(); ++place) {
    std::string changed = token;
    changed[place] = changed[place] == 'A' ? 'B' : 'A';
    if (changed != token) expect_refused(changed, ErrorCode::kUnauthorized, kNow, checker);
  }
  expect_refused(token.substr(0, token.size() - 1), ErrorCode::kUnauthorized, kNow, checker);
  expect_refused(token + 'A', ErrorCode::kUnauthorized, kNow, checker);
  static_cast<void>(checker.verify(token, kNow));
}

TEST(AccessTokens, MoreTokensThanAreRememberedAreAllTaken) {
  const auto checker = tokens();
  std::vector<std::string> issued;
  for (int i = 0; i < 3000; ++i) issued.push_back(checker.issue(Uuid::generate(kNow), kSession, kNow));
  for (int round = 0; round < 2; ++round) {
    std::set<Uuid> subjects;
    for (const auto& token : issued) subjects.insert(checker.verify(token, kNow).subject);
    EXPECT_EQ(subjects.size(), issued.size());
  }
}

TEST(AccessTokens, ManyThreadsMayCheckTheSameTokens) {
  const auto checker = tokens();
  const std::vector<std::string> issued{checker.issue(kSubject, kSession, kNow),
                                        checker.issue(kSession, kSubject, kNow)};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        EXPECT_EQ(checker.verify(issued[0], kNow).subject, kSubject);
        EXPECT_EQ(checker.verify(issued[1], kNow).subject, kSession);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(AccessTokens, AnotherKeyIsRefused) {
  const AccessTokens others(Key(std::array<std::uint8_t, Key::kBytes>{1, 2, 4}), {});
  expect_refused(others.issue(kSubject, kSession, kNow));
}

TEST(AccessTokens, OtherSpellingsOfTheHeaderAreTaken) {
  for (const char* const header :
       {R"({"typ":"at+jwt","alg":"HS256"})", R"({"alg":"HS256","typ":"AT+JWT"})", R"({"alg":"HS256","typ":"at+JWT"})",
        R"({"alg":"HS256","typ":"application/at+jwt"})", R"({"alg":"HS256","typ":"Application/AT+jwt","kid":"1"})"}) {
    expect_accepted(sign(claims(), header));
  }
}

TEST(AccessTokens, AnotherTypeOfTokenIsRefused) {
  for (const char* const header :
       {R"({"alg":"HS256"})", R"({"alg":"HS256","typ":"JWT"})", R"({"alg":"HS256","typ":""})",
        R"({"alg":"HS256","typ":"at+jwt "})", R"({"alg":"HS256","typ":"text/at+jwt"})",
        R"({"alg":"HS256","typ":["at+jwt"]})", R"({"alg":"HS256","typ":null})", R"({"alg":"none","typ":"at+jwt"})",
        R"({"alg":"HS512","typ":"at+jwt"})", R"({"alg":"RS256","typ":"at+jwt"})", R"({"typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"at+jwt","crit":["exp"]})", R"({"alg":"HS256","typ":"at+jwt","typ":"at+jwt"})",
        R"({"alg":"HS256","typ":"at+\u212Awt"})"}) {
    expect_refused(sign(claims(), header));
  }
}

TEST(AccessTokens, AnAudienceMayBeAListThatHoldsOurs) {
  const std::string_view ours = R"("aud":"apiwright")";
  expect_accepted(sign(claims_with(ours, R"("aud":["apiwright"])")));
  expect_accepted(sign(claims_with(ours, R"("aud":["other","apiwright"])")));
  expect_accepted(sign(claims_with(ours, R"("aud":["apiwright","other"])")));
  for (const char* const bad :
       {R"("aud":[])", R"("aud":["other"])", R"("aud":[["apiwright"]])", R"("aud":[{"aud":"apiwright"}])",
        R"("aud":["apiwright",1])", R"("aud":[null,"apiwright"])", R"("aud":["apiwright",[]])",
        R"("aud":["apiwright",{}])", R"("aud":{"aud":"apiwright"})", R"("aud":{"0":"apiwright"})", R"("aud":"")",
        R"("aud":"Apiwright")", R"("aud":"apiwright ")", R"("aud":null)", R"("aud":1)", R"("aud":true)"}) {
    expect_refused(sign(claims_with(ours, bad)));
  }
}

TEST(AccessTokens, AnotherIssuerIsRefused) {
  const std::string_view ours = R"("iss":"apiwright")";
  for (const char* const bad : {R"("iss":"other")", R"("iss":"")", R"("iss":"APIWRIGHT")", R"("iss":["apiwright"])",
                                R"("iss":null)", R"("iss":1)", R"("iss":{"iss":"apiwright"})"}) {
    expect_refused(sign(claims_with(ours, bad)));
  }
  const AccessTokens other = tokens({.issuer = "https://id.example/\"\u00E9", .audience = "api"});
  expect_accepted(other.issue(kSubject, kSession, kNow), kNow, other);
  expect_refused(other.issue(kSubject, kSession, kNow));
}

TEST(AccessTokens, EachClaimIsRequired) {
  for (const std::string_view claim : {"iss", "aud", "sub", "sid", "iat", "exp", "jti"}) {
    expect_refused(sign(claims_with("\"" + std::string(claim) + "\"", "\"x" + std::string(claim) + "\"")));
  }
  expect_refused(sign("{}"));
}

TEST(AccessTokens, AClaimNamedTwiceIsRefused) {
  expect_refused(sign(claims_with("\"jti\"", R"("iss":"apiwright","jti")")));
  expect_refused(sign(claims_with("\"jti\"", R"("exp":1767226500,"jti")")));
  expect_refused(sign(claims_with("\"jti\"", R"("\u0065xp":1767226500,"jti")")));
  expect_refused(sign(claims_with("\"jti\"", R"("x":1,"x":1,"jti")")));
}

TEST(AccessTokens, IdsMustBeUuids) {
  for (const std::string_view id : {kSub, kSid, kJti}) {
    const std::string quoted = "\"" + std::string(id) + "\"";
    for (const char* const bad :
         {"\"\"", "\"1\"", "\"01941f29-7c00-7000-8000-00000000000\"", "1", "null", "true", "[]", "{}",
          "\"01941f297c0070008000000000000001\"", "\"{01941f29-7c00-7000-8000-000000000001}\""}) {
      expect_refused(sign(claims_with(quoted, bad)));
    }
    expect_refused(sign(claims_with(quoted, "[" + quoted + "]")));
  }
}

TEST(AccessTokens, DatesMustBeWholeSecondsFrom1970To9999) {
  for (const std::string_view date : {"1767225600", "1767226500"}) {
    for (const char* const bad :
         {"-1", "-9223372036854775808", "9223372036854775807", "9223372036854775808", "253402300800", "1767225600.0",
          "1.7672256e9", "1767226500.5", "1e400", "\"1767225600\"", "null", "true", "[1767225600]", "{}"}) {
      expect_refused(sign(claims_with(date, bad)));
    }
  }
  expect_accepted(sign(claims_with("1767226500", "253402300799")));
  expect_accepted(sign(claims_with("1767225600", "0")));
  expect_refused(sign(claims_with("1767226500", "0")), ErrorCode::kTokenExpired);
  for (const char* const bad : {"-1", "0.5", "null", "\"0\"", "[]"}) {
    expect_refused(sign(claims_with("\"jti\"", std::string("\"nbf\":") + bad + R"(,"jti")")));
  }
}

TEST(AccessTokens, ClaimsWeDoNotKnowAreLeftAlone) {
  expect_accepted(sign(claims_with(
      "\"jti\"",
      R"("scope":"a b","x":null,"y":[1,{"iss":"other","exp":1}],"z":{"sub":1,"aud":["q"]},"w":1.5,"v":true,"jti")")));
}

TEST(AccessTokens, APayloadThatIsNotOneJsonObjectIsRefused) {
  for (const std::string& bad :
       {std::string(), std::string("null"), std::string("[]"), std::string("\"{}\""), "[" + claims() + "]",
        claims() + claims(), claims() + "x", "\xEF\xBB\xBF" + claims(), claims().substr(0, 100),
        claims_with("\"jti\"", "\"x\":\"\xFF\",\"jti\""), claims_with("\"jti\"", "\"x\":\"\\ud800\",\"jti\"")}) {
    expect_refused(sign(bad));
  }
}

TEST(AccessTokens, OptionsThatCannotWorkAreRefused) {
  for (const AccessTokenOptions& bad :
       {AccessTokenOptions{.issuer = ""}, AccessTokenOptions{.audience = ""}, AccessTokenOptions{.issuer = "\xFF"},
        AccessTokenOptions{.audience = std::string(256, 'a')}, AccessTokenOptions{.lifetime = 0s},
        AccessTokenOptions{.lifetime = -1s}, AccessTokenOptions{.lifetime = std::chrono::seconds::max()},
        AccessTokenOptions{.leeway = -1s}, AccessTokenOptions{.leeway = std::chrono::seconds::max()}}) {
    try {
      static_cast<void>(tokens(bad));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    }
  }
}

}  // namespace
}  // namespace apiwright::tokens
