#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <vector>

#include "apiwright/tokens/access_tokens.hpp"
#include "apiwright/tokens/refresh_tokens.hpp"
#include "database.hpp"

namespace apiwright::bench {
namespace {

void access_token_issue(benchmark::State& state) {
  const tokens::AccessTokens access(key_of(1), {});
  const auto user = Uuid::generate(kStart);
  const auto session = Uuid::generate(kStart);
  for (auto _ : state) benchmark::DoNotOptimize(access.issue(user, session, kStart));
}
BENCHMARK(access_token_issue);

// More tokens than are remembered: each is checked as if it had never been seen.
void access_token_verify(benchmark::State& state) {
  const tokens::AccessTokens access(key_of(1), {});
  std::vector<std::string> issued;
  for (int i = 0; i < 20'000; ++i) {
    issued.push_back(access.issue(Uuid::generate(kStart), Uuid::generate(kStart), kStart));
  }
  std::size_t next = 0;
  for (auto _ : state) benchmark::DoNotOptimize(access.verify(issued[next++ % issued.size()], kStart));
}
BENCHMARK(access_token_verify);

void access_token_verify_again(benchmark::State& state) {
  const tokens::AccessTokens access(key_of(1), {});
  const auto token = access.issue(Uuid::generate(kStart), Uuid::generate(kStart), kStart);
  for (auto _ : state) benchmark::DoNotOptimize(access.verify(token, kStart));
}
BENCHMARK(access_token_verify_again);

// What verifying cannot cost less than: the signature of a token's head and claims, by libsodium.
void access_token_floor_hmac(benchmark::State& state) {
  const tokens::AccessTokens access(key_of(1), {});
  const auto token = access.issue(Uuid::generate(kStart), Uuid::generate(kStart), kStart);
  const auto signed_part = std::string_view(token).substr(0, token.rfind('.'));
  const auto key = key_of(1);
  for (auto _ : state) benchmark::DoNotOptimize(hmac_sha256(signed_part, key.bytes()));
}
BENCHMARK(access_token_floor_hmac);

void refresh_token_decode_and_successor(benchmark::State& state) {
  const tokens::RefreshTokens refresh(key_of(2));
  const auto text = refresh.encode(refresh.first(Uuid::generate(kStart)));
  for (auto _ : state) benchmark::DoNotOptimize(refresh.encode(refresh.successor(refresh.decode(text))));
}
BENCHMARK(refresh_token_decode_and_successor);

}  // namespace
}  // namespace apiwright::bench
