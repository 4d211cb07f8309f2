#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/data/connection.hpp"
#include "data/postgresql_handle.hpp"

namespace apiwright::data {

/// A statement, which the server keeps prepared where the handle says so. Forms: uuid, timestamptz, numeric, boolean,
/// bigint, double precision, text, jsonb, bytea; parameters go and rows come in binary. What a parameter is, the server
/// tells from the statement
/// (`?::bigint` where it cannot): what is bound as something else goes as its text. The first step fetches all rows.
class PostgresqlStatement final : public Statement {
 public:
  /// Two round trips when it is prepared. Throws Error(kInternal), else at the first step, unless `sql` is one
  /// statement at most. `handle` outlives this.
  PostgresqlStatement(PostgresqlHandle& handle, std::string_view sql);
  ~PostgresqlStatement() override;
  PostgresqlStatement(const PostgresqlStatement&) = delete;
  PostgresqlStatement& operator=(const PostgresqlStatement&) = delete;

  using Statement::bind;
  void bind_null(int index) override;
  void bind(int index, std::int64_t value) override;
  void bind(int index, double value) override;
  void bind(int index, bool value) override;
  void bind(int index, std::string_view value) override;
  void bind(int index, const Uuid& value) override;
  void bind(int index, Timestamp value) override;
  void bind(int index, const Decimal& value) override;
  void bind_bytes(int index, std::string_view value) override;

  bool step() override;
  void ask() override;
  [[nodiscard]] std::int64_t changes() const override { return changes_; }

  [[nodiscard]] bool is_null(int column) const override;
  [[nodiscard]] std::int64_t integer(int column) const override;
  [[nodiscard]] double real(int column) const override;
  [[nodiscard]] bool boolean(int column) const override;
  [[nodiscard]] std::string_view text(int column) const override;
  [[nodiscard]] Uuid uuid(int column) const override;
  [[nodiscard]] Timestamp timestamp(int column) const override;
  [[nodiscard]] Decimal decimal(int column, int scale) const override;
  [[nodiscard]] std::string_view bytes(int column) const override;

  void reset() noexcept override;
  void release() noexcept override;

  void lend() noexcept { lent_ = true; }
  [[nodiscard]] bool lent() const noexcept { return lent_; }

  /// What it asks with the parameters that are bound.
  [[nodiscard]] PostgresqlQuestion question();

  /// In PostgreSQL's words, and how many parameters it has: for EXPLAIN.
  [[nodiscard]] const std::string& sql() const noexcept { return sql_; }
  [[nodiscard]] std::size_t parameters() const noexcept { return parameters_.size(); }

 private:
  void prepare();
  [[nodiscard]] const std::string& sent() const noexcept { return handle_.prepares ? name_ : sql_; }
  void drop() noexcept;
  void execute();
  PostgresqlResult gather();
  PostgresqlQuestion* find_question();
  PostgresqlParameter& parameter(int index);
  void bind_binary(int index, std::string_view value);
  void bind_text(int index, std::string_view value);
  [[nodiscard]] Oid type_of(int column) const;
  [[nodiscard]] std::string_view value_of(int column) const;
  [[nodiscard]] std::string_view uuid_text(int column) const;

  PostgresqlHandle& handle_;
  std::string sql_;
  std::string name_;
  std::vector<PostgresqlParameter> parameters_;
  PostgresqlResult result_;
  mutable std::vector<std::string> texts_;  // of uuids, by column
  int row_ = -1;
  std::int64_t changes_ = 0;
  bool finished_ = false;
  bool lent_ = false;
};

}  // namespace apiwright::data
