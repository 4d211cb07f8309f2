#pragma once

#include "repositories/ddl.hpp"

namespace apiwright::repositories {

/// PostgreSQL: its own types. No version triggers: every change of a table would wait for the one row.
class PostgresqlDdl final : public Ddl {
 public:
  static constexpr std::size_t kMaxName = 63;  ///< bytes; NAMEDATALEN - 1: it cuts longer ones

  /// One that is cut is told apart by a digest.
  [[nodiscard]] std::string stored_name(const std::string& text) const override;
  [[nodiscard]] bool stores_as(const Column& column, std::string_view type) const override;

  [[nodiscard]] std::string add_reference(const Table& table, const Column& column) const override;
  [[nodiscard]] std::string script(const Difference& difference) const override;

 private:
  class Changes;

  [[nodiscard]] std::string type_of(const Column& column) const override;
  [[nodiscard]] std::string boolean_literal(bool value) const override;
  [[nodiscard]] std::string decimal_literal(const Column& column, const std::string& text) const override;
  [[nodiscard]] std::string timestamp_literal(const std::string& text) const override;
  [[nodiscard]] std::vector<Constraint> checks_of(const std::string& table, const Column& column) const override;
  [[nodiscard]] bool refers_inline() const override { return false; }
  [[nodiscard]] std::string table_options() const override { return {}; }
};

}  // namespace apiwright::repositories
