#include "apiwright/passwords/calibration.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "apiwright/base/error.hpp"

namespace apiwright::passwords {
namespace {

using std::chrono::nanoseconds;

constexpr std::string_view kPassword = "correct horse battery staple";
constexpr double kMargin = 0.95;  // of what is estimated, so that an estimate is seldom made twice

double ratio(nanoseconds part, nanoseconds whole) {
  return static_cast<double>(part.count()) / static_cast<double>(std::max<nanoseconds::rep>(whole.count(), 1));
}

/// `number` in that proportion, smaller by one at least, and no less than `least`.
std::uint32_t reduced(std::uint32_t number, double proportion, std::uint32_t least) {
  const auto estimate = static_cast<std::uint32_t>(number * std::min(proportion * kMargin, 1.0));
  return std::max(std::min(estimate, number - 1), least);
}

void check(std::chrono::milliseconds target) {
  if (target.count() >= 1 && target <= kLongestHashTime) return;
  throw Error(ErrorCode::kValidationError, "A hash cannot be made to take that long.",
              {{"target", "must be from 1 to 5000 milliseconds", target.count() < 1 ? "min" : "max"}});
}

/// How many passes fit, if each beyond the first takes as long as the second.
std::uint32_t estimate_passes(const Parameters& one_pass, nanoseconds first, nanoseconds target,
                              const HashTime& time_of) {
  Parameters two_passes = one_pass;
  two_passes.passes = 2;
  const nanoseconds each = std::max(time_of(two_passes) - first, first / 8);
  const double more = ratio(target - first, each);
  return 1 + static_cast<std::uint32_t>(std::clamp(more, 0.0, Parameters::kMaxPasses - 1.0));
}

}  // namespace

nanoseconds measured_hash_time(const Parameters& parameters) {
  const Hasher hasher(parameters);
  std::array<nanoseconds, 3> times{};
  for (nanoseconds& time : times) {
    const auto start = std::chrono::steady_clock::now();
    static_cast<void>(hasher.hash(kPassword));
    time = std::chrono::steady_clock::now() - start;
  }
  std::sort(times.begin(), times.end());
  return times[1];
}

Parameters calibrate(std::chrono::milliseconds target, std::uint32_t memory_kib, const HashTime& time_of) {
  check(target);
  Parameters found = Hasher({.memory_kib = memory_kib, .passes = 1}).parameters();
  nanoseconds time = time_of(found);
  while (time > target && found.memory_kib > Parameters::kMinMemoryKib) {
    found.memory_kib = reduced(found.memory_kib, ratio(target, time), Parameters::kMinMemoryKib);
    time = time_of(found);
  }
  if (time >= target) return found;
  found.passes = estimate_passes(found, time, target, time_of);
  while (found.passes > 1 && (time = time_of(found)) > target) {
    found.passes = reduced(found.passes, ratio(target, time), 1);
  }
  return found;
}

}  // namespace apiwright::passwords
