#include "apiwright/base/uuid.hpp"

#include <algorithm>
#include <mutex>

#include "apiwright/base/random.hpp"

namespace apiwright {
namespace {

constexpr std::int64_t kMaxMilliseconds = (std::int64_t{1} << 48) - 1;
constexpr std::uint16_t kMaxCounter = 0x0FFF;
constexpr std::uint16_t kSeedMask = 0x07FF;  // the upper half is left for counting (RFC 9562 §6.2)

struct Tick {
  std::int64_t milliseconds;
  std::uint16_t counter;
};

/// The process's last tick. Time never runs back: a clock set back, or a counter that is used up, keeps or
/// advances the last millisecond.
class Ticker {
 public:
  Tick next(std::int64_t now, std::uint16_t seed) {
    const std::scoped_lock lock(mutex_);
    if (now > last_.milliseconds) {
      last_ = {now, seed};
    } else if (last_.counter < kMaxCounter) {
      ++last_.counter;
    } else {
      last_ = {last_.milliseconds + 1, seed};
    }
    return last_;
  }

 private:
  std::mutex mutex_;
  Tick last_{-1, 0};
};

Ticker& ticker() {
  static Ticker instance;
  return instance;
}

bool has_hyphen_before(std::size_t byte) noexcept { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Uuid Uuid::generate(Timestamp now) {
  Uuid id;
  fill_random(id.bytes);
  const auto seed = static_cast<std::uint16_t>((id.bytes[6] << 8 | id.bytes[7]) & kSeedMask);
  const auto since_epoch = static_cast<std::int64_t>(now.time_since_epoch().count());
  const Tick tick = ticker().next(std::clamp(since_epoch, std::int64_t{0}, kMaxMilliseconds), seed);
  for (std::size_t i = 0; i < 6; ++i) {
    id.bytes[i] = static_cast<std::uint8_t>(tick.milliseconds >> (40 - 8 * i));
  }
  id.bytes[6] = static_cast<std::uint8_t>(0x70 | tick.counter >> 8);
  id.bytes[7] = static_cast<std::uint8_t>(tick.counter & 0xFF);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
  return id;
}

std::optional<Uuid> Uuid::parse(std::string_view text) noexcept {
  if (text.size() != kTextLength) return std::nullopt;
  Uuid id;
  std::size_t at = 0;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    if (has_hyphen_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    id.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return id;
}

std::array<char, Uuid::kTextLength> Uuid::text() const noexcept {
  constexpr std::string_view kHex = "0123456789abcdef";
  constexpr std::array<std::size_t, 16> kPlaces{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
  std::array<char, kTextLength> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    text[kPlaces[i]] = kHex[bytes[i] >> 4U];
    text[kPlaces[i] + 1] = kHex[bytes[i] & 0x0FU];
  }
  for (const std::size_t hyphen : {8U, 13U, 18U, 23U}) text[hyphen] = '-';
  return text;
}

std::string Uuid::to_string() const {
  const auto characters = text();
  return {characters.data(), characters.size()};
}

void Uuid::append_to(std::string& out) const {
  const auto characters = text();
  out.append(characters.data(), characters.size());
}

}  // namespace apiwright
