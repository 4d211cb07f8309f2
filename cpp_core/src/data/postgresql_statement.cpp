#include "data/postgresql_statement.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <system_error>

#include "apiwright/base/error.hpp"
#include "data/postgresql_text.hpp"
#include "data/postgresql_values.hpp"

namespace apiwright::data {
namespace {

[[noreturn]] void refuse(const char* cause) {
  throw Error(ErrorCode::kInternal, "The database refused a statement.").caused_by(std::string("PostgreSQL: ") + cause);
}

std::string_view view_of(const std::array<char, 8>& bytes) noexcept { return {bytes.data(), bytes.size()}; }

// The rows that a command changed: those of a SELECT are only read.
std::int64_t changes_of(PGresult* result) {
  if (std::string_view(PQcmdStatus(result)).starts_with("SELECT")) return 0;
  const std::string_view count = PQcmdTuples(result);
  std::int64_t changes = 0;
  std::from_chars(count.data(), count.data() + count.size(), changes);
  return changes;
}

}  // namespace

PostgresqlStatement::PostgresqlStatement(PostgresqlHandle& handle, std::string_view sql)
    : handle_(handle), sql_(in_postgresql(sql)) {
  if (sql_.find('\0') != std::string::npos) refuse("a statement with U+0000");
  parameters_.resize(count_parameters(sql));
  prepare();
}

PostgresqlStatement::~PostgresqlStatement() { drop(); }

void PostgresqlStatement::prepare() {
  if (!handle_.prepares || !name_.empty()) return;
  if (handle_.lost_transaction()) throw_not_stored();
  auto name = "aw" + std::to_string(++handle_.names);
  await_result(handle_, PQsendPrepare(handle_.native, name.c_str(), sql_.c_str(), 0, nullptr));
  name_ = std::move(name);
  const auto described = await_result(handle_, PQsendDescribePrepared(handle_.native, name_.c_str()));
  parameters_.resize(static_cast<std::size_t>(PQnparams(described.get())));
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    parameters_[i].type = PQparamtype(described.get(), static_cast<int>(i));
  }
}

void PostgresqlStatement::drop() noexcept {
  if (!name_.empty()) handle_.dropped.push_back(std::move(name_));
  name_.clear();
}

PostgresqlParameter& PostgresqlStatement::parameter(int index) {
  if (index < 1 || static_cast<std::size_t>(index) > parameters_.size()) refuse("a parameter that is not there");
  auto& found = parameters_[static_cast<std::size_t>(index) - 1];
  found.null = false;
  return found;
}

void PostgresqlStatement::bind_binary(int index, std::string_view value) {
  auto& bound = parameter(index);
  bound.value = value;
  bound.binary = true;
}

void PostgresqlStatement::bind_text(int index, std::string_view value) {
  if (value.find('\0') != std::string_view::npos) {  // libpq would cut it there
    throw Error(ErrorCode::kUnprocessable, "A text holds a character that the database cannot store.");
  }
  auto& bound = parameter(index);
  bound.value = value;
  bound.binary = false;
}

void PostgresqlStatement::bind_null(int index) { parameter(index).null = true; }

void PostgresqlStatement::bind(int index, std::int64_t value) {
  if (parameter(index).type != postgresql::kInt8) return bind_text(index, std::to_string(value));
  bind_binary(index, view_of(postgresql::big_endian(static_cast<std::uint64_t>(value))));
}

void PostgresqlStatement::bind(int index, double value) {
  if (parameter(index).type == postgresql::kFloat8) {
    return bind_binary(index, view_of(postgresql::big_endian(std::bit_cast<std::uint64_t>(value))));
  }
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  bind_text(index, {text.data(), static_cast<std::size_t>(end - text.data())});
}

void PostgresqlStatement::bind(int index, bool value) { bind_text(index, value ? "true" : "false"); }

void PostgresqlStatement::bind(int index, std::string_view value) { bind_text(index, value); }

void PostgresqlStatement::bind(int index, const Uuid& value) {
  if (parameter(index).type != postgresql::kUuid) return bind_text(index, value.to_string());
  const auto bytes = std::bit_cast<std::array<char, 16>>(value.bytes);
  bind_binary(index, {bytes.data(), bytes.size()});
}

void PostgresqlStatement::bind(int index, Timestamp value) {
  if (parameter(index).type != postgresql::kTimestamptz) return bind_text(index, format_timestamp(value));
  const auto microseconds = postgresql::microseconds_of(value);
  if (!microseconds) refuse("a moment out of range");
  bind_binary(index, view_of(postgresql::big_endian(static_cast<std::uint64_t>(*microseconds))));
}

void PostgresqlStatement::bind(int index, const Decimal& value) { bind_text(index, value.to_string()); }

void PostgresqlStatement::bind_bytes(int index, std::string_view value) { bind_binary(index, value); }

bool PostgresqlStatement::step() {
  if (finished_) return false;
  if (!result_) execute();
  finished_ = ++row_ >= PQntuples(result_.get());
  return !finished_;
}

void PostgresqlStatement::execute() {
  finished_ = true;  // unless all goes well
  changes_ = 0;
  if (handle_.lost_transaction()) throw_not_stored();
  prepare();
  try {
    result_ = handle_.gathered != nullptr ? gather() : run_statement(handle_, sent(), parameters_);
    if (PQresultStatus(result_.get()) == PGRES_EMPTY_QUERY) throw_postgresql(handle_, result_.get());
  } catch (const ForeignKeyViolation&) {
    throw;
  } catch (const Error&) {
    // The tables that it was prepared for may have changed.
    drop();
    throw;
  }
  changes_ = changes_of(result_.get());
  finished_ = false;
}

void PostgresqlStatement::ask() {
  if (handle_.gathered != nullptr && find_question() == nullptr) handle_.gathered->push_back(question());
}

PostgresqlQuestion PostgresqlStatement::question() {
  prepare();
  return {.statement = sent(), .parameters = parameters_, .answer = nullptr};
}

PostgresqlResult PostgresqlStatement::gather() {
  const auto* question = find_question();
  if (question == nullptr) ask();
  if (question == nullptr || !question->answer) throw NotYetAnswered{};
  return well(handle_, question->answer);
}

PostgresqlQuestion* PostgresqlStatement::find_question() {
  auto& questions = *handle_.gathered;
  const auto found = std::find_if(questions.begin(), questions.end(), [&](const PostgresqlQuestion& each) {
    return each.statement == sent() && each.parameters == parameters_;
  });
  return found == questions.end() ? nullptr : &*found;
}

void PostgresqlStatement::reset() noexcept {
  result_.reset();
  row_ = -1;
  finished_ = false;
  for (auto& each : parameters_) each.null = true;
}

void PostgresqlStatement::release() noexcept {
  reset();
  lent_ = false;
}

}  // namespace apiwright::data
