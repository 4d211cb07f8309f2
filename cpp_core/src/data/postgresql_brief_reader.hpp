#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "apiwright/data/runner.hpp"
#include "apiwright/tasks/executor.hpp"
#include "data/postgresql_connection.hpp"

namespace apiwright::data {

/// The thread of Reading::kBrief. Works that waited while others were answered form a group, on one session: each is
/// run up to the first statement that has no answer, all of those are sent in one round trip, and so on until the last
/// is over. A read that is lost with its session is begun anew, once. submit is thread-safe; stop is called once, by
/// one thread.
class PostgresqlBriefReader {
 public:
  static constexpr std::size_t kGroupLimit = 64;     ///< works
  static constexpr std::size_t kQuestionLimit = 64;  ///< of one work; past it Error(kInternal)

  PostgresqlBriefReader(std::string conninfo, const PostgresqlLimits& limits, tasks::ExecutorOptions options);

  /// Throws Error(kUnavailable) with retry_after, `work` untold, when the queue is full.
  void submit(Work work);
  void stop(std::chrono::milliseconds grace);

 private:
  struct Member {
    std::shared_ptr<const Work> work;
    PostgresqlQuestions questions{};
    std::exception_ptr failure = nullptr;
    bool over = false;
  };

  void join_group(std::shared_ptr<const Work> work);
  void perform_group() noexcept;
  void answer_group();
  [[nodiscard]] std::vector<PostgresqlQuestion*> run_members();
  void run(Member& member);
  void forget_answers();
  void tell_group() noexcept;
  PostgresqlConnection& connection();

  std::string conninfo_;
  PostgresqlLimits limits_;
  std::unique_ptr<PostgresqlConnection> connection_;  // the executor's thread's, as is
  std::vector<Member> group_;
  tasks::Executor executor_;
};

}  // namespace apiwright::data
