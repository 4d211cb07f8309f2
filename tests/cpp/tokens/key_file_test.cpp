#include "apiwright/tokens/key_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "apiwright/tokens/access_tokens.hpp"
#include "tokens/refused.hpp"

namespace apiwright::tokens {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr Timestamp kNow{1'767'225'600s};
constexpr std::chrono::seconds kLifetime{900};

/// A key file in a folder of its own, and what was reported of it.
class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~KeyFileTest() override { fs::remove_all(folder_); }
  KeyFileTest(const KeyFileTest&) = delete;
  KeyFileTest& operator=(const KeyFileTest&) = delete;

  /// Replaces the file as a rotation does.
  void write(const std::string& text, fs::perms perms = fs::perms::owner_read | fs::perms::owner_write) const {
    const std::string draft = path() + ".draft";
    std::ofstream(draft) << text;
    fs::permissions(draft, perms);
    fs::rename(draft, path());
  }
  void write_keys(std::initializer_list<std::string> keys) const {
    std::string json = R"({"keys":[)";
    for (const std::string& key : keys) json += (json.back() == '[' ? "" : ",") + key;
    write(json + "]}");
  }

  [[nodiscard]] std::string path() const { return folder_ / "keys.json"; }

  [[nodiscard]] std::shared_ptr<KeyFile> open(Timestamp now = kNow) {
    return std::make_shared<KeyFile>(path(), Keyring(before), kLifetime, now,
                                     [this](Timestamp, std::string_view reason) { reports.emplace_back(reason); });
  }

  [[nodiscard]] std::string refused() {
    try {
      static_cast<void>(open());
    } catch (const Error& error) {
      return error.cause();
    }
    return "accepted";
  }

  const SigningKey before = SigningKey::generate(Algorithm::kHs256, "");
  const SigningKey one = SigningKey::generate(Algorithm::kEdDsa, "one");
  const SigningKey two = SigningKey::generate(Algorithm::kEdDsa, "two");
  std::vector<std::string> reports;

 private:
  fs::path folder_ = fs::temp_directory_path() / ("apiwright_key_file_test_" + std::to_string(::getpid()));
};

/// A key's JWK with a date.
std::string jwk(const SigningKey& key, const std::string& member = "", Timestamp date = {}) {
  std::string text(key.to_jwk().reveal());
  if (member.empty()) return text;
  text.pop_back();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date).time_since_epoch().count();
  return text + ",\"" + member + "\":" + std::to_string(seconds) + "}";
}

std::string kids(KeyFile& file, Timestamp now) {
  std::string found;
  const Keyring ring = file.ring(now);
  for (const VerifyingKey& key : ring.keys()) found += (key.kid().empty() ? "-" : key.kid()) + " ";
  return found;
}

TEST_F(KeyFileTest, TheFirstKeySignsAndTheOthersVerify) {
  write_keys({jwk(one), jwk(two)});
  const auto file = open();
  EXPECT_EQ(kids(*file, kNow), "one two ");
  EXPECT_EQ(file->ring(kNow).active().kid(), "one");
  EXPECT_EQ(file->ring_id(kNow), file->ring(kNow).id());
}

TEST_F(KeyFileTest, WhileThereIsNoFileTheKeyFromBeforeSigns) {
  const auto file = open();
  EXPECT_EQ(kids(*file, kNow), "- ");
  write_keys({jwk(one, "active_from", kNow + 3s), jwk(before, "retired_at", kNow + 3s)});
  EXPECT_EQ(kids(*file, kNow + 1s), "- one ");
  EXPECT_EQ(kids(*file, kNow + 3s), "one - ");
  EXPECT_TRUE(reports.empty());
}

TEST_F(KeyFileTest, ANewKeyVerifiesBeforeItSigns) {
  write_keys({jwk(one)});
  const auto file = open();
  write_keys({jwk(two, "active_from", kNow + 2s), jwk(one, "retired_at", kNow + 2s)});
  EXPECT_EQ(kids(*file, kNow + 999ms), "one ");
  EXPECT_EQ(kids(*file, kNow + 1s), "one two ");
  EXPECT_EQ(kids(*file, kNow + 1999ms), "one two ");
  EXPECT_EQ(kids(*file, kNow + 2s), "two one ");
}

TEST_F(KeyFileTest, ARetiredKeyVerifiesForOneLifetime) {
  write_keys({jwk(two), jwk(one, "retired_at", kNow)});
  const auto file = open();
  EXPECT_EQ(kids(*file, kNow + kLifetime - 1s), "two one ");
  EXPECT_EQ(kids(*file, kNow + kLifetime), "two ");
}

TEST_F(KeyFileTest, TheFileIsLookedAtOnceASecond) {
  write_keys({jwk(one)});
  const auto file = open();
  write_keys({jwk(two)});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(kids(*file, kNow + std::chrono::milliseconds(i)), "one ");
  EXPECT_EQ(kids(*file, kNow + 1s), "two ");
}

TEST_F(KeyFileTest, AClockSetBackDoesNotEndTheLooking) {
  write_keys({jwk(one)});
  const auto file = open();
  write_keys({jwk(two)});
  EXPECT_EQ(kids(*file, kNow - 1h), "two ");
}

TEST_F(KeyFileTest, ABrokenFileKeepsTheLastGoodKeysAndIsReportedOnce) {
  write_keys({jwk(one)});
  const auto file = open();
  write("{\"keys\":[");
  for (int i = 1; i < 5; ++i) EXPECT_EQ(kids(*file, kNow + std::chrono::seconds(i)), "one ");
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].find("The file of token keys cannot be used, the last good keys remain: "), 0U) << reports[0];
  write_keys({jwk(two)});
  EXPECT_EQ(kids(*file, kNow + 6s), "two ");
  EXPECT_EQ(reports.size(), 1U);
}

