#include <benchmark/benchmark.h>

#include "apiwright/passwords/hasher.hpp"

namespace apiwright::bench {
namespace {

using passwords::Hasher;

// RFC 9106's names: m KiB of memory, t passes, p lanes. What is measured are the hasher's defaults.
void argon2id_m19456_t2_p1_hash(benchmark::State& state) {
  const Hasher hasher;
  for (auto _ : state) benchmark::DoNotOptimize(hasher.hash("correct horse battery staple"));
}
BENCHMARK(argon2id_m19456_t2_p1_hash)->Unit(benchmark::kMillisecond);

void argon2id_m19456_t2_p1_verify(benchmark::State& state) {
  const Hasher hasher;
  const auto phc = hasher.hash("correct horse battery staple");
  for (auto _ : state) hasher.verify("correct horse battery staple", phc);
}
BENCHMARK(argon2id_m19456_t2_p1_verify)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace apiwright::bench
