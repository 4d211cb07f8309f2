#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apiwright/access/predicate.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/list_query.hpp"
#include "apiwright/repositories/row.hpp"

namespace apiwright::repositories {

class Condition;
class ListOrder;
class Parts;
class Totals;

/// A statement of a repository, and how the database goes about it: for developers.
struct StatementPlan {
  std::string sql;                 ///< with ? for each value
  std::vector<std::string> steps;  ///< the database's own words
};

/// What became of imported rows.
struct Imported {
  std::size_t stored = 0;
  std::size_t present = 0;  ///< their ids were there, and nothing was written
};

/// What import_many() does about a row whose id is there with other values.
enum class OnConflict { kFail, kSkip };

/// Rows of one Schema in one table. Immutable and thread-safe; each call works on the caller's connection, inside its
/// transaction.
///
/// The Schema has `id` (uuid). When it has them, the repository keeps `created_at`, `updated_at`, `version` (from 1,
/// one more with each change) and `deleted_at` (rows are then deleted softly and every call sees only those that are
/// not). Parts that a new row brings (Field::parts) are stored with it, and go with it, unless it goes softly; the sums
/// of them are set whatever it has. A taken unique value is Error(kConflict) naming the field, a reference to nothing
/// Error(kUnprocessable) naming it; the constraint alone decides. Names of fields in errors are those of the wire.
///
/// Totals of lists are remembered, bounded, while the table's row in `table_versions` stays the same, or where there is
/// none while nothing at all is stored in the database. Whatever changes the table, in whatever process, its triggers
/// change that row.
class Repository {
 public:
  using Visitor = std::function<void(const Row&)>;
  using EachVisitor = std::function<void(const Uuid& value, const Row& row)>;

  static constexpr std::size_t kMaxBatch = 100'000;  ///< rows in one insert_many: about a second of the one writer

  explicit Repository(const validation::SchemaPtr& schema);
  ~Repository();
  Repository(const Repository&) = delete;
  Repository& operator=(const Repository&) = delete;

  /// Visits the row when it exists and `visible` holds on it; else returns false.
  bool get(data::Connection& connection, const Uuid& id, const access::Predicate& visible, const Visitor& visit) const;
  /// Tells that get() will be asked for this row; see data::Statement::ask().
  void foresee(data::Connection& connection, const Uuid& id) const;
  /// The row, which in a write transaction nobody else changes before its end.
  [[nodiscard]] std::optional<validation::Record> find(data::Connection& connection, const Uuid& id,
                                                       const access::Predicate& visible) const;
  /// The same of a softly deleted row.
  [[nodiscard]] std::optional<validation::Record> find_deleted(data::Connection& connection, const Uuid& id,
                                                               const access::Predicate& visible) const;
  /// By a unique field, compared as its constraint compares. Throws std::logic_error for another field.
  [[nodiscard]] std::optional<validation::Record> find_by(data::Connection& connection, std::string_view unique_field,
                                                          const validation::Value& value) const;

  /// Visits a page in order; returns how many rows match in all, in the transaction's own snapshot.
  std::int64_t list(data::Connection& connection, const ListQuery& query, const access::Predicate& visible,
                    const Visitor& visit) const;
  /// Counts, without the memory.
  [[nodiscard]] std::int64_t count(data::Connection& connection, const ListQuery& query,
                                   const access::Predicate& visible) const;

  /// Visits at most `limit` rows beyond a place in the list's order, the nearest first (a step backward visits them in
  /// the opposite order); what lies on both sides of them, in the transaction's own snapshot. Rows that come or go
  /// meanwhile move no other. Throws Error(kValidationError) for a sort by a field that may have no value.
  Walked walk(data::Connection& connection, const ListQuery& query, const access::Predicate& visible, const Step& step,
              const Visitor& visit) const;
  /// Bytes that are the same only for the same rows in the same order: filters, search and sort of one table.
  [[nodiscard]] std::string walk_key(const ListQuery& query) const;

  /// Visits at most `limit` rows in the order of their ids, those past `after`: for walking through all of them. Of the
  /// query only filters and search count.
  void list_after(data::Connection& connection, const std::optional<Uuid>& after, std::int64_t limit,
                  const ListQuery& query, const access::Predicate& visible, const Visitor& visit) const;

