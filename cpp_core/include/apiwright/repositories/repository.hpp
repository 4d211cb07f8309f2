#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "apiwright/access/predicate.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/list_query.hpp"
#include "apiwright/repositories/row.hpp"

namespace apiwright::repositories {

class Condition;
class Totals;

/// Rows of one Schema in one table. Immutable and thread-safe; each call works on the caller's connection, inside its
/// transaction.
///
/// The Schema has `id` (uuid). When it has them, the repository keeps `created_at`, `updated_at`, `version` (from 1,
/// one more with each change) and `deleted_at` (rows are then deleted softly and every call sees only those that are
/// not). A taken unique value is Error(kConflict) naming the field, decided by the constraint alone.
///
/// Totals of lists are remembered, bounded, while the table's row in `table_versions` stays the same; a table without
/// one is counted each time. Whatever changes the table, in whatever process, its triggers change that row.
class Repository {
 public:
  using Visitor = std::function<void(const Row&)>;

  explicit Repository(validation::SchemaPtr schema);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// Visits the row when it exists and `visible` holds on it; else returns false.
  bool get(data::Connection& connection, const Uuid& id, const access::Predicate& visible, const Visitor& visit) const;
  [[nodiscard]] std::optional<validation::Record> find(data::Connection& connection, const Uuid& id,
                                                       const access::Predicate& visible) const;
  /// By a unique field, compared as its constraint compares.
  [[nodiscard]] std::optional<validation::Record> find_by(data::Connection& connection, std::string_view unique_field,
                                                          const validation::Value& value) const;

  /// Visits a page in order; returns how many rows match in all, in the transaction's own snapshot.
  std::int64_t list(data::Connection& connection, const ListQuery& query, const access::Predicate& visible,
                    const Visitor& visit) const;
  /// Counts, without the memory.
  [[nodiscard]] std::int64_t count(data::Connection& connection, const ListQuery& query,
                                   const access::Predicate& visible) const;

  /// Stores `record` under a new UUIDv7 (unless it brings an id); the row as stored.
  [[nodiscard]] validation::Record insert(data::Connection& connection, validation::Record record, Timestamp now) const;

  /// Lays the present fields of `changes` over `before` (a row read in this transaction); the row as stored. Nothing
  /// different: nothing written.
  [[nodiscard]] validation::Record update(data::Connection& connection, const validation::Record& before,
                                          const validation::Record& changes, Timestamp now) const;

  /// Deletes, softly where the Schema says so; false when there was no such row.
  bool remove(data::Connection& connection, const Uuid& id, Timestamp now) const;

  [[nodiscard]] const validation::SchemaPtr& schema() const noexcept { return schema_; }

 private:
  [[nodiscard]] Condition where(const ListQuery& query, const access::Predicate& visible) const;
  [[nodiscard]] std::string order_by(const ListQuery& query) const;
  [[nodiscard]] std::int64_t count(data::Connection& connection, const Condition& condition) const;
  [[nodiscard]] std::int64_t total_of(data::Connection& connection, const Condition& condition) const;
  [[nodiscard]] std::optional<std::int64_t> table_version(data::Connection& connection) const;
  [[noreturn]] void raise_conflict(const data::UniqueViolation& violation) const;

  validation::SchemaPtr schema_;
  std::size_t id_;
  bool soft_delete_;
  std::string select_;  ///< SELECT every stored column FROM the table WHERE it is not deleted
  std::string select_by_id_;
  std::string count_;
  std::string insert_;
  std::string remove_;
  std::unique_ptr<Totals> totals_;
};

}  // namespace apiwright::repositories
