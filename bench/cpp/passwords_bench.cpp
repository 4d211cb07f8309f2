#include <benchmark/benchmark.h>
#include <sodium.h>

#include <array>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/passwords/hasher.hpp"

namespace apiwright::bench {
namespace {

using passwords::Hasher;

// What libsodium takes when called as it is, with the same parameters.
void argon2id_m19456_t2_p1_libsodium(benchmark::State& state) {
  constexpr std::string_view kPassword = "correct horse battery staple";
  std::array<unsigned char, 32> hash{};
  const std::array<unsigned char, crypto_pwhash_SALTBYTES> salt{1};
  for (auto _ : state) {
    const int failed = crypto_pwhash(hash.data(), hash.size(), kPassword.data(), kPassword.size(), salt.data(), 2,
                                     std::size_t{19'456} * 1024, crypto_pwhash_ALG_ARGON2ID13);
    if (failed != 0) state.SkipWithError("no memory");
  }
}
BENCHMARK(argon2id_m19456_t2_p1_libsodium)->Unit(benchmark::kMillisecond);

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

// Hashes of other systems, at their makers' default costs: Django 5.2's PBKDF2 and scrypt, bcrypt 12 of all.
void verify_imported(benchmark::State& state, std::string_view phc) {
  const Hasher hasher;
  for (auto _ : state) {
    try {
      hasher.verify("not the password", phc);
    } catch (const Error&) {
    }
  }
}
BENCHMARK_CAPTURE(verify_imported, bcrypt_12, "$2b$12$abcdefghijklmnopqrstuu7EJV7kdjBBQxyb0HjTh9KS7.Lah/6CG")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(verify_imported, pbkdf2_sha256_1000000,
                  "pbkdf2_sha256$1000000$seasalt0seasalt1seasal$ZYDMBxTEpeWYOlI+ukKY2hIdU7Tp+BCQ6A4YW5/ea40=")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(
    verify_imported, scrypt_n16384_r8_p5,
    "scrypt$16384$seasalt0seasalt1seasal$8$5$wjcIhhEkZZKvM5DH5aJ39ThbBpsmBwS+OMTtCNKIvplP20HnXtL0JkfHSf47q"
    "Z12/Co9GXUVMdGOAEa/DJKZpQ==")
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace apiwright::bench
