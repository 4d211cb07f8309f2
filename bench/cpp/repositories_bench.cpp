// Reads of 10,000 users, 8,000 of them active, on the benchmark's own connection: no other thread is asked.

#include <benchmark/benchmark.h>

#include <string>

#include "apiwright/engine/query_string.hpp"
#include "apiwright/json/writer.hpp"
#include "database.hpp"

namespace apiwright::bench {
namespace {

using access::Predicate;
using repositories::ListQuery;
using repositories::Row;

/// status=active, newest first, page 3 of 20
ListQuery page_query() {
  const auto schema = repositories::users_schema();
  ListQuery query;
  query.page = 3;
  query.sort = {{schema->index_of("created_at"), true}};
  query.filters = {{schema->index_of("status"), std::string("active")}};
  return query;
}

void authenticate(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  for (auto _ : state) {
    benchmark::DoNotOptimize(seeded.sessions().authenticate(seeded.connection(), seeded.next_claims(), kStart));
  }
}
BENCHMARK(authenticate);

// Of two roles that grant two permissions each.
void authenticate_with_roles(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  const auto claims = seeded.claims_of_an_editor();
  for (auto _ : state) {
    benchmark::DoNotOptimize(seeded.sessions().authenticate(seeded.connection(), claims, kStart));
  }
}
BENCHMARK(authenticate_with_roles);

// With the JSON of its answer, straight from the columns.
void get_by_id(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  std::string json;
  for (auto _ : state) {
    json.clear();
    seeded.users().rows().get(seeded.connection(), seeded.next_id(), Predicate::always(), [&](const Row& row) {
      json::Writer writer(json);
      row.write(writer);
    });
    benchmark::DoNotOptimize(json);
  }
}
BENCHMARK(get_by_id);

// The row is read once: this is its JSON alone.
void user_row_to_json(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  std::string json;
  seeded.users().rows().get(seeded.connection(), seeded.next_id(), Predicate::always(), [&](const Row& row) {
    for (auto _ : state) {
      json.clear();
      json::Writer writer(json);
      row.write(writer);
      benchmark::DoNotOptimize(json);
    }
  });
}
BENCHMARK(user_row_to_json);

void user_record_to_json(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  const auto record = seeded.users().rows().find(seeded.connection(), seeded.next_id(), Predicate::always());
  std::string json;
  for (auto _ : state) {
    json.clear();
    json::Writer writer(json);
    repositories::write_record(writer, record.value());
    benchmark::DoNotOptimize(json);
  }
}
BENCHMARK(user_record_to_json);

void count_8000_active(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  const auto query = page_query();
  for (auto _ : state) {
    benchmark::DoNotOptimize(seeded.users().rows().count(seeded.connection(), query, Predicate::always()));
  }
}
BENCHMARK(count_8000_active)->Unit(benchmark::kMicrosecond);

// Page and count, with the JSON.
void list_20_of_8000_with_count(benchmark::State& state) {
  auto& seeded = SeededDatabase::in_memory();
  const auto query = page_query();
  std::string json;
  for (auto _ : state) {
    json.clear();
    json::Writer writer(json);
    writer.begin_array();
    benchmark::DoNotOptimize(seeded.users().rows().list(seeded.connection(), query, Predicate::always(),
                                                        [&](const Row& row) { row.write(writer); }));
    writer.end_array();
  }
}
BENCHMARK(list_20_of_8000_with_count)->Unit(benchmark::kMicrosecond);

void list_query_parse(benchmark::State& state) {
  const auto schema = repositories::users_schema();
  for (auto _ : state) {
    benchmark::DoNotOptimize(engine::parse_list_query(*schema, "status=active&sort=-createdAt&page=3&limit=20", {}));
  }
}
BENCHMARK(list_query_parse);

}  // namespace
}  // namespace apiwright::bench
