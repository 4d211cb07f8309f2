#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "apiwright/repositories/repository.hpp"

namespace apiwright::repositories {

/// The rows of other tables that rows of one Schema are made with, and gone with. Immutable, thread-safe.
class Parts {
 public:
  explicit Parts(const validation::Schema& whole);

  /// Makes rows of what a new row, which has its id, brings as parts, in its place there; sets its sums of them, which
  /// are 0 of none. Throws Error(kValidationError) for a sum beyond its field's bounds.
  void complete(validation::Record& whole, Timestamp now) const;
  /// Stores what complete() made.
  [[nodiscard]] bool empty() const noexcept { return parts_.empty(); }
  void insert(data::Connection& connection, const validation::Record& whole) const;
  /// Deletes those of one row.
  void remove(data::Connection& connection, const Uuid& whole) const;

 private:
  struct Part {
    std::size_t field = 0;      ///< of the whole
    std::size_t reference = 0;  ///< of the parts
    std::unique_ptr<const Repository> rows;
    std::string remove;
  };

  void make_rows(const Part& part, validation::Record& whole, Timestamp now) const;

  std::vector<Part> parts_;
};

/// `details` of one of several records, which is named `place`: `[2]`, `items[2]`.
[[nodiscard]] Error inside(const Error& error, const std::string& place);

}  // namespace apiwright::repositories
