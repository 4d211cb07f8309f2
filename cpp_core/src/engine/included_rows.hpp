#pragma once

#include <cstddef>
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
               const access::FieldGrants& shown);

  void add(const repositories::Row& row);

  /// A JSON object for each row, in the order in which they were added. Throws Error(kValidationError) naming
  /// `query.include` past kMaxBytes.
  [[nodiscard]] std::vector<std::string> take(data::Connection& connection) &&;

 private:
  // The rows that one key leads to, which come together.
  struct Group {
    Uuid key;
    std::size_t first = 0;
    std::size_t end = 0;
    bool more = false;
  };
  // What one relation leads to from all rows.
  struct Led;

  IncludedRows(const Inclusion& inclusion, std::size_t& room);

  void spend(std::size_t bytes);
  void find(data::Connection& connection);
  [[nodiscard]] Led find(data::Connection& connection, std::size_t inclusion);
  [[nodiscard]] std::vector<Uuid> ids(std::size_t inclusion) const;
  [[nodiscard]] validation::Value key(const Inclusion& inclusion, const repositories::Row& row) const;
  [[nodiscard]] const validation::Value& key_of(std::size_t row, std::size_t inclusion) const {
    return keys_[row * inclusions_.size() + inclusion];
  }
  void write(std::size_t row, std::string& out);
  void write_led(const Relation& relation, Led& led, const Group* group, std::string& out);

  const std::vector<Inclusion>& inclusions_;
  const access::FieldGrants& readable_;
  const access::FieldGrants& shown_;
  std::string text_;                     // the rows' JSON, one behind the other, none of them closed
  std::vector<std::size_t> ends_;        // of each row in text_
  std::vector<validation::Value> keys_;  // by row and inclusion: an id; Null: leads to none; Absent: is not shown
  std::vector<Led> led_;                 // by inclusion
  std::size_t own_room_ = kMaxBytes;
  std::size_t* room_ = nullptr;  // of the rows that lead here; none: this is the page itself
};

struct IncludedRows::Led {
  IncludedRows rows;
  std::vector<Group> groups{};  // in the order of their keys

  [[nodiscard]] const Group* group_of(const validation::Value& key) const;
};

}  // namespace apiwright::engine
