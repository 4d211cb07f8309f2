#include "data/postgresql_brief_reader.hpp"

#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/tasks/completion_queue.hpp"

namespace apiwright::data {
namespace {

tasks::ExecutorOptions one_thread(tasks::ExecutorOptions options, std::function<void()> when_idle) {
  options.threads = 1;
  options.when_idle = std::move(when_idle);
  return options;
}

}  // namespace

PostgresqlBriefReader::PostgresqlBriefReader(std::string conninfo, const PostgresqlLimits& limits,
                                             tasks::ExecutorOptions options)
    : conninfo_(std::move(conninfo)),
      limits_(limits),
      executor_(one_thread(std::move(options), [this] { perform_group(); })) {
  group_.reserve(kGroupLimit);
}

void PostgresqlBriefReader::submit(Work work) {
  auto shared = std::make_shared<const Work>(std::move(work));
  executor_.submit({.run = [this, shared] { join_group(shared); },
                    .refuse = [shared](const std::exception_ptr& reason) { shared->done(reason); }});
}

void PostgresqlBriefReader::join_group(std::shared_ptr<const Work> work) {
  group_.push_back({.work = std::move(work)});
  if (group_.size() == kGroupLimit) perform_group();
}

void PostgresqlBriefReader::perform_group() noexcept {
  if (group_.empty()) return;
  try {
    answer_group();
  } catch (...) {
    for (Member& member : group_) {
      if (!member.over) member.failure = std::current_exception();
    }
  }
  if (connection_ && connection_->broken()) connection_.reset();
  tell_group();
}

void PostgresqlBriefReader::answer_group() {
  bool again = true;
  if (connection_ && !connection_->is_alive()) connection_.reset();
  for (auto questions = run_members(); !questions.empty(); questions = run_members()) {
    try {
      connection().answer(questions);
    } catch (const Error&) {
      if (!std::exchange(again, false)) throw;
      forget_answers();
    }
  }
}

std::vector<PostgresqlQuestion*> PostgresqlBriefReader::run_members() {
  std::vector<PostgresqlQuestion*> open;
  for (Member& member : group_) {
    if (!member.over) run(member);
    if (member.over) continue;
    for (auto& question : member.questions) {
      if (!question.answer) open.push_back(&question);
    }
  }
  return open;
}

void PostgresqlBriefReader::run(Member& member) {
  auto& session = connection();
  try {
    member.over = session.try_run(member.work->run, member.questions);
    // One that asks something else in each run would never end, and nobody's after it.
    if (member.questions.size() > kQuestionLimit) throw Error(ErrorCode::kInternal, "A read asks too much.");
  } catch (...) {
    member.failure = std::current_exception();
    member.over = true;
  }
}

// They name statements of the session that was lost.
void PostgresqlBriefReader::forget_answers() {
  if (connection_->broken()) connection_.reset();
  for (Member& member : group_) member.questions.clear();
}

void PostgresqlBriefReader::tell_group() noexcept {
  {
    const tasks::WakeUpOnce once;
    for (const Member& member : group_) member.work->done(member.failure);
  }
  group_.clear();
}

PostgresqlConnection& PostgresqlBriefReader::connection() {
  if (!connection_) connection_ = std::make_unique<PostgresqlConnection>(conninfo_, limits_);
  return *connection_;
}

void PostgresqlBriefReader::stop(std::chrono::milliseconds grace) {
  executor_.stop(grace);
  connection_.reset();
}

}  // namespace apiwright::data
