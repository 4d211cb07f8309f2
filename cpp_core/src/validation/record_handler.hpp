#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/json/reader.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/path.hpp"
#include "apiwright/validation/violations.hpp"
#include "validation/json_text.hpp"
#include "validation/recording.hpp"

namespace apiwright::validation {

/// How a document is to be read.
struct Reading {
  Mode mode = Mode::kCreate;                    ///< of the document's own object; what is inside is read whole, but
                                                ///< for a merge patch, which goes inwards as far as objects do
  const std::vector<bool>* accepted = nullptr;  ///< which of that object's fields may be sent
  bool tolerant = false;                        ///< members that are no field are passed over
  Path place{""};                               ///< of the document, in front of the paths of violations
};

/// Makes a checked value of a JSON document as it is read, and notes what is wrong with it. One document.
class RecordHandler final : public json::Handler {
 public:
  /// `root` is what the document must be; borrowed, as `reading` is.
  RecordHandler(const Field& root, const Reading& reading);

  /// After the document. Throw Error(kValidationError) with all that was noted.
  [[nodiscard]] Record finish_record();
  [[nodiscard]] Value finish_value();

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
  /// An object, list or map that is open. Kept for the next one of the same depth.
  struct Frame {
    enum class Shape { kObject, kList, kMap };

    Shape shape = Shape::kObject;
    bool is_partial = false;  ///< an object or map whose other members stay as they are
    const Field* field = nullptr;
    Path path{""};
    std::size_t count = 0;  ///< items or entries begun

    SchemaPtr schema;
    std::vector<Value> values;
    std::vector<bool> sent;
    const Field* member = nullptr;  ///< the member whose value comes next; null: not one of ours
    std::size_t index = 0;          ///< its index in the schema

    Array items;  ///< Absent where one was refused, so that places stay right
    std::vector<Map::Entry> entries;
    std::string name;          ///< of the entry that comes next
    bool has_renamed = false;  ///< a name came that was not in normal form

    Frame* outer = nullptr;
    std::unique_ptr<Frame> inner;
  };

  template <typename Check>
  void accept_scalar(const Check& check);
  [[nodiscard]] const Field* expected();
  [[nodiscard]] Path path() const noexcept;
  void accept(Value value);
  void accept_null(const Field& field);
  void remove(const Field& field);
  [[nodiscard]] bool is_merged() const noexcept;
  [[nodiscard]] bool is_merged(const Field& field) const noexcept;
  void refuse_container(const Field* field);

  [[nodiscard]] Frame& open(Frame::Shape shape, const Field& field);
  void open_object(const Field& field, const SchemaPtr& schema);
  void open_json();
  void refuse_infinite(std::string_view text);
  void refuse_null_character(std::string_view text);
  void close_json();
  void note_discriminator();
  void choose_variant();
  void close_union();
  void put_off_union();

  void close();
  [[nodiscard]] bool is_root(const Frame& frame) const noexcept { return frame.outer == nullptr; }
  [[nodiscard]] bool accepts(const Frame& frame, std::size_t index) const;
  void key_of_object(std::string_view name);
  void key_of_map(std::string_view name);
  void refuse_member(std::string_view name, const Field* field);
  void close_object();
  void finish_field(Frame& frame, std::size_t index);

  const Field& root_;
  const Reading& reading_;
  Violations violations_;
  std::optional<Record> record_;
  Value value_;

  Frame root_frame_;
  Frame* top_ = nullptr;
  std::size_t skipped_ = 0;  ///< containers open whose content is of no interest

  json::Handler* sink_ = nullptr;  ///< takes everything while a JSON value or an undecided union is open
  std::optional<JsonText> json_;
  std::optional<Recording> recording_;
  const Field* union_ = nullptr;
};

}  // namespace apiwright::validation
