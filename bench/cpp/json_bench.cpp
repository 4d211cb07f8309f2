#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "apiwright/json/reader.hpp"

namespace apiwright::bench {
namespace {

constexpr std::string_view kBody = R"({"email":"user1234@example.com","name":"User Number 1234","status":"active"})";
constexpr std::string_view kEscapedBody =
    R"({"email":"user1234@example.com","name":"User \u00c9 \"1234\"","status":"active"})";

/// Counts, so that what is measured is the reader.
class Counter final : public json::Handler {
 public:
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  void null() override { ++count_; }
  void boolean(bool /*value*/) override { ++count_; }
  void integer(std::int64_t /*value*/) override { ++count_; }
  void number(std::string_view text) override { count_ += text.size(); }
  void string(std::string_view value) override { count_ += value.size(); }
  void start_object() override { ++count_; }
  void key(std::string_view name) override { count_ += name.size(); }
  void end_object() override { ++count_; }
  void start_array() override { ++count_; }
  void end_array() override { ++count_; }

 private:
  std::size_t count_ = 0;
};

void read_all(benchmark::State& state, std::string_view document) {
  for (auto _ : state) {
    Counter counter;
    json::read(document, counter);
    benchmark::DoNotOptimize(counter.count());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(document.size()));
}

void json_read_body(benchmark::State& state) { read_all(state, kBody); }
BENCHMARK(json_read_body);

void json_read_body_with_escapes(benchmark::State& state) { read_all(state, kEscapedBody); }
BENCHMARK(json_read_body_with_escapes);

// 1000 rows of what lists hold: numbers, short texts, one in five of them not ASCII.
void json_read_rows(benchmark::State& state) {
  std::string rows = "[";
  for (int i = 0; i < 1000; ++i) {
    if (i > 0) rows += ',';
    rows += R"({"id":)" + std::to_string(i) + R"(,"title":"Order )" + std::to_string(i);
    rows += i % 5 == 0 ? R"( für Zoë – ещё","total":)" : R"(","total":)";
    rows += std::to_string(i) + R"(.50,"paid":true,"notes":["first","second one"]})";
  }
  rows += ']';
  read_all(state, rows);
}
BENCHMARK(json_read_rows);

}  // namespace
}  // namespace apiwright::bench
