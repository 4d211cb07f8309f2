#pragma once

#include "apiwright/data/connection.hpp"

namespace apiwright::data {

/// A read transaction. Ends with its scope; there is nothing to commit.
class Snapshot {
 public:
  explicit Snapshot(Connection& connection) : connection_(connection) { connection_.begin_read(); }
  ~Snapshot() { connection_.rollback(); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

 private:
  Connection& connection_;
};

}  // namespace apiwright::data
