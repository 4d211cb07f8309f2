#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "apiwright/data/connection.hpp"
#include "apiwright/repositories/repository.hpp"

namespace apiwright::repositories {

/// A walk through all rows of a table as an answer shows them to whom every field is readable: all of one moment,
/// however long it takes, on a connection of its own. Soft-deleted rows and what no answer shows are not in it. Others
/// write meanwhile, and the write-ahead log keeps what they write until this goes away. One thread at a time.
class ExportedRows {
 public:
  /// Begins: what is written from now on is not seen. Throws Error(kInternal) where there is no such table.
  ExportedRows(std::shared_ptr<const Repository> rows, std::unique_ptr<data::Connection> connection);
  ~ExportedRows();
  ExportedRows(const ExportedRows&) = delete;
  ExportedRows& operator=(const ExportedRows&) = delete;

  /// How many there are in all.
  [[nodiscard]] std::int64_t total() const noexcept { return total_; }

  /// The next rows in the order of their ids, at most `limit`: a JSON object and a line feed each. Empty after the
  /// last.
  [[nodiscard]] std::string next(std::int64_t limit);

 private:
  std::shared_ptr<const Repository> rows_;
  std::unique_ptr<data::Connection> connection_;
  std::int64_t total_ = 0;
  std::optional<Uuid> last_;
  bool done_ = false;
};

}  // namespace apiwright::repositories
