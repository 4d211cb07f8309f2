#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/json/reader.hpp"

namespace apiwright::validation {

/// Keeps the members of one object until the one that says what the object is has come: a union's discriminator. One
/// thread.
class Recording final : public json::Handler {
 public:
  enum class Tag { kAwaited, kText, kOther };

  explicit Recording(std::string_view discriminator) : discriminator_(discriminator) {}
  ~Recording() override;
  Recording(Recording&&) noexcept = default;
  Recording& operator=(Recording&&) noexcept = default;
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

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

  /// Whether the discriminator has come, and as what.
  [[nodiscard]] Tag tag() const noexcept { return tag_; }
  /// The discriminator, which is the last text here.
  [[nodiscard]] const std::string& last_text() const { return events_.back().text; }
  /// Arrays and objects open inside the object.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

  /// Tells it all once more.
  void replay(json::Handler& handler) const;

 private:
  enum class Type {
    kNull,
    kBoolean,
    kInteger,
    kNumber,
    kString,
    kKey,
    kStartObject,
    kEndObject,
    kStartArray,
    kEndArray
  };
  struct Event {
    Type type;
    std::int64_t integer = 0;
    std::string text;
  };

  void note_value(Tag as) noexcept;
  void add(Type type, std::int64_t integer = 0, std::string_view text = {});
  static void replay(const Event& event, json::Handler& handler);

  std::string discriminator_;
  std::vector<Event> events_;
  std::size_t depth_ = 0;
  bool is_tag_next_ = false;
  Tag tag_ = Tag::kAwaited;
};

}  // namespace apiwright::validation
