#include "apiwright/validation/check.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>

#include "apiwright/base/text.hpp"
#include "apiwright/validation/email.hpp"
#include "validation/check_numeric.hpp"
#include "validation/number.hpp"
#include "validation/stream_safe.hpp"

namespace apiwright::validation {
namespace {

std::string characters(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " character long." : " characters long.");
}

void add_max_length(const Field& field, Path path, Violations& violations) {
  violations.add(path.to_string(), "max_length", "Must be at most " + characters(field.max_length()));
}

/// Both look at the bytes first: in most texts their number alone decides.
bool is_longer(std::string_view text, std::size_t code_points) noexcept {
  return text.size() > code_points && count_code_points(text) > code_points;
}

bool is_shorter(std::string_view text, std::size_t code_points) noexcept {
  constexpr std::size_t kMaxUtf8 = 4;
  return text.size() / kMaxUtf8 < code_points && count_code_points(text) < code_points;
}

/// Composition makes at most four code points one: a text this long is too long whatever its normal form, which is
/// then not worth its time.
bool is_hopelessly_long(const Field& field, std::string_view text) noexcept {
  constexpr std::size_t kMaxComposed = 4;
  return text.size() / kMaxComposed > field.max_length() && count_code_points(text) / kMaxComposed > field.max_length();
}

/// The text in NFC, unless it is too long or not fit to be normalised.
std::optional<std::string> normalise(const Field& field, std::string_view text, Path path, Violations& violations) {
  if (is_hopelessly_long(field, text)) {
    add_max_length(field, path, violations);
    return std::nullopt;
  }
  if (text.find('\0') != std::string_view::npos) {
    violations.add(path.to_string(), "format", "Must not contain the null character.");
    return std::nullopt;
  }
  if (!is_stream_safe(text)) {
    violations.add(path.to_string(), "format", "Must not contain more than 30 combining marks in a row.");
    return std::nullopt;
  }
  return to_nfc(text);
}

std::string expected_form(Format format) {
  switch (format) {
    case Format::kUri:
      return "Must be a URI such as https://example.org/path.";
    case Format::kDate:
      return "Must be a date such as 2026-01-31.";
    case Format::kTime:
      return "Must be a time such as 23:59:59Z.";
    case Format::kDuration:
      return "Must be a duration of weeks, or of days, hours, minutes and seconds, such as P1DT2H30M.";
    case Format::kIpv4:
      return "Must be an IPv4 address such as 192.0.2.1.";
    case Format::kIpv6:
      return "Must be an IPv6 address such as 2001:db8::1.";
    case Format::kHostname:
      return "Must be a host name such as www.example.org.";
    case Format::kNone:
      break;
  }
  return "Must have the required form.";
}

Value check_string(const Field& field, std::string_view text, Path path, Violations& violations) {
  auto normal = normalise(field, text, path, violations);
  if (!normal) return {};
  bool good = true;
  if (is_shorter(*normal, field.min_length())) {
    violations.add(path.to_string(), "min_length", "Must be at least " + characters(field.min_length()));
    good = false;
  }
  if (is_longer(*normal, field.max_length())) {
    add_max_length(field, path, violations);
    good = false;
  }
  if (const auto* pattern = field.compiled_pattern(); pattern != nullptr && !re2::RE2::FullMatch(*normal, *pattern)) {
    violations.add(path.to_string(), "pattern", "Must have the required form.");
    good = false;
  }
  if (!has_format(field.format(), *normal)) {
    violations.add(path.to_string(), "format", expected_form(field.format()));
    good = false;
  }
  if (!good) return {};
  return std::move(*normal);
}

Value check_email(const Field& field, std::string_view text, Path path, Violations& violations) {
  auto normal = normalise(field, text, path, violations);
  if (!normal) return {};
  if (is_longer(*normal, field.max_length())) {
    add_max_length(field, path, violations);
    return {};
  }
  if (!is_email(*normal)) {
    violations.add(path.to_string(), "format", "Must be an e-mail address.");
    return {};
  }
  return std::move(*normal);
}

Value check_uuid(std::string_view text, Path path, Violations& violations) {
  if (const auto uuid = Uuid::parse(text)) return *uuid;
  violations.add(path.to_string(), "format", "Must be a UUID.");
  return {};
}

Value check_date_time(std::string_view text, Path path, Violations& violations) {
  // No host's dates begin before the year 1: Python's do not, nor SQL's.
  constexpr Timestamp kFirst = std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
  if (const auto time = parse_timestamp(text); time && *time >= kFirst) return *time;
  violations.add(path.to_string(), "format", "Must be a date and time such as 2026-01-01T00:00:00Z.");
  return {};
}

std::string one_of(const Field& field) {
  std::string message = "Must be one of: ";
  for (const std::string& value : field.values()) message.append(value).append(", ");
  message.resize(message.size() - 2);
  return message + ".";
}

Value check_enum(const Field& field, std::string_view text, Path path, Violations& violations) {
  const auto& values = field.values();
  if (std::find(values.begin(), values.end(), text) != values.end()) return std::string(text);
  violations.add(path.to_string(), "enum", one_of(field));
  return {};
}

Value check_decimal_text(const Field& field, std::string_view text, Path path, Violations& violations) {
  const bool plain = text.find_first_of("eE") == std::string_view::npos;
  if (const auto number = plain ? Number::parse(text) : std::nullopt) {
    return check_decimal_number(field, *number, path, violations);
  }
  violations.add(path.to_string(), "format", "Must be a decimal number such as 12.50.");
  return {};
}

Value check_integer_parameter(const Field& field, std::string_view text, Path path, Violations& violations) {
  const bool plain = text.find_first_of(".eE") == std::string_view::npos;
  if (const auto number = plain ? Number::parse(text) : std::nullopt) {
    return check_integer_number(field, *number, path, violations);
  }
  refuse_type(field, path, violations);
  return {};
}

Value check_boolean_parameter(const Field& field, std::string_view text, Path path, Violations& violations) {
  if (text == "true" || text == "false") return text == "true";
  refuse_type(field, path, violations);
  return {};
}

std::string expected_type(const Field& field) {
  switch (field.kind()) {
    case Kind::kString:
      return "Must be a string.";
    case Kind::kEmail:
      return "Must be an e-mail address.";
    case Kind::kUuid:
      return "Must be a UUID.";
    case Kind::kInteger:
      return "Must be a whole number.";
    case Kind::kDecimal:
      return "Must be a decimal number such as 12.50.";
    case Kind::kBoolean:
      return "Must be true or false.";
    case Kind::kDateTime:
      return "Must be a date and time such as 2026-01-01T00:00:00Z.";
    case Kind::kEnum:
      return one_of(field);
    case Kind::kNumber:
      return "Must be a number.";
    case Kind::kArray:
      return "Must be a list.";
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
      return "Must be a JSON object.";
    case Kind::kJson:
      return "Must be JSON.";
  }
  return "Has the wrong type.";
}

}  // namespace

