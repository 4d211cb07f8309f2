#include "apiwright/base/clock.hpp"

namespace apiwright {

Timestamp SystemClock::now() const noexcept {
  return std::chrono::floor<Timestamp::duration>(std::chrono::system_clock::now());
}

}  // namespace apiwright
