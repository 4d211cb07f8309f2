#include "open_values.hpp"

#include <algorithm>

namespace apiwright::json {
namespace {

constexpr std::size_t kLookThrough = 16;  // names compared one by one before a level gets a set
constexpr std::size_t kMaxPathBytes = 256;

/// Cuts between code points.
void cut(std::string& text, std::size_t size) {
  if (text.size() <= size) return;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
}

}  // namespace

void OpenValues::open(bool array) {
  if (depth_ == levels_.size()) levels_.emplace_back();
  Level& level = levels_[depth_++];
  level.array = array;
  level.values = 0;
  level.first_name = names_.size();
  level.first_byte = text_.size();
}

void OpenValues::close() {
  Level& level = levels_[--depth_];
  names_.resize(level.first_name);
  text_.resize(level.first_byte);
  level.many.clear();
}

bool OpenValues::add_name(std::string_view name) {
  Level& level = levels_[depth_ - 1];
  const bool is_new = !contains(level, name);
  remember(level, name);
  return is_new;
}

bool OpenValues::contains(const Level& level, std::string_view name) const {
  if (!level.many.empty()) return level.many.contains(name);
  return std::any_of(names_.begin() + static_cast<std::ptrdiff_t>(level.first_name), names_.end(),
                     [&](Name earlier) { return text_of(earlier) == name; });
}

void OpenValues::remember(Level& level, std::string_view name) {
  names_.push_back({text_.size(), name.size()});
  text_ += name;
  if (!level.many.empty()) {
    level.many.emplace(name);
  } else if (names_.size() - level.first_name > kLookThrough) {
    for (std::size_t i = level.first_name; i < names_.size(); ++i) level.many.emplace(text_of(names_[i]));
  }
}

std::string OpenValues::path() const {
  std::string path;
  for (std::size_t i = 0; i < depth_ && path.size() <= kMaxPathBytes; ++i) {
    const Level& level = levels_[i];
    if (level.array) {
      path += '[' + std::to_string(level.values - 1) + ']';
    } else {
      if (!path.empty()) path += '.';
      path += text_of(names_[end_of_names(i) - 1]);
    }
  }
  cut(path, kMaxPathBytes);
  return path;
}

std::size_t OpenValues::end_of_names(std::size_t level) const noexcept {
  return level + 1 < depth_ ? levels_[level + 1].first_name : names_.size();
}

std::string_view OpenValues::text_of(Name name) const noexcept {
  return std::string_view(text_).substr(name.begin, name.length);
}

}  // namespace apiwright::json