  /// Visits the rows whose `field`, a uuid, is one of these (each given once), at most `limit` for each, the oldest
  /// first; those of one value come together, values in their order. One statement, however many values, and a second
  /// one where a value has more rows than `limit`: no more of them than that are looked at.
  void list_each(data::Connection& connection, std::size_t field, const std::vector<Uuid>& values, std::int64_t limit,
                 const access::Predicate& visible, const EachVisitor& visit) const;

  /// Stores `record` under a new UUIDv7 (unless it brings an id), with the time where a field is set to it and has
  /// none; the row as stored. Throws Error(kValidationError) where a field is set to the current user and has none.
  [[nodiscard]] validation::Record insert(data::Connection& connection, validation::Record record, Timestamp now) const;

  // The two halves of insert() and of update(), for a caller who judges a row before it is stored: no constraint has
  // told anything by then.

  /// The row that insert() stores.
  [[nodiscard]] validation::Record new_row(validation::Record record, Timestamp now) const;
  /// Stores what new_row() made.
  void insert_row(data::Connection& connection, const validation::Record& row) const;
  /// The same as the last of a transaction: what refuses it may be thrown by what comes after, or by the commit.
  void insert_last_row(data::Connection& connection, const validation::Record& row) const;
  /// The row that update() stores: `before` itself where nothing would differ.
  [[nodiscard]] validation::Record changed_row(const validation::Record& before, const validation::Record& changes,
                                               Timestamp now) const;
  /// Stores what changed_row() made of `before`.
  void update_row(data::Connection& connection, const validation::Record& before,
                  const validation::Record& after) const;

  /// Stores them with one prepared statement; their ids, in their order. Details name a field as `[7].email`. Throws
  /// std::logic_error past kMaxBatch.
  [[nodiscard]] std::vector<Uuid> insert_many(data::Connection& connection, std::vector<validation::Record> records,
                                              Timestamp now) const;

  /// The same for rows that were exported, here or elsewhere: what they bring of `id`, times and version is kept, and
  /// one whose id is there, with the values that were sent, is well and left alone. So an import that was interrupted
  /// goes on when it is made again. A record without an id gets that of `ids` at its place, if any.
  ///
  /// Throws Error(kConflict) with details, at most 100, for all that the table refuses: `[7].email`, `unique`; an id
  /// that is there with other values or was deleted is `[7].id`, `conflict`, unless those are skipped.
  [[nodiscard]] Imported import_many(data::Connection& connection, std::vector<validation::Record> records,
                                     const std::vector<std::optional<Uuid>>& ids, OnConflict on_conflict,
                                     Timestamp now) const;

  /// Lays the present fields of `changes` over `before` (a row read in this transaction), each with its whole new
  /// value, or, when they are a merge patch, as validation::merge_patch() does; the row as stored. Nothing different:
  /// nothing written. Throws Error(kValidationError) for what the row decides: when the patch cannot be laid over it,
  /// or the schema's choices refuse the row that it leads to; Error(kUnprocessable) for a step that a field's
  /// transitions do not have.
  [[nodiscard]] validation::Record update(data::Connection& connection, const validation::Record& before,
                                          const validation::Record& changes, Timestamp now) const;

  /// The same by id; none when there is no such row. Throws Error(kPreconditionFailed) when its version is not the one
  /// expected.
  [[nodiscard]] std::optional<validation::Record> update(data::Connection& connection, const Uuid& id,
                                                         const validation::Record& changes,
                                                         std::optional<std::int64_t> expected_version,
                                                         Timestamp now) const;

  /// Deletes, softly where the Schema says so; false when there was no such row. Throws Error(kUnprocessable) when
  /// another table's rows refer to it and it would be gone.
  bool remove(data::Connection& connection, const Uuid& id, Timestamp now) const;
  /// The same for an expected version, as update().
  bool remove(data::Connection& connection, const Uuid& id, std::optional<std::int64_t> expected_version,
              Timestamp now) const;

  /// Undoes the soft deletion of `deleted` (of find_deleted(), read in this transaction); the row as stored, a new
  /// version of it. Throws Error(kConflict), naming the field, when somebody has its unique value by now.
  [[nodiscard]] validation::Record restore(data::Connection& connection, const validation::Record& deleted,
                                           Timestamp now) const;
  /// The same by id, for an expected version, as update(): a row that is not deleted stays as it is. Throws
  /// std::logic_error where nothing is deleted softly.
  [[nodiscard]] std::optional<validation::Record> restore(data::Connection& connection, const Uuid& id,
                                                          std::optional<std::int64_t> expected_version,
                                                          Timestamp now) const;

