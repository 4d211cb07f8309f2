#pragma once

#include "apiwright/data/runner.hpp"
#include "data/stepwise_connection.hpp"

namespace apiwright::data {

/// A part of a transaction, undone unless released.
class Savepoint {
 public:
  explicit Savepoint(StepwiseConnection& connection) : connection_(connection) { connection_.set_savepoint(); }
  ~Savepoint() {
    if (!released_) connection_.rollback_to_savepoint();
  }
  Savepoint(const Savepoint&) = delete;
  Savepoint& operator=(const Savepoint&) = delete;
  void release() {
    connection_.release_savepoint();
    released_ = true;
  }

 private:
  StepwiseConnection& connection_;
  bool released_ = false;
};

/// What `work` throws undoes it alone.
inline void run_in_savepoint(StepwiseConnection& connection, const Work& work) {
  Savepoint savepoint(connection);
  work.run(connection);
  savepoint.release();
}

}  // namespace apiwright::data
