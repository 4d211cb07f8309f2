#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "apiwright/json/reader.hpp"
#include "apiwright/validation/record.hpp"

namespace apiwright::validation {

enum class Mode {
  kCreate,   ///< POST: required fields must be there, defaults are filled in, for fields the client may not send too
  kReplace,  ///< PUT: as kCreate, but what the client may not send stays Absent: the row keeps it
  kPatch,  ///< PATCH, a merge patch by RFC 7396: what is absent stays; null empties a nullable field, sets the default
           ///< of one that has it, else takes away what is optional. Objects, unions, maps and JSON inside say in the
           ///< same way what changes in them: merge_patch() lays the record over a row, where the rest is checked.
  kChanges,  ///< the application's own changes: as kPatch, but what a field gets is whole and replaces what it held
};

/// Reads JSON bodies of one Schema into Records. Immutable and thread-safe; made once per operation.
class BodyReader {
 public:
  BodyReader(SchemaPtr schema, Mode mode);
  /// Only these fields (snake_case) may be sent; others are `unknown`, and not required.
  /// Throws std::logic_error for a name that is unknown, read-only or internal.
  BodyReader(SchemaPtr schema, Mode mode, const std::vector<std::string_view>& only);
  /// For a caller who may set every field: the application itself.
  [[nodiscard]] static BodyReader trusting(SchemaPtr schema, Mode mode);
  /// For rows that were exported, by Mode::kCreate: what the server sets may be given, what is in no body at all (an
  /// internal field) or is never stored may not.
  [[nodiscard]] static BodyReader importing(SchemaPtr schema);

  /// In Mode::kPatch the record is_patch(), and what depends on the row has still to be checked: what an object that is
  /// not there yet must have, the variant of a union that the patch does not name, how many names a map may have.
  ///
  /// Throws Error(kMalformedJson) when `bytes` is not JSON, Error(kValidationError) with every violation when the
  /// document is not an object of this schema. An unknown, read-only or internal member is `unknown`. A document that
  /// is no object, or nothing but white space, is one violation with field "" and code `type`. Violations stand in the
  /// body's order, then what is missing in the schema's. Never a library's words, never the input's.
  [[nodiscard]] Record read(std::string_view bytes, const json::Limits& limits = {}) const;

  /// The same for a document that `tell` tells the handler, part by part, as json::read would.
  [[nodiscard]] Record read(const std::function<void(json::Handler&)>& tell) const;

  [[nodiscard]] const SchemaPtr& schema() const noexcept { return schema_; }
  [[nodiscard]] Mode mode() const noexcept { return mode_; }
  /// True when field `index` may be sent.
  [[nodiscard]] bool accepts(std::size_t index) const { return accepted_.at(index); }

 private:
  SchemaPtr schema_;
  Mode mode_;
  std::vector<bool> accepted_;
  Field document_;
};

/// A JSON value for one field, checked as a member of a body is; the paths of violations begin below it.
[[nodiscard]] Value read_value(const Field& field, std::string_view bytes, const json::Limits& limits = {});

/// A value that was stored as JSON for a field like `field`, which is one without_constraints(): what is no longer a
/// member is dropped. Throws Error(kInternal) when it cannot be read so.
[[nodiscard]] Value read_stored(const Field& field, std::string_view json);

}  // namespace apiwright::validation
