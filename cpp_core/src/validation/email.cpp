#include "apiwright/validation/email.hpp"

#include <idn2.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <utility>

#include "apiwright/base/text.hpp"

namespace apiwright::validation {
namespace {

constexpr std::size_t kMaxLocal = 64;        // octets; RFC 5321 §4.5.3.1.1
constexpr std::size_t kMaxLabel = 63;        // octets; RFC 1035 §2.3.4
constexpr std::size_t kMaxAddress = 254;     // octets; RFC 5321 §4.5.3.1.3 less the angle brackets
constexpr std::size_t kMaxCodePoints = 255;  // contract.md
constexpr std::size_t kMaxUtf8 = 4;          // octets of one code point

constexpr utf8proc_int32_t kZeroWidthNonJoiner = 0x200C;
constexpr utf8proc_int32_t kZeroWidthJoiner = 0x200D;

struct Idn2Free {
  void operator()(char* memory) const noexcept { idn2_free(memory); }
};

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

char to_lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_alphanumeric(char c) noexcept { return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'z'); }

bool is_high(char c) noexcept { return static_cast<unsigned char>(c) >= 0x80; }

constexpr std::array<bool, 128> kAsciiAtext = [] {
  std::array<bool, 128> table{};
  constexpr std::string_view kAtext =
      "!#$%&'*+-/=?^_`{|}~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  for (const char c : kAtext) table.at(static_cast<unsigned char>(c)) = true;
  return table;
}();

/// RFC 5321's atext, and RFC 6531's UTF8-non-ascii.
bool is_atext(char c) noexcept { return is_high(c) || kAsciiAtext[static_cast<unsigned char>(c)]; }

/// Calls `check` for each part between dots; false when one is refused, or empty.
template <typename Check>
bool all_parts(std::string_view text, Check check) {
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view part = text.substr(0, dot);
    if (part.empty() || !check(part)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

/// False for what RFC 6531's grammar lets through and nobody can tell from something else by eye: controls, spaces,
/// private and unassigned code points, and compatibility forms (`ａ`, `．`, `ﬁ`), which folding would turn into another
/// mailbox's letters. PRECIS (RFC 8264 §9) refuses the same in identifiers.
bool is_distinct_character(utf8proc_int32_t code_point, bool joiners) noexcept {
  const auto* property = utf8proc_get_property(code_point);
  if (property->decomp_type != 0) return false;
  if (code_point == kZeroWidthNonJoiner || code_point == kZeroWidthJoiner) return joiners;
  switch (property->category) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
      return false;
    default:
      return property->ignorable == 0;
  }
}

/// Whether the non-ASCII characters of well-formed UTF-8 are all distinct ones.
bool has_distinct_characters(std::string_view text, bool joiners) noexcept {
  while (!text.empty()) {
    utf8proc_int32_t code_point = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code_point);
    if (length < 1) return false;
    if (code_point >= 0x80 && !is_distinct_character(code_point, joiners)) return false;
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

bool is_local_part(std::string_view text) {
  return text.size() <= kMaxLocal &&
         all_parts(text, [](std::string_view atom) { return std::all_of(atom.begin(), atom.end(), is_atext); }) &&
         (is_ascii(text) || has_distinct_characters(text, false));
}

bool is_label(std::string_view label) {
  return label.size() <= kMaxLabel && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

/// Two labels or more, the last one not a number: that would be an IPv4 address.
bool is_host_name(std::string_view text) {
  if (!all_parts(text, is_label)) return false;
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view top = text.substr(dot + 1);
  return !std::all_of(top.begin(), top.end(), is_digit);
}

bool has_a_label(std::string_view lower_case) {
  constexpr std::string_view kPrefix = "xn--";
  return lower_case.starts_with(kPrefix) || lower_case.find(".xn--") != std::string_view::npos;
}

std::optional<std::string> to_a_labels(const std::string& domain) {
  if (!has_distinct_characters(domain, true)) return std::nullopt;
  char* made = nullptr;
  const int result = idn2_to_ascii_8z(domain.c_str(), &made, IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT);
  const std::unique_ptr<char, Idn2Free> owner(made);
  if (result != IDN2_OK) return std::nullopt;
  std::string ascii(owner.get());
  // UTS #46 maps ideographic full stops to dots; to a mail server they are none.
  const bool same_labels = std::count(ascii.begin(), ascii.end(), '.') == std::count(domain.begin(), domain.end(), '.');
  return same_labels ? std::optional(std::move(ascii)) : std::nullopt;
}

/// The domain in lower case with A-labels; empty when it is not one.
std::optional<std::string> to_host_name(std::string_view domain) {
  std::string host(domain);
  std::transform(host.begin(), host.end(), host.begin(), to_lower);
  const auto is_plausible = [](char c) { return is_alphanumeric(c) || is_high(c) || c == '-' || c == '.'; };
  if (!std::all_of(host.begin(), host.end(), is_plausible)) return std::nullopt;
  if (!is_ascii(host) || has_a_label(host)) {
    auto ascii = to_a_labels(host);
    if (!ascii) return std::nullopt;
    host = std::move(*ascii);
  }
  return is_host_name(host) ? std::optional(std::move(host)) : std::nullopt;
}

std::optional<std::string> key_of_normal(std::string_view address) {
  if (address.size() > kMaxCodePoints && count_code_points(address) > kMaxCodePoints) return std::nullopt;
  const std::size_t at = address.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view local = address.substr(0, at);
  if (!is_local_part(local)) return std::nullopt;
  const auto host = to_host_name(address.substr(at + 1));
  if (!host || local.size() + 1 + host->size() > kMaxAddress) return std::nullopt;
  std::string key = casefold(local);
  // Folding can lengthen a text, and a key must be an address again.
  if (!is_ascii(local) && !is_local_part(key)) return std::nullopt;
  key.append("@").append(*host);
  return key.size() <= kMaxAddress ? std::optional(std::move(key)) : std::nullopt;
}

}  // namespace

bool is_email(std::string_view address) { return email_key(address).has_value(); }

std::optional<std::string> email_key(std::string_view address) {
  if (address.size() > kMaxCodePoints * kMaxUtf8) return std::nullopt;
  if (is_ascii(address)) return key_of_normal(address);
  if (!is_utf8(address)) return std::nullopt;
  return key_of_normal(to_nfc(address));
}

}  // namespace apiwright::validation