void refuse_type(const Field& field, Path path, Violations& violations) {
  violations.add(path.to_string(), "type", expected_type(field));
}

Value check_text(const Field& field, std::string_view text, Path path, Violations& violations) {
  switch (field.kind()) {
    case Kind::kString:
      return check_string(field, text, path, violations);
    case Kind::kEmail:
      return check_email(field, text, path, violations);
    case Kind::kUuid:
      return check_uuid(text, path, violations);
    case Kind::kDecimal:
      return check_decimal_text(field, text, path, violations);
    case Kind::kDateTime:
      return check_date_time(text, path, violations);
    case Kind::kEnum:
      return check_enum(field, text, path, violations);
    default:
      break;
  }
  refuse_type(field, path, violations);
  return {};
}

Value check_number(const Field& field, std::string_view text, Path path, Violations& violations) {
  if (field.kind() == Kind::kNumber) return check_number_text(field, text, path, violations);
  const bool numeric = field.kind() == Kind::kInteger || field.kind() == Kind::kDecimal;
  const auto number = numeric ? Number::parse(text) : std::nullopt;
  if (!number) {
    refuse_type(field, path, violations);
    return {};
  }
  return field.kind() == Kind::kInteger ? check_integer_number(field, *number, path, violations)
                                        : check_decimal_number(field, *number, path, violations);
}

Value check_boolean(const Field& field, bool value, Path path, Violations& violations) {
  if (field.kind() == Kind::kBoolean) return value;
  refuse_type(field, path, violations);
  return {};
}

Value check_parameter(const Field& field, std::string_view text, Path path, Violations& violations) {
  if (!is_utf8(text)) {
    violations.add(path.to_string(), "format", "Must be text in UTF-8.");
    return {};
  }
  switch (field.kind()) {
    case Kind::kInteger:
      return check_integer_parameter(field, text, path, violations);
    case Kind::kBoolean:
      return check_boolean_parameter(field, text, path, violations);
    case Kind::kNumber:
      return check_number_text(field, text, path, violations);
    default:
      break;
  }
  if (field.is_composite()) throw std::logic_error("Field `" + field.name() + "`: what holds others has no text form");
  return check_text(field, text, path, violations);
}

}  // namespace apiwright::validation
