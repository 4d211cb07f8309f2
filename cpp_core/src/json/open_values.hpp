#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace apiwright::json {

/// The arrays and objects that are open, and the members named so far in each: finds a name given twice, and
/// the path of where reading stands. What a usual document needs fits into the object itself; more is allocated. The
/// names are borrowed. One thread.
class OpenValues {
 public:
  OpenValues();

  void open_object() { open(false); }
  void open_array() { open(true); }
  void close();

  /// Notes that a value begins: counts an array's elements.
  void begin_value() noexcept {
    if (!levels_.empty()) ++levels_.back().values;
  }

  /// A copy of `name` that add_name() may borrow.
  [[nodiscard]] std::string_view keep(std::string_view name);

  /// Notes a member of the innermost object; false when the object has one of that name already. The name must last as
  /// long as this does.
  [[nodiscard]] bool add_name(std::string_view name);

  [[nodiscard]] std::size_t depth() const noexcept { return levels_.size(); }

  /// Whether the innermost is an array; one must be open.
  [[nodiscard]] bool in_array() const noexcept { return levels_.back().array; }

  /// Where the last noted member or element is, such as `a.b[2].c`; cut after 256 bytes.
  [[nodiscard]] std::string path() const;

 private:
  struct Level {
    bool array = false;
    std::size_t values = 0;      ///< begun so far
    std::size_t first_name = 0;  ///< in names_
    /// The names once they are too many to look through; ordered, because no choice of names slows that down.
    std::unique_ptr<std::set<std::string_view>> many;
  };

  void open(bool array);
  [[nodiscard]] bool contains(const Level& level, std::string_view name) const;
  void remember(Level& level, std::string_view name);
  [[nodiscard]] std::size_t end_of_names(std::size_t level) const noexcept;

  static constexpr std::size_t kBytes = 1024;

  std::array<std::byte, kBytes> usual_;  ///< what memory_ gives first
  std::pmr::monotonic_buffer_resource memory_{usual_.data(), usual_.size()};
  std::pmr::vector<Level> levels_{&memory_};
  std::pmr::vector<std::string_view> names_{&memory_};
};

}  // namespace apiwright::json
