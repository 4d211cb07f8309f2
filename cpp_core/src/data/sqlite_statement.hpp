#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string_view>

#include "apiwright/data/connection.hpp"
#include "data/sqlite_handle.hpp"

namespace apiwright::data {

/// A native prepared statement. Forms: uuid TEXT of 36, time INTEGER in milliseconds, decimal scaled INTEGER, boolean
/// 0/1.
class SqliteStatement final : public Statement {
 public:
  /// Throws Error(kInternal) unless `sql` is exactly one statement. `handle` outlives this.
  SqliteStatement(SqliteHandle& handle, std::string_view sql);
  ~SqliteStatement() override;
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

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

 private:
  void check(int code);
  [[noreturn]] void fail(int code);

  SqliteHandle& handle_;
  sqlite3_stmt* native_ = nullptr;
  std::int64_t changes_ = 0;
  bool reads_only_ = false;
  bool finished_ = false;
  bool lent_ = false;
};

}  // namespace apiwright::data
