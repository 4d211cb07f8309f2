#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "apiwright/engine/include.hpp"

namespace apiwright::engine {

/// Rows as they are written, with the rows that they lead to inside: one statement for each relation, however many rows
/// there are. One thread; borrows all that it is made with.
class IncludedRows {
 public:
  /// Bytes of JSON that relations may come to in one answer.
  static constexpr std::size_t kMaxBytes = std::size_t{16} * 1024 * 1024;

  /// `readable`: of the rows' fields, which decides what relations are shown; `shown`: what is written of them.
  IncludedRows(const std::vector<Inclusion>& inclusions, const access::FieldGrants& readable,
               const access::FieldGrants& shown)
      : inclusions_(inclusions), readable_(readable), shown_(shown) {}

  void add(const repositories::Row& row);

  /// A JSON object for each row, in the order in which they were added. Throws Error(kValidationError) naming
  /// `query.include` past kMaxBytes.
  [[nodiscard]] std::vector<std::string> take(data::Connection& connection) &&;

 private:
  struct Written {
    std::string json;                     // not closed yet
    std::vector<validation::Value> keys;  // for each inclusion: an id; Null: leads to none; Absent: is not shown
  };
  // The rows that one key leads to.
  struct Group {
    std::vector<std::size_t> rows;
    bool more = false;
  };
  using Groups = std::map<Uuid, Group>;

  IncludedRows(const Inclusion& inclusion, std::size_t& room)
      : inclusions_(inclusion.inner), readable_(inclusion.readable), shown_(inclusion.readable), room_(&room) {}

  void spend(std::size_t bytes);
  [[nodiscard]] std::vector<std::string> close(data::Connection& connection);
  void include(data::Connection& connection, std::size_t at);
  [[nodiscard]] std::vector<Uuid> ids(std::size_t at) const;
  [[nodiscard]] validation::Value key(const Inclusion& inclusion, const repositories::Row& row) const;
  void append(const Relation& relation, Written& row, const Group* group, const std::vector<std::string>& texts);

  const std::vector<Inclusion>& inclusions_;
  const access::FieldGrants& readable_;
  const access::FieldGrants& shown_;
  std::vector<Written> rows_;
  std::size_t own_room_ = kMaxBytes;
  std::size_t* room_ = nullptr;  // of the rows that lead here; none: this is the page itself
};

}  // namespace apiwright::engine