TEST_F(KeyFileTest, AVanishedFileKeepsTheLastGoodKeysAndIsReportedOnce) {
  write_keys({jwk(one)});
  const auto file = open();
  fs::remove(path());
  for (int i = 1; i < 5; ++i) EXPECT_EQ(kids(*file, kNow + std::chrono::seconds(i)), "one ");
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_NE(reports[0].find("it is gone"), std::string::npos);
  write_keys({jwk(two)});
  EXPECT_EQ(kids(*file, kNow + 6s), "two ");
}

TEST_F(KeyFileTest, AFileThatOthersCanReadIsRefusedUntilItIsPrivate) {
  write_keys({jwk(one)});
  const auto file = open();
  write(R"({"keys":[)" + jwk(two) + "]}", fs::perms::owner_read | fs::perms::group_read);
  EXPECT_EQ(kids(*file, kNow + 1s), "one ");
  EXPECT_EQ(refused(), "it is open to other users of this machine: chmod 600");
  fs::permissions(path(), fs::perms::owner_read);
  EXPECT_EQ(kids(*file, kNow + 2s), "two ");
}

TEST_F(KeyFileTest, WhatIsNoKeySetIsRefusedAtTheStart) {
  fs::create_directory(path());
  EXPECT_EQ(refused(), "it is not a file");
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(refused(), "it is not a file");
  fs::remove(path());
  write(std::string(KeyFile::kMaxBytes + 1, ' '));
  EXPECT_EQ(refused(), "it has more than 64 KiB");
  write_keys({});
  EXPECT_EQ(refused(), "keys: Must not be empty.");
  write_keys({one.public_jwk()});
  EXPECT_EQ(refused(), "keys[0].d: Is required.");
}

TEST(KeySet, IsReadWithItsDates) {
  const SigningKey key = SigningKey::generate(Algorithm::kHs256, "h");
  const auto keys = read_key_set(R"({"keys":[)" + jwk(key, "active_from", kNow) + "]}");
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].key.kid(), "h");
  EXPECT_EQ(keys[0].active_from, kNow);
  EXPECT_FALSE(keys[0].retired_at);
}

TEST(KeySet, WhatIsWrongIsNamed) {
  const std::string key = jwk(SigningKey::generate(Algorithm::kHs256, "h"));
  const auto refused = [](const std::string& json) { return refusal_of([&] { return read_key_set(json); }); };
  EXPECT_EQ(refused("{}"), "VALIDATION_ERROR keys type");
  EXPECT_EQ(refused(R"({"keys":[1]})"), "VALIDATION_ERROR keys[0] type");
  EXPECT_EQ(refused(R"({"keys":[)" + key + "," + key + "]}"), "VALIDATION_ERROR keys[1].kid duplicate");
  EXPECT_EQ(refused(R"({"keys":[{"kty":"RSA"}]})"), "VALIDATION_ERROR keys[0].kty enum");
  std::string dated = key;
  dated.insert(dated.size() - 1, R"(,"retired_at":"now")");
  EXPECT_EQ(refused(R"({"keys":[)" + dated + "]}"), "VALIDATION_ERROR keys[0].retired_at format");
}

const Uuid kSubject = Uuid::parse("01941f29-7c00-7000-8000-000000000001").value();

TEST_F(KeyFileTest, AccessTokensOutliveARotationAndNoProcessRefusesOne) {
  const AccessTokens here(open(), {.lifetime = kLifetime});
  const AccessTokens there(open(), {.lifetime = kLifetime});
  const std::string old = here.issue(kSubject, kSubject, kNow);
  write_keys({jwk(one, "active_from", kNow + 2s), jwk(before, "retired_at", kNow + 2s)});
  for (auto at = kNow; at < kNow + 5s; at += 100ms) {
    EXPECT_NO_THROW(static_cast<void>(there.verify(here.issue(kSubject, kSubject, at), at)));
    EXPECT_NO_THROW(static_cast<void>(there.verify(old, at)));
  }
  const std::string later = here.issue(kSubject, kSubject, kNow + 5s);
  EXPECT_NE(later.substr(0, later.find('.')), old.substr(0, old.find('.')));
}

TEST_F(KeyFileTest, ARememberedTokenIsForgottenWithItsKey) {
  write_keys({jwk(two), jwk(one)});
  const AccessTokens tokens(open(), {.lifetime = kLifetime});
  const AccessTokens others(std::make_shared<FixedKeys>(Keyring(one)), {.lifetime = kLifetime});
  const std::string token = others.issue(kSubject, kSubject, kNow);
  EXPECT_NO_THROW(static_cast<void>(tokens.verify(token, kNow)));
  EXPECT_NO_THROW(static_cast<void>(tokens.verify(token, kNow)));
  write_keys({jwk(two)});
  EXPECT_EQ(refusal_of([&] { return tokens.verify(token, kNow + 1s); }), kUnauthorizedText);
}

TEST_F(KeyFileTest, ManyThreadsMayAskDuringRotations) {
  write_keys({jwk(one), jwk(two)});
  const AccessTokens tokens(open(), {.lifetime = kLifetime});
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 40; ++round) {
        const Timestamp now = kNow + std::chrono::seconds(round);
        EXPECT_NO_THROW(static_cast<void>(tokens.verify(tokens.issue(kSubject, kSubject, now), now)));
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    write_keys(round % 2 == 0 ? std::initializer_list<std::string>{jwk(two), jwk(one)}
                              : std::initializer_list<std::string>{jwk(one), jwk(two)});
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
}  // namespace apiwright::tokens
