#pragma once

#include "repositories/ddl.hpp"

namespace apiwright::repositories {

/// SQLite: STRICT tables. Ids and texts are TEXT, times INTEGER milliseconds, decimals INTEGER in units of the last
/// place, booleans 0 and 1, what holds others JSON text.
class SqliteDdl final : public Ddl {
 public:
  [[nodiscard]] std::string stored_name(const std::string& text) const override { return text; }
  [[nodiscard]] std::string add_reference(const Table& table, const Column& column) const override;
  [[nodiscard]] std::string script(const Difference& difference) const override;

 private:
  class Changes;

  [[nodiscard]] std::string type_of(const Column& column) const override;
  [[nodiscard]] std::string boolean_literal(bool value) const override;
  [[nodiscard]] std::string decimal_literal(const Column& column, const std::string& text) const override;
  [[nodiscard]] std::string timestamp_literal(const std::string& text) const override;
  [[nodiscard]] std::vector<Constraint> checks_of(const std::string& table, const Column& column) const override;
  [[nodiscard]] bool refers_inline() const override { return true; }
  [[nodiscard]] std::string table_options() const override { return " STRICT"; }
};

}  // namespace apiwright::repositories
