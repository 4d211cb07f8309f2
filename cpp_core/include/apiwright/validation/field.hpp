#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/validation/format.hpp"
#include "apiwright/validation/value.hpp"

namespace re2 {
class RE2;
}

namespace apiwright::validation {

class Field;
class Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

enum class Kind {
  kString,
  kEmail,
  kUuid,
  kInteger,
  kNumber,
  kDecimal,
  kBoolean,
  kDateTime,
  kEnum,
  kArray,
  kObject,
  kUnion,
  kMap,
  kJson,
};

/// What the server itself puts into a new row.
enum class ServerValue {
  kCurrentUser,  ///< the id of who creates it; null while nobody is signed in
  kNow,          ///< when it is created
};

/// `current_user`, `now`. Throws std::logic_error for another name.
[[nodiscard]] ServerValue server_value_named(std::string_view name);

/// One of a union's schemas, and the discriminator's value that chooses it.
struct Variant {
  std::string tag;
  SchemaPtr schema;
};

/// What each value of an enumeration may become; a value that is not named stays.
using Transitions = std::map<std::string, std::vector<std::string>, std::less<>>;

/// Rows of another table that are parts of a row: an order's items.
struct PartRows {
  SchemaPtr rows;         ///< of their table
  std::string reference;  ///< their field (snake_case) that names the row they are parts of
};

/// The sum, over the parts in the field `parts`, of the product of their fields `factors`. All names in snake_case.
struct SumOfParts {
  std::string parts;
  std::vector<std::string> factors;
};

/// Bounds of a number; `excluded` ones are not reached.
struct NumberRange {
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool min_excluded = false;
  bool max_excluded = false;
};

/// One member of a Schema: its name (snake_case; the wire's camelCase follows from it), kind, constraints and flags.
/// Built by chaining, then immutable inside its Schema:
///     Field::string("name").length(1, 100).searchable().sortable()
/// A builder call that makes no sense for the kind throws std::logic_error naming field and call.
class Field {
 public:
  static Field string(std::string name);
  /// An e-mail address (see email.hpp), at most 255 code points.
  static Field email(std::string name);
  static Field uuid(std::string name);
  static Field integer(std::string name);
  /// A finite double (IEEE 754); for money take decimal().
  static Field number(std::string name);
  /// Exact, as a JSON string or number; `precision` digits (at most Decimal::kMaxDigits), `scale` of them after the
  /// point.
  static Field decimal(std::string name, int precision, int scale);
  static Field boolean(std::string name);
  static Field date_time(std::string name);
  static Field enumeration(std::string name, std::vector<std::string> values);
  /// An array; `element` carries its items' constraints (its name does not matter).
  static Field array(std::string name, Field element);
  /// An object of a schema of its own.
  static Field object(std::string name, SchemaPtr schema);
  /// An object of one of several schemas: the text in its member `discriminator` (as on the wire) says which. Each
  /// schema has that member, as a text.
  static Field tagged_union(std::string name, std::string discriminator, std::vector<Variant> variants);
  /// An object whose members have any names, each value as `element`.
  static Field map(std::string name, Field element);
  /// Any JSON value.
  static Field json(std::string name);
  /// An array of what clients send of `rows`, which are made with the row that has this field, as its parts: each names
  /// it by `reference`. Transient, and in no body but that of a new row. Throws std::logic_error where `reference` is
  /// none.
  static Field parts(std::string name, SchemaPtr rows, std::string reference);

  // Constraints
  Field&& length(std::size_t min, std::size_t max) &&;   ///< strings: code points after NFC
  Field&& pattern(std::string re2) &&;                   ///< strings: the whole text must match, linear time
  Field&& format(Format format) &&;                      ///< strings
  Field&& range(std::int64_t min, std::int64_t max) &&;  ///< integers, decimals (whole units), both included
  Field&& range(Decimal min, Decimal max) &&;            ///< decimals, both included, of at most the field's scale
  Field&& range(NumberRange range) &&;                   ///< numbers
  Field&& items(std::size_t min, std::size_t max) &&;    ///< arrays, maps
  Field&& distinct() &&;                                 ///< arrays: no item twice

