#include "data/postgresql_database.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"
#include "data/postgresql_location.hpp"
#include "data/snapshot.hpp"
#include "data/transaction_server.hpp"

namespace apiwright::data {
namespace {

using std::chrono::milliseconds;

PostgresqlLimits limits_of(const DatabaseOptions& options) {
  return {.statement = options.wait_limit, .lock = options.busy_timeout, .prepare = options.prepare};
}

PostgresqlLimits tool_limits_of(const DatabaseOptions& options) {
  return {.statement = milliseconds{0},
          .lock = options.busy_timeout,
          .idle_in_transaction = milliseconds{0},
          .prepare = options.prepare || !options.direct_url.empty()};
}

tasks::ExecutorOptions threads_of(const char* name, std::size_t count, const DatabaseOptions& options) {
  return {.name = name,
          .threads = std::max<std::size_t>(count, 1),
          .queue_limit = options.queue_limit,
          .wait_limit = options.wait_limit};
}

void read_with(PostgresqlConnection& connection, const Work& work) {
  if (work.reading != Reading::kOneMoment) return work.run(connection);
  const Snapshot snapshot(connection);
  work.run(connection);
}

void write_with(PostgresqlConnection& connection, const Work& work) {
  Transaction transaction(connection);
  work.run(connection);
  transaction.commit();
}

template <typename Run>
void submit_to(PostgresqlPool& pool, Work work, Run run) {
  const auto shared = std::make_shared<const Work>(std::move(work));
  pool.submit(
      [shared, run](PostgresqlConnection& connection) {
        std::exception_ptr failure;
        try {
          run(connection, *shared);
        } catch (...) {
          failure = std::current_exception();
        }
        shared->done(failure);
      },
      [shared](const std::exception_ptr& reason) { shared->done(reason); });
}

}  // namespace

PostgresqlDatabase::PostgresqlDatabase(std::string conninfo, const DatabaseOptions& options)
    : conninfo_(std::move(conninfo)),
      direct_conninfo_(options.direct_url.empty() ? conninfo_
                                                  : parse_postgresql_url(options.direct_url, "DATABASE_DIRECT_URL")),
      tool_limits_(tool_limits_of(options)),
      brief_reader_(conninfo_, limits_of(options), threads_of("aw-brief-reader", 1, options)),
      readers_(conninfo_, limits_of(options), threads_of("aw-reader", options.readers, options)),
      writers_(conninfo_, limits_of(options), threads_of("aw-writer", options.writers, options)) {}

PostgresqlDatabase::~PostgresqlDatabase() { PostgresqlDatabase::stop(milliseconds{0}); }

bool PostgresqlDatabase::try_read(const std::function<void(Connection&)>& /*run*/) {
  refuse_when_stopping();
  return false;
}

void PostgresqlDatabase::submit_read(Work work) {
  refuse_when_stopping();
  if (work.reading == Reading::kBrief) return brief_reader_.submit(std::move(work));
  submit_to(readers_, std::move(work), read_with);
}

void PostgresqlDatabase::submit_write(Work work) {
  refuse_when_stopping();
  submit_to(writers_, std::move(work), write_with);
}

void PostgresqlDatabase::submit_begin(milliseconds time_limit, Begun begun) {
  refuse_when_stopping();
  const auto steps = std::make_shared<TransactionSteps>(time_limit);
  const auto told = std::make_shared<const Begun>(std::move(begun));
  writers_.submit([this, steps, told](PostgresqlConnection& connection) { serve(connection, steps, *told); },
                  [told](const std::exception_ptr& reason) { (*told)(nullptr, reason); });
}

void PostgresqlDatabase::serve(PostgresqlConnection& connection, const Steps& steps, const Begun& begun) noexcept {
  try {
    add_open(steps);
    serve_steps(connection, *steps, [&] { begun(std::make_unique<InteractiveTransaction>(steps), nullptr); });
  } catch (...) {
    begun(nullptr, std::current_exception());
  }
  remove_open(steps);
}

void PostgresqlDatabase::add_open(const Steps& steps) {
  const std::lock_guard lock(open_mutex_);
  open_.push_back(steps);
  if (stopping_) steps->stop();
}

void PostgresqlDatabase::remove_open(const Steps& steps) noexcept {
  const std::lock_guard lock(open_mutex_);
  std::erase(open_, steps);
}

void PostgresqlDatabase::end_open() noexcept {
  const std::lock_guard lock(open_mutex_);
  for (const auto& steps : open_) steps->stop();
}

std::unique_ptr<Connection> PostgresqlDatabase::connect() {
  return std::make_unique<PostgresqlConnection>(direct_conninfo_, tool_limits_);
}

void PostgresqlDatabase::refuse_when_stopping() const {
  if (stopping_) throw Error::retry_later(ErrorCode::kUnavailable, "The server is stopping.", std::chrono::seconds{1});
}

void PostgresqlDatabase::stop(milliseconds grace) {
  stopping_ = true;
  std::call_once(stopped_, [&] {
    const auto deadline = std::chrono::steady_clock::now() + grace;
    const auto left = [deadline] {
      const auto time = std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
      return std::max(time, milliseconds{0});
    };
    end_open();
    brief_reader_.stop(left());
    readers_.stop(left());
    writers_.stop(left());
  });
}

}  // namespace apiwright::data
