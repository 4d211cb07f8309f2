// Transactions, on the benchmark's own connection and through the database's threads.

#include <benchmark/benchmark.h>

#include "database.hpp"

namespace apiwright::bench {
namespace {

using data::Connection;
using data::Transaction;

void read_transaction_begin_rollback(benchmark::State& state) {
  auto& connection = SeededDatabase::in_memory().connection();
  for (auto _ : state) {
    connection.begin_read();
    connection.rollback();
  }
}
BENCHMARK(read_transaction_begin_rollback);

void write_transaction_begin_rollback(benchmark::State& state) {
  auto& connection = SeededDatabase::in_memory().connection();
  for (auto _ : state) const Transaction transaction(connection);
}
BENCHMARK(write_transaction_begin_rollback);

// To a reader thread and back: two queues, two wake-ups, an empty snapshot.
void read_through_the_threads(benchmark::State& state) {
  auto& database = SeededDatabase::in_memory().database();
  for (auto _ : state) database.read([](Connection&) {});
}
BENCHMARK(read_through_the_threads)->UseRealTime();

void insert_committed(benchmark::State& state, SeededDatabase& (*where)()) {
  auto& seeded = where();
  for (auto _ : state) {
    Transaction transaction(seeded.connection());
    benchmark::DoNotOptimize(
        seeded.users().rows().insert(seeded.connection(), user_record(seeded.new_number()), kStart));
    transaction.commit();
  }
}
// Real time: waiting for the disk is not CPU. Both sync each commit (synchronous=FULL).
BENCHMARK_CAPTURE(insert_committed, in_memory, &SeededDatabase::in_memory)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(insert_committed, on_disk, &SeededDatabase::on_disk)->Unit(benchmark::kMicrosecond)->UseRealTime();

// As a request does it: to the writer's thread and back.
void insert_through_the_threads(benchmark::State& state, SeededDatabase& (*where)()) {
  auto& seeded = where();
  for (auto _ : state) {
    seeded.database().write([&](Connection& connection) {
      benchmark::DoNotOptimize(seeded.users().rows().insert(connection, user_record(seeded.new_number()), kStart));
    });
  }
}
BENCHMARK_CAPTURE(insert_through_the_threads, in_memory, &SeededDatabase::in_memory)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(insert_through_the_threads, on_disk, &SeededDatabase::on_disk)
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

void insert_rolled_back(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  for (auto _ : state) {
    const Transaction transaction(seeded.connection());
    benchmark::DoNotOptimize(
        seeded.users().rows().insert(seeded.connection(), user_record(seeded.new_number()), kStart));
  }
}
BENCHMARK(insert_rolled_back)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace apiwright::bench
