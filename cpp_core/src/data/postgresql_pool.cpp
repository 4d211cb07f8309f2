#include "data/postgresql_pool.hpp"

#include <utility>

namespace apiwright::data {

PostgresqlPool::PostgresqlPool(std::string conninfo, const PostgresqlLimits& limits, tasks::ExecutorOptions threads)
    : conninfo_(std::move(conninfo)), limits_(limits), executor_(std::move(threads)) {}

void PostgresqlPool::submit(Use use, Refuse refuse) {
  const auto told = std::make_shared<const Refuse>(std::move(refuse));
  executor_.submit({.run = [this, use = std::move(use), told] { perform(use, *told); },
                    .refuse = [told](const std::exception_ptr& reason) { (*told)(reason); }});
}

void PostgresqlPool::perform(const Use& use, const Refuse& refuse) noexcept {
  std::unique_ptr<PostgresqlConnection> connection;
  try {
    connection = take();
  } catch (...) {
    return refuse(std::current_exception());
  }
  use(*connection);
  give_back(std::move(connection));
}

std::unique_ptr<PostgresqlConnection> PostgresqlPool::take() {
  while (auto connection = take_idle()) {
    if (connection->is_alive()) return connection;
  }
  return std::make_unique<PostgresqlConnection>(conninfo_, limits_);
}

std::unique_ptr<PostgresqlConnection> PostgresqlPool::take_idle() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return nullptr;
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void PostgresqlPool::give_back(std::unique_ptr<PostgresqlConnection> connection) {
  if (connection->broken()) return;
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(connection));
}

void PostgresqlPool::stop(std::chrono::milliseconds grace) {
  executor_.stop(grace);
  idle_.clear();
}

}  // namespace apiwright::data
