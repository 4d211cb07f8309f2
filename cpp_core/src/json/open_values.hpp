#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apiwright::json {

/// The arrays and objects that are open, and the members named so far in each: finds a name given twice, and
/// the path of where reading stands. Names lie one after another in one buffer that is kept from object to
/// object, so a usual document costs no allocation for each of them. One thread.
class OpenValues {
 public:
  void open_object() { open(false); }
  void open_array() { open(true); }
  void close();

  /// Notes that a value begins: counts an array's elements.
  void begin_value() noexcept {
    if (depth_ > 0) ++levels_[depth_ - 1].values;
  }

  /// Notes a member of the innermost object; false when the object has one of that name already.
  [[nodiscard]] bool add_name(std::string_view name);

  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

  /// Where the last noted member or element is, such as `a.b[2].c`; cut after 256 bytes.
  [[nodiscard]] std::string path() const;

 private:
  struct Name {
    std::size_t begin;
    std::size_t length;
  };

  struct Level {
    bool array = false;
    std::size_t values = 0;      ///< begun so far
    std::size_t first_name = 0;  ///< in names_
    std::size_t first_byte = 0;  ///< in text_
    /// The names once they are too many to look through; ordered, because no choice of names slows that down.
    std::set<std::string, std::less<>> many;
  };

  void open(bool array);
  [[nodiscard]] bool contains(const Level& level, std::string_view name) const;
  void remember(Level& level, std::string_view name);
  [[nodiscard]] std::string_view text_of(Name name) const noexcept;
  [[nodiscard]] std::size_t end_of_names(std::size_t level) const noexcept;

  std::vector<Level> levels_;  ///< those past depth_ are kept for their memory
  std::size_t depth_ = 0;
  std::vector<Name> names_;
  std::string text_;
};

}  // namespace apiwright::json
