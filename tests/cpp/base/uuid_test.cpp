#include "apiwright/base/uuid.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "hex.hpp"

namespace apiwright {
namespace {

using std::chrono::milliseconds;
using std::string_literals::operator""s;
using testing::to_hex;

// Generation remembers the latest time it was given in this process, so each test takes times later than all before.
Timestamp later_than_all_before() {
  static Timestamp time{milliseconds(1'700'000'000'000)};
  return time += std::chrono::hours(1);
}

milliseconds time_of(const Uuid& id) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 6; ++i) value = value << 8 | id.bytes[i];
  return milliseconds(value);
}

// RFC 9562, appendix A.6.
TEST(Uuid, ReadsAndWritesTheExampleOfRfc9562) {
  const std::string text = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  const auto id = Uuid::parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F");
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(to_hex(id->bytes), "017f22e279b07cc398c4dc0c0c07398f");
  EXPECT_EQ(id->to_string(), text);
  EXPECT_EQ(time_of(*id), milliseconds(0x017F22E279B0));
  std::string out = "id ";
  id->append_to(out);
  EXPECT_EQ(out, "id " + text);
}

TEST(Uuid, ReadsThe36CharacterFormAlone) {
  EXPECT_TRUE(Uuid::parse("00000000-0000-0000-0000-000000000000").has_value());
  EXPECT_TRUE(Uuid::parse("ffffffff-FFFF-ffff-FFFF-ffffffffffff").has_value());
  for (const std::string& text :
       {""s, "017f22e279b07cc398c4dc0c0c07398f"s, "{017f22e2-79b0-7cc3-98c4-dc0c0c07398f}"s,
        "urn:uuid:017f22e2-79b0-7cc3-98c4-dc0c0c07398f"s, "017f22e2-79b0-7cc3-98c4-dc0c0c07398"s,
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0"s, "017f22e2-79b0-7cc3-98c4-dc0c0c07398g"s,
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398\0"s, "017f22e2 79b0-7cc3-98c4-dc0c0c07398f"s,
        "017f22e279-b0-7cc3-98c4-dc0c0c07398f"s, "-017f22e279b0-7cc3-98c4-dc0c0c07398f"s,
        "017f22e2-79b0-7cc3-98c4-dc0c0c0739 f"s, "017f22e2-79b0-7cc3-98c4-dc0c0c0739+f"s}) {
    EXPECT_EQ(Uuid::parse(text), std::nullopt) << text;
  }
}

TEST(Uuid, GeneratedOnesAreOfVersion7AndHoldTheTime) {
  const Timestamp now = later_than_all_before();
  const Uuid id = Uuid::generate(now);
  EXPECT_EQ(id.bytes[6] >> 4, 7);
  EXPECT_EQ(id.bytes[8] >> 6, 2);
  EXPECT_EQ(time_of(id), now.time_since_epoch());
  EXPECT_EQ(Uuid::parse(id.to_string()), id);
}

// 20 000 within one millisecond use the counter up several times.
TEST(Uuid, IdsOfOneProcessSortInTheOrderTheyWereMade) {
  const Timestamp now = later_than_all_before();
  Uuid last = Uuid::generate(now);
  std::string last_text = last.to_string();
  for (int i = 0; i < 20'000; ++i) {
    const Uuid next = Uuid::generate(now);
    ASSERT_LT(last, next);
    ASSERT_LT(last_text, next.to_string());
    last = next;
    last_text = next.to_string();
  }
  EXPECT_GT(time_of(last), now.time_since_epoch());
  EXPECT_LT(time_of(last), now.time_since_epoch() + milliseconds(11));
}

TEST(Uuid, IdsSortWhenTheClockIsSetBack) {
  const Timestamp now = later_than_all_before();
  const Uuid before = Uuid::generate(now);
  const Uuid after = Uuid::generate(now - std::chrono::hours(24));
  EXPECT_LT(before, after);
  EXPECT_EQ(time_of(after), now.time_since_epoch());
  EXPECT_LT(after, Uuid::generate(Timestamp{milliseconds(-1)}));
}

TEST(Uuid, ThreadsGetDifferentIdsInOrder) {
  const Timestamp now = later_than_all_before();
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine, now] {
      for (int i = 0; i < 2'000; ++i) mine.push_back(Uuid::generate(now));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& mine : made) {
    EXPECT_TRUE(std::is_sorted(mine.begin(), mine.end()));
    all.insert(mine.begin(), mine.end());
  }
  EXPECT_EQ(all.size(), 8'000U);
}

TEST(Uuid, TheTailIsRandom) {
  const Timestamp now = later_than_all_before();
  std::set<std::string> tails;
  for (int i = 0; i < 1'000; ++i) tails.insert(to_hex(Uuid::generate(now).bytes).substr(16));
  EXPECT_EQ(tails.size(), 1'000U);
}

}  // namespace
}  // namespace apiwright
