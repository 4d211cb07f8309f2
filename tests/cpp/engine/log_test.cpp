#include "apiwright/engine/log.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "apiwright/base/text.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using support::kStart;
using std::string_literals::operator""s;

// Line breaks, a terminal's escape, NUL, DEL, C1 controls as bytes and as UTF-8, bad UTF-8, quotes.
const std::string kHostile = "a\nb\r\x1b[2J\0\x7f\x9b\xc2\x9b\xff\xe2\x80\xae\"\\"s;

RequestLine line() {
  return {.time = kStart,
          .request_id = "id-1",
          .method = "GET",
          .path = "/api/v1/users",
          .client = "192.0.2.1",
          .user = "",
          .status = 200,
          .bytes = 17,
          .microseconds = 1234};
}

// One line, and in it nothing that a terminal obeys.
void expect_tame(const std::string& text) {
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(text.find('\n'), text.size() - 1);
  const auto end = text.end() - 1;
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7f'; };
  EXPECT_TRUE(std::none_of(text.begin(), end, is_control)) << text;
  EXPECT_TRUE(is_utf8(text)) << text;
  for (std::size_t at = text.find('\xc2'); at != std::string::npos; at = text.find('\xc2', at + 1)) {
    EXPECT_GE(static_cast<unsigned char>(text.at(at + 1)), 0xa0U) << "a C1 control: " << text;
  }
}

TEST(Log, a_request_is_one_json_object_with_these_members) {
  EXPECT_EQ(Log({.json = true}).format(line()),
            "{\"time\":\"2026-01-01T00:00:00.000Z\",\"level\":\"info\",\"logger\":\"apiwright.request\","
            "\"message\":\"request\",\"requestId\":\"id-1\",\"method\":\"GET\",\"path\":\"/api/v1/users\","
            "\"status\":200,\"bytes\":17,\"durationMs\":1.234,\"client\":\"192.0.2.1\"}\n");
  auto by_user = line();
  by_user.user = "0198c0de-0000-7000-8000-000000000001";
  EXPECT_EQ(nlohmann::json::parse(Log({.json = true}).format(by_user)).at("user"), by_user.user);
}

TEST(Log, the_console_form_is_for_eyes) {
  EXPECT_EQ(Log({.json = false}).format(line()), "00:00:00.000 200 GET /api/v1/users 1.234 ms\n");
}

TEST(Log, nothing_a_client_sends_breaks_the_line_or_steers_a_terminal) {
  auto hostile = line();
  hostile.method = kHostile;
  hostile.path = kHostile;
  hostile.client = kHostile;
  for (const bool json : {true, false}) {
    const auto text = Log({.json = json}).format(hostile);
    expect_tame(text);
    if (!json) continue;
    EXPECT_EQ(nlohmann::json::parse(text).at("status"), 200);
  }
}

TEST(Log, a_failure_names_its_cause_and_request) {
  const auto parsed = nlohmann::json::parse(Log({.json = true}).format_failure(kStart, "id-1", "disk \"full\""));
  EXPECT_EQ(parsed.at("level"), "error");
  EXPECT_EQ(parsed.at("message"), "disk \"full\"");
  EXPECT_EQ(parsed.at("requestId"), "id-1");
  EXPECT_EQ(Log({.json = false}).format_failure(kStart, "id-1", "disk full"),
            "00:00:00.000 error disk full (request id-1)\n");
}

TEST(Log, no_cause_of_a_failure_breaks_the_line_or_steers_a_terminal) {
  for (const bool json : {true, false}) {
    const Log log({.json = json});
    expect_tame(log.format_failure(kStart, "id-1", kHostile));
    expect_tame(log.format_failure(kStart, "id-1",
                                   "a\nb\x1b[2J\x7f\xc2\x9b"
                                   "31m \xc3\xa9"));
  }
}

TEST(Log, requests_can_be_left_out_and_failures_cannot) {
  const data::TemporaryFolder folder;
  const support::LogFile file(folder);
  const Log log({.json = true, .requests = false, .descriptor = file.descriptor()});
  log.request(line());
  EXPECT_EQ(file.text(), "");
  log.failure(kStart, "id-1", "cause");
  EXPECT_EQ(file.text(), log.format_failure(kStart, "id-1", "cause"));
}

TEST(Log, a_descriptor_nobody_reads_is_no_error) {
  const Log log({.descriptor = -1});
  log.request(line());
  log.failure(kStart, "id-1", "cause");
}

TEST(Log, lines_of_many_threads_stay_whole) {
  const data::TemporaryFolder folder;
  const support::LogFile file(folder);
  const Log log({.descriptor = file.descriptor()});
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&] {
      for (int count = 0; count < 100; ++count) log.request(line());
    });
  }
  for (auto& thread : threads) thread.join();
  std::string expected;
  for (int count = 0; count < 400; ++count) expected += log.format(line());
  EXPECT_EQ(file.text(), expected);
}

}  // namespace
}  // namespace apiwright::engine
