#include <benchmark/benchmark.h>

#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/repositories/users.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/email.hpp"

namespace apiwright::bench {
namespace {

using validation::BodyReader;
using validation::Mode;

constexpr std::string_view kBody = R"({"email":"user1234@example.com","name":"User Number 1234","status":"active"})";
constexpr std::string_view kWrongBody = R"({"email":"user1234","name":"","state":"active"})";

// From bytes to a checked record: JSON's grammar, the address by RFC 5321, lengths after NFC, defaults.
void user_body_read(benchmark::State& state) {
  const BodyReader reader(repositories::users_schema(), Mode::kCreate);
  for (auto _ : state) benchmark::DoNotOptimize(reader.read(kBody));
}
BENCHMARK(user_body_read);

void user_body_refuse(benchmark::State& state) {
  const BodyReader reader(repositories::users_schema(), Mode::kCreate);
  for (auto _ : state) {
    try {
      benchmark::DoNotOptimize(reader.read(kWrongBody));
    } catch (const Error& error) {
      benchmark::DoNotOptimize(error.details().size());
    }
  }
}
BENCHMARK(user_body_refuse);

void email_syntax(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(validation::is_email("user1234@example.com"));
}
BENCHMARK(email_syntax);

void email_key(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(validation::email_key("User1234@Example.com"));
}
BENCHMARK(email_key);

}  // namespace
}  // namespace apiwright::bench
