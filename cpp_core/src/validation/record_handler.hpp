#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/json/reader.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::validation {

/// Puts the members of one JSON object into a Record as they are read, and notes what is wrong with them. One document.
class RecordHandler final : public json::Handler {
 public:
  RecordHandler(const SchemaPtr& schema, Mode mode, const std::vector<bool>& accepted);

  /// After the document: notes what is missing, fills in defaults. Throws Error(kValidationError).
  [[nodiscard]] Record finish();

  void null() override;
  void boolean(bool value) override;
  void integer(std::int64_t value) override;
  void number(std::string_view text) override;
  void string(std::string_view value) override;
  void start_object() override;
  void key(std::string_view name) override;
  void end_object() override;
  void start_array() override;
  void end_array() override;

 private:
  [[nodiscard]] const Field* expected();
  [[nodiscard]] Path path() const noexcept;
  void accept(Value value);
  void accept_null(const Field& field);
  void remove(const Field& field);
  void refuse_container();
  void refuse_member(std::string_view name, const Field* field);
  void refuse_repeated_items();
  void finish_field(std::size_t index);

  const Schema& schema_;
  Mode mode_;
  const std::vector<bool>& accepted_;
  Record record_;
  Violations violations_;
  std::vector<bool> sent_;

  bool in_object_ = false;         ///< the document has turned out to be an object
  bool in_list_ = false;           ///< inside the array that is the member's value
  std::size_t skipped_ = 0;        ///< containers open whose content is of no interest
  const Field* member_ = nullptr;  ///< the member whose value comes next; null: not one of ours
  std::size_t index_ = 0;          ///< its index in the schema
  std::size_t item_ = 0;           ///< items begun in the list
  Array items_;                    ///< Absent where one was refused, so that places stay right
};

}  // namespace apiwright::validation
