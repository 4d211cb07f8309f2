#pragma once

#include <string>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/validation/schema.hpp"

namespace apiwright::repositories {

/// Collects what stands in the way, and throws it all at once.
class Refusals {
 public:
  void add(std::string what, std::string sentence) {
    details_.push_back({.field = std::move(what), .message = std::move(sentence), .code = "migration"});
  }
  /// Throws Error(kUnprocessable) with a detail for each.
  void throw_if_any() const;

 private:
  std::vector<Detail> details_;
};

/// The tables of these schemas, and apiwright's own that they may add to: as they are, or with what a schema adds.
/// Throws Error(kUnprocessable), as require_sound() does.
[[nodiscard]] std::vector<Table> declared_tables(const std::vector<validation::SchemaPtr>& declared);

/// The tables that a file keeps, with apiwright's own under what was added to them; and what of such tables a file
/// keeps.
[[nodiscard]] std::vector<Table> with_own_tables(std::vector<Table> kept);
[[nodiscard]] std::vector<Table> without_own_tables(std::vector<Table> tables);

}  // namespace apiwright::repositories
