#include "apiwright/validation/format.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "apiwright/base/timestamp.hpp"

namespace apiwright::validation {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool take(std::string_view& rest, char c) noexcept {
  if (rest.empty() || rest.front() != c) return false;
  rest.remove_prefix(1);
  return true;
}

/// Exactly `count` digits.
std::optional<int> take_number(std::string_view& rest, std::size_t count) noexcept {
  if (rest.size() < count || !std::all_of(rest.begin(), rest.begin() + count, is_digit)) return std::nullopt;
  int number = 0;
  for (const char c : rest.substr(0, count)) number = number * 10 + (c - '0');
  rest.remove_prefix(count);
  return number;
}

bool take_number_up_to(std::string_view& rest, int most) noexcept {
  const auto number = take_number(rest, 2);
  return number && *number <= most;
}

// Timestamps know which days there are.
bool is_date(std::string_view text) noexcept {
  constexpr std::size_t kLength = 10;
  constexpr std::string_view kMidnight = "T00:00:00Z";
  if (text.size() != kLength || text.starts_with("0000")) return false;
  std::array<char, kLength + kMidnight.size()> midnight{};
  std::copy(kMidnight.begin(), kMidnight.end(), std::copy(text.begin(), text.end(), midnight.begin()));
  return parse_timestamp({midnight.data(), midnight.size()}).has_value();
}

bool take_fraction(std::string_view& rest) noexcept {
  constexpr std::size_t kPlaces = 6;
  if (!take(rest, '.')) return true;
  const std::size_t places = std::min(rest.find_first_not_of("0123456789"), rest.size());
  rest.remove_prefix(places);
  return places >= 1 && places <= kPlaces;
}

bool is_offset(std::string_view rest) noexcept {
  if (rest.empty() || rest == "Z" || rest == "z") return true;
  if (!take(rest, '+') && !take(rest, '-')) return false;
  return take_number_up_to(rest, 23) && take(rest, ':') && take_number_up_to(rest, 59) && rest.empty();
}

bool is_time(std::string_view rest) noexcept {
  return take_number_up_to(rest, 23) && take(rest, ':') && take_number_up_to(rest, 59) && take(rest, ':') &&
         take_number_up_to(rest, 59) && take_fraction(rest) && is_offset(rest);
}

struct Unit {
  char letter;
  std::int64_t seconds;
};

constexpr std::array<Unit, 2> kDateUnits{{{'W', 604'800}, {'D', 86'400}}};
constexpr std::array<Unit, 3> kTimeUnits{{{'H', 3'600}, {'M', 60}, {'S', 1}}};
constexpr std::int64_t kMaxSeconds = 86'400LL * 100'000'000;  // its microseconds fit 64 bits
constexpr std::int64_t kMicroseconds = 1'000'000;

/// Reads numbers with units, each unit once and in order; seconds alone may have a fraction.
class DurationReader {
 public:
  explicit DurationReader(std::string_view text) noexcept : rest_(text) {}

  std::optional<std::chrono::microseconds> read() noexcept {
    if (!take(rest_, 'P') || rest_.empty() || !read_units(kDateUnits)) return std::nullopt;
    // Weeks stand alone.
    if (weeks_ && (days_ || !rest_.empty())) return std::nullopt;
    if (take(rest_, 'T') && (rest_.empty() || !read_units(kTimeUnits))) return std::nullopt;
    if (!rest_.empty() || seconds_ > kMaxSeconds || (seconds_ == kMaxSeconds && fraction_ > 0)) return std::nullopt;
    return std::chrono::microseconds(seconds_ * kMicroseconds + fraction_);
  }

 private:
  template <std::size_t N>
  bool read_units(const std::array<Unit, N>& units) noexcept {
    auto next = units.begin();
    while (!rest_.empty() && rest_.front() != 'T') {
      std::int64_t number = 0;
      if (!take_digits(number) || !take_fraction_of_a_second()) return false;
      next = std::find_if(next, units.end(), [this](const Unit& unit) { return take(rest_, unit.letter); });
      if (next == units.end() || (has_fraction_ && next->letter != 'S')) return false;
      if (number > kMaxSeconds / next->seconds) return false;
      seconds_ += number * next->seconds;
      weeks_ = weeks_ || next->letter == 'W';
      days_ = days_ || next->letter == 'D';
      ++next;
    }
    return true;
  }

  bool take_digits(std::int64_t& number) noexcept {
    constexpr std::ptrdiff_t kMaxDigits = 18;
    const char* const end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto count = end - rest_.begin();
    if (count == 0 || count > kMaxDigits || std::from_chars(rest_.begin(), end, number).ec != std::errc{}) return false;
    rest_.remove_prefix(static_cast<std::size_t>(count));
    return true;
  }

  bool take_fraction_of_a_second() noexcept {
    const std::string_view before = rest_;
    if (!take_fraction(rest_)) return false;
    const std::string_view digits = before.substr(0, before.size() - rest_.size());
    has_fraction_ = !digits.empty();
    std::int64_t unit = kMicroseconds / 10;
    for (std::size_t i = 1; i < digits.size(); ++i, unit /= 10) fraction_ += (digits[i] - '0') * unit;
    return true;
  }

  std::string_view rest_;
  std::int64_t seconds_ = 0;
  std::int64_t fraction_ = 0;
  bool has_fraction_ = false;
  bool weeks_ = false;
  bool days_ = false;
};

bool is_uri_character(char c) noexcept {
  constexpr std::string_view kOthers = "-._~:/?#[]@!$&'()*+,;=%";
  return is_letter(c) || is_digit(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_hexadecimal(char c) noexcept { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool has_whole_escapes(std::string_view text) noexcept {
  for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || !is_hexadecimal(text[at + 1]) || !is_hexadecimal(text[at + 2])) return false;
  }
  return true;
}

template <std::size_t kBytes>
bool is_address(int family, std::string_view text) noexcept {
  constexpr std::size_t kLongest = 45;  // an IPv6 address that ends in an IPv4 one
  if (text.size() > kLongest || text.find('\0') != std::string_view::npos) return false;
  std::array<char, kLongest + 1> terminated{};
  std::copy(text.begin(), text.end(), terminated.begin());
  std::array<unsigned char, kBytes> address{};
  return inet_pton(family, terminated.data(), address.data()) == 1;
}

bool is_label(std::string_view label) noexcept {
  constexpr std::size_t kLongest = 63;
  return !label.empty() && label.size() <= kLongest && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
}

bool is_hostname(std::string_view text) noexcept {
  constexpr std::size_t kLongest = 253;
  if (text.size() > kLongest) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool has_port_and_host(std::string_view authority) noexcept {
  const std::size_t at = authority.find('@');
  if (at != std::string_view::npos) {
    if (authority.substr(0, at).find_first_of("[]") != std::string_view::npos) return false;
    authority.remove_prefix(at + 1);
  }
  if (authority.find('@') != std::string_view::npos) return false;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos || !is_address<16>(AF_INET6, authority.substr(1, end - 1))) return false;
    authority.remove_prefix(end + 1);
    if (!authority.empty() && authority.front() != ':') return false;
  } else if (authority.find_first_of("[]") != std::string_view::npos) {
    return false;
  }
  const std::size_t colon = authority.find(':');
  if (colon == std::string_view::npos) return true;
  return std::all_of(authority.begin() + static_cast<std::ptrdiff_t>(colon) + 1, authority.end(), is_digit);
}

bool is_uri(std::string_view text) noexcept {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text.front())) return false;
  const std::string_view scheme = text.substr(0, colon);
  const auto in_scheme = [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; };
  if (!std::all_of(scheme.begin(), scheme.end(), in_scheme)) return false;
  std::string_view rest = text.substr(colon + 1);
  if (rest.empty() || !std::all_of(rest.begin(), rest.end(), is_uri_character) || !has_whole_escapes(rest))
    return false;
  const std::size_t fragment = rest.find('#');
  if (fragment != std::string_view::npos && rest.find('#', fragment + 1) != std::string_view::npos) return false;
  if (!rest.starts_with("//")) return rest.find_first_of("[]") == std::string_view::npos;
  rest.remove_prefix(2);
  const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
  return has_port_and_host(rest.substr(0, end)) && rest.substr(end).find_first_of("[]") == std::string_view::npos;
}

}  // namespace

std::string_view name_of(Format format) noexcept {
  constexpr std::array<std::string_view, 8> kNames{"", "uri", "date", "time", "duration", "ipv4", "ipv6", "hostname"};
  return kNames.at(static_cast<std::size_t>(format));
}

bool has_format(Format format, std::string_view text) noexcept {
  switch (format) {
    case Format::kNone:
      return true;
    case Format::kUri:
      return is_uri(text);
    case Format::kDate:
      return is_date(text);
    case Format::kTime:
      return is_time(text);
    case Format::kDuration:
      return parse_duration(text).has_value();
    case Format::kIpv4:
      return is_address<4>(AF_INET, text);
    case Format::kIpv6:
      return is_address<16>(AF_INET6, text);
    case Format::kHostname:
      return is_hostname(text);
  }
  return false;
}

std::optional<std::chrono::microseconds> parse_duration(std::string_view text) noexcept {
  return DurationReader(text).read();
}

}  // namespace apiwright::validation
