// Several processes on one file: what was answered survives a killed one, and migrations run once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "apiwright/data/migrations.hpp"
#include "data/group_fixture.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

/// A pipe for whole integers.
class Pipe {
 public:
  Pipe() {
    if (::pipe(ends_.data()) != 0) throw std::runtime_error("pipe");
  }
  ~Pipe() {
    ::close(ends_[0]);
    if (ends_[1] >= 0) ::close(ends_[1]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void send(int value) const { static_cast<void>(!::write(ends_[1], &value, sizeof value)); }
  void close_sending() { ::close(std::exchange(ends_[1], -1)); }
  [[nodiscard]] int receive() const {
    int value = -1;
    return ::read(ends_[0], &value, sizeof value) == sizeof value ? value : -1;
  }

 private:
  std::array<int, 2> ends_{};
};

/// Runs `work` in a child that ends without destructors, like a killed one.
template <typename Work>
pid_t in_child(Work work) {
  std::fflush(nullptr);  // else the child would print what is buffered once more
  const auto child = ::fork();
  if (child != 0) return child;
  int status = 1;
  try {
    work();
    status = 0;
  } catch (...) {
    status = 2;
  }
  ::_exit(status);
}

TEST(DurabilityTest, WhatWasAnsweredSurvivesAKilledProcess) {
  const TemporaryFolder folder;
  const Pipe answers;
  const auto database = Database::open(folder.url());  // made before the fork, as a server's parent would
  const auto child = in_child([&] {
    database->write([](Connection& connection) { connection.execute_script("CREATE TABLE notes (id INTEGER)"); });
    for (int i = 1;; ++i) {
      database->write([i](Connection& connection) {
        const auto row = connection.prepare("INSERT INTO notes VALUES (?)");
        row->bind(1, i);
        row->step();
      });
      answers.send(i);
    }
  });
  int answered = 0;
  while (answered < 40) answered = answers.receive();
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  database->read([&](Connection& connection) {
    EXPECT_EQ(text_of(connection, "PRAGMA integrity_check"), "ok");
    const auto stored = integer_of(connection, "SELECT count(*) FROM notes");
    EXPECT_GE(stored, answered);
    EXPECT_EQ(integer_of(connection, "SELECT max(id) FROM notes"), stored);
  });
}

/// Writes ids 1, 2, … from many threads at once, for ever, and sends each one that was answered.
void write_from_many_threads(Database& database, const Pipe& answers) {
  std::atomic<int> next = 1;
  const auto write = [&] {
    while (true) {
      const int id = next++;
      database.write([id](Connection& connection) {
        const auto row = connection.prepare("INSERT INTO notes VALUES (?)");
        row->bind(1, id);
        row->step();
      });
      answers.send(id);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) threads.emplace_back(write);
  for (auto& thread : threads) thread.join();
}

TEST(DurabilityTest, WhatWasAnsweredOutOfGroupsSurvivesAKilledProcess) {
  const TemporaryFolder folder;
  Pipe answers;
  const auto child = in_child([&] {
    const auto database = Database::open(folder.url());
    database->write([](Connection& connection) { connection.execute_script("CREATE TABLE notes (id INTEGER)"); });
    write_from_many_threads(*database, answers);
  });
  answers.close_sending();
  std::set<int> answered;
  while (answered.size() < 300) answered.insert(answers.receive());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  for (int id = answers.receive(); id != -1; id = answers.receive()) answered.insert(id);
  EXPECT_LT(commits_in_log(folder), static_cast<int>(answered.size())) << "no groups were formed";
  Database::open(folder.url())->read([&](Connection& connection) {
    EXPECT_EQ(text_of(connection, "PRAGMA integrity_check"), "ok");
    const auto stored = connection.prepare("SELECT id FROM notes");
    while (stored->step()) answered.erase(static_cast<int>(stored->integer(0)));
  });
  EXPECT_THAT(answered, testing::IsEmpty()) << "answered, and not stored";
}

TEST(DurabilityTest, TwoProcessesThatMigrateAtOnceApplyEachOnce) {
  const TemporaryFolder folder;
  const Pipe applied;
  const Migrations migrations("apiwright", APIWRIGHT_MIGRATIONS_DIR "/sqlite");
  const auto migrate = [&] {
    const auto connection = Database::open(folder.url())->connect();
    applied.send(static_cast<int>(migrations.up(*connection, SystemClock()).size()));
  };
  const auto first = in_child(migrate);
  const auto second = in_child(migrate);
  for (const auto child : {first, second}) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
  }
  EXPECT_EQ(applied.receive() + applied.receive(), static_cast<int>(migrations.all().size()));
}

}  // namespace
}  // namespace apiwright::data
