#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/repositories/row.hpp"

namespace apiwright::engine {

/// The entity tags (RFC 9110 §8.8.3) of one Schema's rows: `"3-pWq0bT8z"`, the row's version and an id of which fields
/// are shown. So whoever sees other fields, or another release's, has another tag, and a tag tells nothing of fields
/// that its holder does not see. Strong: equal tags of a row are equal bodies. Immutable, thread-safe.
class RowTags {
 public:
  explicit RowTags(const validation::SchemaPtr& schema);

  /// The row's version; none, as of each tag, where the Schema has no versions.
  [[nodiscard]] std::optional<std::int64_t> version(const validation::Record& row) const;

  [[nodiscard]] std::optional<std::string> of(const validation::Record& row, const access::FieldGrants& readable) const;
  /// The same without reading the row, for grants that do not depend on it.
  [[nodiscard]] std::optional<std::string> of(const repositories::Row& row, const access::FieldGrants& readable) const;

  /// The tag of a row of this tag whose answer holds other rows too: by all of its bytes, and still of its version.
  [[nodiscard]] static std::string of_body(std::string_view tag, std::string_view body);

 private:
  struct Shown {
    std::size_t field = 0;
    std::uint64_t digest = 0;
  };

  template <typename IsShown>
  [[nodiscard]] std::string tag(std::int64_t version, const IsShown& is_shown) const;

  std::optional<std::size_t> version_;
  std::vector<Shown> fields_;  ///< that an answer may show
  std::uint64_t whole_ = 0;    ///< the sum where all of them are shown
  std::string whole_ending_;
};

}  // namespace apiwright::engine
