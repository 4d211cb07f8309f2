#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "apiwright/validation/field.hpp"

namespace apiwright::validation {

/// Which of several fields may be given together; null counts as not given. It is for bodies in Mode::kCreate and
/// kReplace, and for the row that a change leads to.
struct Choice {
  std::vector<std::string> fields;  ///< two or more
  bool required = true;             ///< at least one: else `required`, naming the first
  bool exclusive = true;            ///< at most one: else `exclusive`, naming each after the first that is given
};

/// A compiled declaration: what a body must look like, which columns a row has. Immutable and thread-safe; shared.
///     auto users = Schema::make("User", "users", {Field::uuid("id").read_only(), Field::email("email").unique(), …});
class Schema : public std::enable_shared_from_this<Schema> {
 public:
  /// `title` is for documentation ("User"), `table` the SQL table (snake_case plural, empty for a schema that is only
  /// a body). Throws std::logic_error for a bad or repeated name (on the wire and among key columns too; with a table
  /// names are snake_case), a default or an example that its field would refuse, a transient field that a query is to
  /// use, a choice among fields that are not there or always given, and, with a table, a field that holds one which
  /// answers hide (write-only, internal, transient) or which is immutable, a sum of what is no number or does not fit.
  [[nodiscard]] static std::shared_ptr<const Schema> make(std::string title, std::string table,
                                                          std::vector<Field> fields, std::vector<Choice> choices = {});

  [[nodiscard]] const std::string& title() const noexcept { return title_; }
  [[nodiscard]] const std::string& table() const noexcept { return table_; }
  [[nodiscard]] const std::vector<Field>& fields() const noexcept { return fields_; }
  [[nodiscard]] const Field& field(std::size_t index) const { return fields_.at(index); }

  [[nodiscard]] const std::vector<Choice>& choices() const noexcept { return choices_; }

  /// Field `index`, which is composite, without_constraints(): how a stored value of it is read. With a table only.
  [[nodiscard]] const Field& stored_form(std::size_t index) const { return stored_forms_.at(index).value(); }

  /// The same schema for what was stored: no constraints, nothing required.
  [[nodiscard]] std::shared_ptr<const Schema> without_constraints() const;
  /// The schema that this one is without its constraints; else itself.
  [[nodiscard]] const Schema& declared() const noexcept { return declared_ ? *declared_ : *this; }

  /// The index of a field by its snake_case name; index_of throws std::logic_error when there is none.
  [[nodiscard]] std::size_t index_of(std::string_view name) const;
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
  /// The same by its name on the wire.
  [[nodiscard]] std::optional<std::size_t> find_wire(std::string_view wire_name) const noexcept;

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  using Index = std::unordered_map<std::string, std::size_t, TextHash, std::equal_to<>>;

  Schema(std::string title, std::string table, std::vector<Field> fields, std::vector<Choice> choices);
  void check_choices() const;
  void check_sum(const Field& field) const;

  std::string title_;
  std::string table_;
  std::vector<Field> fields_;
  std::vector<Choice> choices_;
  std::vector<std::optional<Field>> stored_forms_;
  SchemaPtr declared_;
  Index by_name_;
  Index by_wire_name_;
};

}  // namespace apiwright::validation
