#include "apiwright/base/timestamp.hpp"

#include <array>
#include <cstddef>

#include "apiwright/base/error.hpp"

namespace apiwright {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

constexpr Timestamp kFirst = sys_days(year(0) / 1 / 1);
constexpr Timestamp kEnd = sys_days(year(10000) / 1 / 1);
constexpr std::size_t kMaxFractionDigits = 9;

bool has_text_form(Timestamp time) noexcept { return time >= kFirst && time < kEnd; }

template <std::size_t kDigits>
void put(char*& at, unsigned value, char after) noexcept {
  for (std::size_t i = kDigits; i > 0; value /= 10) at[--i] = static_cast<char>('0' + value % 10);
  at[kDigits] = after;
  at += kDigits + 1;
}

/// Takes RFC 3339's parts from the front of a text; after a failure everything fails.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool done() const noexcept { return ok_ && rest_.empty(); }

  [[nodiscard]] bool next_is(char a, char b) const noexcept {
    return ok_ && !rest_.empty() && (rest_.front() == a || rest_.front() == b);
  }

  void expect(char a, char b) noexcept {
    ok_ = next_is(a, b);
    if (ok_) rest_.remove_prefix(1);
  }

  int number(std::size_t digits, int max) noexcept {
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) value = value * 10 + digit();
    ok_ = ok_ && value <= max;
    return value;
  }

  milliseconds fraction() noexcept {
    int value = 0;
    std::size_t count = 0;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; ++count) {
      const int next = digit();
      if (count < 3) value = value * 10 + next;
    }
    ok_ = ok_ && count > 0 && count <= kMaxFractionDigits;
    for (; count < 3; ++count) value *= 10;
    return milliseconds(value);
  }

 private:
  int digit() noexcept {
    ok_ = ok_ && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
    if (!ok_) return 0;
    const int value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
  bool ok_ = true;
};

year_month_day scan_date(Scanner& scanner) noexcept {
  const int y = scanner.number(4, 9999);
  scanner.expect('-', '-');
  const auto m = static_cast<unsigned>(scanner.number(2, 12));
  scanner.expect('-', '-');
  const auto d = static_cast<unsigned>(scanner.number(2, 31));
  return {year(y), std::chrono::month(m), std::chrono::day(d)};
}

minutes scan_offset(Scanner& scanner) noexcept {
  if (scanner.next_is('Z', 'z')) {
    scanner.expect('Z', 'z');
    return minutes(0);
  }
  const bool west = scanner.next_is('-', '-');
  scanner.expect('+', '-');
  const hours h(scanner.number(2, 23));
  scanner.expect(':', ':');
  const minutes offset = h + minutes(scanner.number(2, 59));
  return west ? -offset : offset;
}

bool is_last_minute_of_day(Timestamp minute) noexcept {
  return minute - floor<days>(minute) == hours(23) + minutes(59);
}

}  // namespace

void append_timestamp(std::string& out, Timestamp time) {
  if (!has_text_form(time)) throw Error(ErrorCode::kInternal, "A time is out of range.");
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const auto in_day = static_cast<unsigned>((time - day).count());
  std::array<char, 24> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled below
  char* at = text.data();
  put<4>(at, static_cast<unsigned>(static_cast<int>(date.year())), '-');
  put<2>(at, static_cast<unsigned>(date.month()), '-');
  put<2>(at, static_cast<unsigned>(date.day()), 'T');
  put<2>(at, in_day / 3'600'000, ':');
  put<2>(at, in_day / 60'000 % 60, ':');
  put<2>(at, in_day / 1'000 % 60, '.');
  put<3>(at, in_day % 1'000, 'Z');
  out.append(text.data(), text.size());
}

std::string format_timestamp(Timestamp time) {
  std::string text;
  append_timestamp(text, time);
  return text;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  Scanner scanner(text);
  const year_month_day date = scan_date(scanner);
  scanner.expect('T', 't');
  const hours h(scanner.number(2, 23));
  scanner.expect(':', ':');
  const minutes m(scanner.number(2, 59));
  scanner.expect(':', ':');
  const seconds s(scanner.number(2, 60));
  milliseconds fraction(0);
  if (scanner.next_is('.', '.')) {
    scanner.expect('.', '.');
    fraction = scanner.fraction();
  }
  const minutes offset = scan_offset(scanner);
  if (!scanner.done() || !date.ok()) return std::nullopt;

  const Timestamp minute = sys_days(date) + h + m - offset;
  const bool leap = s == seconds(60);
  if (leap && !is_last_minute_of_day(minute)) return std::nullopt;
  const Timestamp time = minute + s + (leap ? milliseconds(0) : fraction);
  return has_text_form(time) ? std::optional(time) : std::nullopt;
}

}  // namespace apiwright