  /// The softly deleted rows, to be read as those that are not; the last one deleted comes first. Their Schema shows
  /// when that was, as `deleted_at`, which lists filter and sort by. Null where nothing is deleted softly.
  [[nodiscard]] const Repository* deleted() const noexcept { return deleted_.get(); }

  /// The statements of list() (its page), walk(), get() and insert().
  [[nodiscard]] StatementPlan explain_list(data::Connection& connection, const ListQuery& query,
                                           const access::Predicate& visible) const;
  [[nodiscard]] StatementPlan explain_walk(data::Connection& connection, const ListQuery& query,
                                           const access::Predicate& visible, const Step& step) const;
  [[nodiscard]] StatementPlan explain_get(data::Connection& connection, const access::Predicate& visible) const;
  [[nodiscard]] StatementPlan explain_insert(data::Connection& connection) const;

  [[nodiscard]] const validation::SchemaPtr& schema() const noexcept { return schema_; }

 private:
  enum class Scope { kAll, kLiving, kDeleted };

  Repository(validation::SchemaPtr schema, Scope scope);
  static std::string condition_of(Scope scope);
  bool get_foreseen(data::Connection& connection, const Uuid& id, const access::Predicate& visible,
                    const Visitor& visit) const;
  [[nodiscard]] std::optional<validation::Record> find_by_id(data::Connection& connection, const std::string& select,
                                                             const Uuid& id, const access::Predicate& visible) const;
  [[nodiscard]] Condition where(const ListQuery& query, const access::Predicate& visible) const;
  [[nodiscard]] std::string step_of(const Condition& condition, const ListOrder& order) const;
  [[nodiscard]] bool is_anything_beyond(data::Connection& connection, Condition condition, const ListOrder& order,
                                        const Step& step) const;
  [[nodiscard]] std::string page_of(const Condition& condition, const ListQuery& query) const;
  [[nodiscard]] std::string counted_page_of(const Condition& condition, const ListQuery& query,
                                            std::string_view state) const;
  std::int64_t list_and_count(data::Connection& connection, const Condition& condition, const ListQuery& query,
                              const Visitor& visit) const;
  [[nodiscard]] std::string each_of(std::string_view asked, std::size_t field, const Condition& condition) const;
  [[nodiscard]] std::string first_of_each(std::string_view asked, std::size_t field, const Condition& condition) const;
  [[nodiscard]] std::string order_of_each() const;
  [[nodiscard]] std::int64_t count(data::Connection& connection, const Condition& condition) const;
  [[nodiscard]] std::int64_t total_of(data::Connection& connection, const Condition& condition) const;
  [[nodiscard]] std::optional<std::int64_t> table_version(data::Connection& connection) const;
  void complete(validation::Record& record, Timestamp now) const;
  void store(data::Connection& connection, data::Statement& statement, const validation::Record& record) const;
  bool import_row(data::Connection& connection, data::Statement& statement, validation::Record& record,
                  OnConflict on_conflict, Timestamp now) const;
  void complete_imported(validation::Record& record, Timestamp now) const;
  void require_same(data::Connection& connection, const validation::Record& record) const;
  void require_version(const validation::Record& row, std::optional<std::int64_t> expected) const;
  [[noreturn]] void raise_dangling(data::Connection& connection, const validation::Record& record) const;
  [[noreturn]] void raise_conflict(const data::UniqueViolation& violation) const;

  validation::SchemaPtr schema_;
  std::size_t id_;
  int stored_fields_ = 0;
  Scope scope_;
  std::string rows_;    ///< the condition of the rows that are seen
  std::string select_;  ///< SELECT every stored column FROM the table WHERE it is seen
  std::string select_by_id_;
  std::string count_all_;
  std::string count_;
  std::string insert_;
  std::string remove_;
  std::unique_ptr<Totals> totals_;
  std::unique_ptr<const Parts> parts_;
  std::unique_ptr<const Repository> deleted_;
};

}  // namespace apiwright::repositories