  // Presence: a field is required unless one of these says otherwise
  Field&& optional() &&;                  ///< may be left out
  Field&& nullable() &&;                  ///< may be null; left out means null
  Field&& required() &&;                  ///< may not be left out, though it is nullable
  Field&& default_value(Value value) &&;  ///< left out means this

  // Whether clients see and set it at all; who does is for access::FieldRules
  Field&& read_only() &&;                ///< set by the server; a client that sends it is refused
  Field&& set_to(ServerValue value) &&;  ///< read-only, and in a new row this: kCurrentUser a uuid, kNow a time
  Field&& set_to(SumOfParts sum) &&;     ///< read-only, and in a new row this, exactly: integers and decimals
  Field&& immutable() &&;                ///< a client may give it to a new row and change it in none
  /// Enumerations with a default, never null: a client's new row has the default, and no change leads elsewhere.
  Field&& transitions(Transitions transitions) &&;
  Field&& write_only() &&;  ///< never in an answer
  Field&& internal() &&;    ///< a column only: neither sent nor answered
  Field&& transient() &&;   ///< checked, never stored: a password on its way to its hash

  // What the repository offers on it
  Field&& references(std::string table) &&;  ///< uuids: the id of a row there
  Field&& unique() &&;                       ///< among rows not deleted; text ignores case
  Field&& searchable() &&;                   ///< strings: found by `search=`, ignoring case
  Field&& filterable() &&;                   ///< `?status=active`
  Field&& sortable() &&;                     ///< `sort=-createdAt`
  Field&& indexed() &&;                      ///< an index, for queries that are no client's

  Field&& sent_as(std::string wire_name) &&;  ///< its name in JSON, where it is not the camelCase of `name`

  // Documentation
  Field&& describe(std::string text) &&;
  Field&& example(Value value) &&;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::string& wire_name() const noexcept { return wire_name_; }
  /// `"wireName":`, escaped, ready to write.
  [[nodiscard]] const std::string& json_key() const noexcept { return json_key_; }
  [[nodiscard]] Kind kind() const noexcept { return kind_; }
  [[nodiscard]] std::size_t min_length() const noexcept { return min_length_; }
  [[nodiscard]] std::size_t max_length() const noexcept { return max_length_; }
  [[nodiscard]] const std::string& pattern_text() const noexcept { return pattern_text_; }
  [[nodiscard]] const re2::RE2* compiled_pattern() const noexcept { return pattern_.get(); }
  [[nodiscard]] Format format() const noexcept { return format_; }
  /// Of integers; of decimals in units of the last place.
  [[nodiscard]] std::int64_t min() const noexcept { return min_; }
  [[nodiscard]] std::int64_t max() const noexcept { return max_; }
  [[nodiscard]] const NumberRange& number_range() const noexcept { return number_range_; }
  [[nodiscard]] int precision() const noexcept { return precision_; }
  [[nodiscard]] int scale() const noexcept { return scale_; }
  [[nodiscard]] const std::vector<std::string>& values() const noexcept { return values_; }
  [[nodiscard]] const Field* element() const noexcept { return element_.get(); }
  [[nodiscard]] const SchemaPtr& schema() const noexcept { return schema_; }
  [[nodiscard]] const std::string& discriminator() const noexcept { return discriminator_; }
  [[nodiscard]] const std::vector<Variant>& variants() const noexcept { return variants_; }
  [[nodiscard]] std::size_t min_items() const noexcept { return min_items_; }
  [[nodiscard]] std::size_t max_items() const noexcept { return max_items_; }
  [[nodiscard]] bool is_distinct() const noexcept { return distinct_; }
  [[nodiscard]] bool is_optional() const noexcept { return optional_; }
  [[nodiscard]] bool is_nullable() const noexcept { return nullable_; }
  [[nodiscard]] const std::optional<Value>& default_value() const noexcept { return default_; }
  [[nodiscard]] bool is_read_only() const noexcept { return read_only_; }
  [[nodiscard]] const std::optional<ServerValue>& server_value() const noexcept { return server_value_; }
  [[nodiscard]] const std::optional<SumOfParts>& sum() const noexcept { return sum_; }
  [[nodiscard]] const std::optional<PartRows>& part_rows() const noexcept { return part_rows_; }
  [[nodiscard]] bool is_immutable() const noexcept { return immutable_; }
  [[nodiscard]] const std::optional<Transitions>& transitions() const noexcept { return transitions_; }
  /// What its transitions let `value` become.
  [[nodiscard]] const std::vector<std::string>& successors(std::string_view value) const;
  [[nodiscard]] bool is_write_only() const noexcept { return write_only_; }
  [[nodiscard]] bool is_internal() const noexcept { return internal_; }
  [[nodiscard]] bool is_transient() const noexcept { return transient_; }
  [[nodiscard]] const std::string& referenced_table() const noexcept { return references_; }
  [[nodiscard]] bool is_unique() const noexcept { return unique_; }
  [[nodiscard]] bool is_searchable() const noexcept { return searchable_; }
  [[nodiscard]] bool is_filterable() const noexcept { return filterable_; }
  [[nodiscard]] bool is_sortable() const noexcept { return sortable_; }
  [[nodiscard]] bool is_indexed() const noexcept { return indexed_; }
  [[nodiscard]] const std::string& description() const noexcept { return description_; }
  [[nodiscard]] const std::optional<Value>& example() const noexcept { return example_; }

