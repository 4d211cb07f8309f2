// What a PostgresqlStatement reads from its rows. NULL reads as 0, false or nothing, and as no id.

#include <algorithm>
#include <bit>

#include "apiwright/base/error.hpp"
#include "data/postgresql_statement.hpp"
#include "data/postgresql_values.hpp"

namespace apiwright::data {
namespace {

[[noreturn]] void refuse_type(Oid type) {
  throw Error(ErrorCode::kInternal, "The database holds another type than was asked for.")
      .caused_by("PostgreSQL: a column of type " + std::to_string(type));
}

bool is_integer(Oid type) noexcept {
  return type == postgresql::kInt8 || type == postgresql::kInt4 || type == postgresql::kInt2;
}

}  // namespace

Oid PostgresqlStatement::type_of(int column) const { return PQftype(result_.get(), column); }

std::string_view PostgresqlStatement::value_of(int column) const {
  if (is_null(column)) return {};
  return {PQgetvalue(result_.get(), row_, column), static_cast<std::size_t>(PQgetlength(result_.get(), row_, column))};
}

bool PostgresqlStatement::is_null(int column) const { return PQgetisnull(result_.get(), row_, column) != 0; }

std::int64_t PostgresqlStatement::integer(int column) const {
  if (is_null(column)) return 0;
  const auto type = type_of(column);
  if (type == postgresql::kNumeric) return decimal(column, 0).unscaled;  // a sum of bigints
  const auto value = is_integer(type) ? postgresql::signed_integer(value_of(column)) : std::nullopt;
  if (!value) refuse_type(type);
  return *value;
}

double PostgresqlStatement::real(int column) const {
  if (is_null(column)) return 0;
  const auto bits = postgresql::from_big_endian(value_of(column));
  switch (type_of(column)) {
    case postgresql::kFloat8:
      return std::bit_cast<double>(bits);
    case postgresql::kFloat4:
      return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    default:
      return static_cast<double>(integer(column));
  }
}

bool PostgresqlStatement::boolean(int column) const {
  if (type_of(column) != postgresql::kBool) return integer(column) != 0;
  return postgresql::from_big_endian(value_of(column)) != 0;
}

std::string_view PostgresqlStatement::text(int column) const {
  const auto type = type_of(column);
  if (type == postgresql::kUuid) return uuid_text(column);
  if (!postgresql::is_text(type)) refuse_type(type);
  const auto value = value_of(column);
  // A jsonb begins with the version of its form.
  return type == postgresql::kJsonb && !value.empty() ? value.substr(1) : value;
}

std::string_view PostgresqlStatement::uuid_text(int column) const {
  if (is_null(column)) return {};
  const auto place = static_cast<std::size_t>(column);
  if (texts_.size() <= place) texts_.resize(static_cast<std::size_t>(PQnfields(result_.get())));
  return texts_[place] = uuid(column).to_string();
}

Uuid PostgresqlStatement::uuid(int column) const {
  const auto value = value_of(column);
  std::array<char, 16> bytes{};
  if (type_of(column) == postgresql::kUuid && value.size() == bytes.size()) {
    std::copy(value.begin(), value.end(), bytes.begin());
    return {.bytes = std::bit_cast<decltype(Uuid::bytes)>(bytes)};
  }
  const auto parsed = postgresql::is_text(type_of(column)) ? Uuid::parse(value) : std::nullopt;
  if (!parsed) throw Error(ErrorCode::kInternal, "The database holds a malformed id.");
  return *parsed;
}

Timestamp PostgresqlStatement::timestamp(int column) const {
  if (is_null(column)) return {};
  const auto value = postgresql::signed_integer(value_of(column));
  if (type_of(column) != postgresql::kTimestamptz || !value) refuse_type(type_of(column));
  return postgresql::timestamp_of(*value);
}

Decimal PostgresqlStatement::decimal(int column, int scale) const {
  if (is_null(column)) return {.unscaled = 0, .scale = scale};
  const auto type = type_of(column);
  const auto value = type == postgresql::kNumeric ? postgresql::decimal_of(value_of(column), scale) : std::nullopt;
  if (!value) refuse_type(type);
  return *value;
}

std::string_view PostgresqlStatement::bytes(int column) const {
  const auto type = type_of(column);
  return type == postgresql::kBytea ? value_of(column) : text(column);
}

}  // namespace apiwright::data
