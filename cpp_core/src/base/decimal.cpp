#include "apiwright/base/decimal.hpp"

#include <algorithm>

namespace apiwright {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Reads JSON's number grammar into a significand without trailing zeros and a power of ten.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool scan() noexcept {
    negative_ = take('-');
    const bool leading_zero = !rest_.empty() && rest_.front() == '0';
    const std::int64_t whole = digits();
    if (whole == 0 || (leading_zero && whole > 1)) return false;
    if (take('.')) {
      const std::int64_t places = digits();
      if (places == 0) return false;
      exponent_ -= places;
    }
    if ((take('e') || take('E')) && !scan_exponent()) return false;
    return rest_.empty();
  }

  [[nodiscard]] bool too_long() const noexcept { return too_long_; }
  [[nodiscard]] int significant() const noexcept { return significant_; }
  [[nodiscard]] std::int64_t exponent() const noexcept { return exponent_ + zeros_; }
  [[nodiscard]] std::int64_t significand() const noexcept { return negative_ ? -significand_ : significand_; }

 private:
  bool take(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::int64_t digits() noexcept {
    std::int64_t count = 0;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), ++count) {
      add(rest_.front() - '0');
    }
    return count;
  }

  // Zeros wait until a digit follows them, so that trailing ones cost no precision.
  void add(int digit) noexcept {
    if (digit == 0) {
      if (significant_ > 0) ++zeros_;
      return;
    }
    if (significant_ + zeros_ + 1 > Decimal::kMaxDigits) {
      too_long_ = true;
      return;
    }
    significand_ = significand_ * power_of_ten(static_cast<int>(zeros_) + 1) + digit;
    significant_ += static_cast<int>(zeros_) + 1;
    zeros_ = 0;
  }

  [[nodiscard]] bool scan_exponent() noexcept {
    const bool minus = take('-');
    if (!minus) take('+');
    constexpr std::int64_t kFar = 1'000'000'000'000;  // beyond any text's length
    std::int64_t value = 0;
    bool any = false;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), any = true) {
      value = std::min(value * 10 + (rest_.front() - '0'), kFar);
    }
    exponent_ += minus ? -value : value;
    return any;
  }

  std::string_view rest_;
  std::int64_t significand_ = 0;
  std::int64_t zeros_ = 0;
  std::int64_t exponent_ = 0;
  int significant_ = 0;
  bool negative_ = false;
  bool too_long_ = false;
};

}  // namespace

std::int64_t power_of_ten(int exponent) noexcept {
  std::int64_t power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

std::optional<Decimal> Decimal::parse(std::string_view text, int precision, int scale) noexcept {
  Scanner scanner(text);
  if (!scanner.scan() || scanner.too_long()) return std::nullopt;
  if (scanner.significand() == 0) return Decimal{.unscaled = 0, .scale = scale};
  const std::int64_t shift = scanner.exponent() + scale;
  const int limit = std::min(precision, kMaxDigits);
  if (shift < 0 || scanner.significant() + shift > limit) return std::nullopt;
  return Decimal{.unscaled = scanner.significand() * power_of_ten(static_cast<int>(shift)), .scale = scale};
}

std::string Decimal::to_string() const {
  // Negated as unsigned: the smallest int64 has no positive twin.
  const auto bits = static_cast<std::uint64_t>(unscaled);
  std::string text = std::to_string(unscaled < 0 ? 0 - bits : bits);
  if (scale > 0) {
    const auto places = static_cast<std::size_t>(scale);
    if (text.size() <= places) text.insert(0, places + 1 - text.size(), '0');
    text.insert(text.size() - places, 1, '.');
  }
  if (unscaled < 0) text.insert(0, 1, '-');
  return text;
}

}  // namespace apiwright