  /// Must be sent in POST and PUT bodies.
  [[nodiscard]] bool is_required() const noexcept {
    return required_ || (!optional_ && !nullable_ && !default_ && !read_only_ && !internal_);
  }
  /// In no answer, whoever asks.
  [[nodiscard]] bool is_hidden() const noexcept { return write_only_ || internal_ || transient_; }
  /// Holds values of other fields, and is stored as JSON.
  [[nodiscard]] bool is_composite() const noexcept {
    return kind_ == Kind::kArray || kind_ == Kind::kObject || kind_ == Kind::kUnion || kind_ == Kind::kMap ||
           kind_ == Kind::kJson;
  }
  /// Stored with a second column `<name>_key` that holds its case-folded form: unique or searchable text.
  [[nodiscard]] bool has_key_column() const noexcept {
    return (kind_ == Kind::kString || kind_ == Kind::kEmail) && (unique_ || searchable_);
  }

 private:
  friend Field without_constraints(const Field& field);

  Field(std::string name, Kind kind);
  void expect(bool sensible, std::string_view call) const;
  void set_element(Field element, std::string_view complaint);

  std::string name_;
  std::string wire_name_;
  std::string json_key_;
  Kind kind_;
  std::size_t min_length_ = 0;
  std::size_t max_length_ = std::numeric_limits<std::size_t>::max();
  std::string pattern_text_;
  std::shared_ptr<const re2::RE2> pattern_;
  Format format_ = Format::kNone;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t max_ = std::numeric_limits<std::int64_t>::max();
  NumberRange number_range_;
  int precision_ = 0;
  int scale_ = 0;
  std::vector<std::string> values_;
  std::shared_ptr<const Field> element_;
  SchemaPtr schema_;
  std::string discriminator_;
  std::vector<Variant> variants_;
  std::size_t min_items_ = 0;
  std::size_t max_items_ = 1000;
  bool distinct_ = false;
  bool optional_ = false;
  bool nullable_ = false;
  bool required_ = false;
  std::optional<Value> default_;
  bool read_only_ = false;
  std::optional<ServerValue> server_value_;
  std::optional<SumOfParts> sum_;
  std::optional<PartRows> part_rows_;
  bool immutable_ = false;
  std::optional<Transitions> transitions_;
  bool write_only_ = false;
  bool internal_ = false;
  bool transient_ = false;
  std::string references_;
  bool unique_ = false;
  bool searchable_ = false;
  bool filterable_ = false;
  bool sortable_ = false;
  bool indexed_ = false;
  std::string description_;
  std::optional<Value> example_;
};

/// The same field for what was stored: without constraints, which may have become stricter since.
[[nodiscard]] Field without_constraints(const Field& field);

/// `created_at` → `createdAt`.
[[nodiscard]] std::string to_wire_name(std::string_view snake_case);

}  // namespace apiwright::validation
