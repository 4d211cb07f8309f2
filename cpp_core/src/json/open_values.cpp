#include "open_values.hpp"

#include <algorithm>

namespace apiwright::json {
namespace {

constexpr std::size_t kLookThrough = 16;  // names compared one by one before a level gets a set
constexpr std::size_t kUsualDepth = 8;
constexpr std::size_t kMaxPathBytes = 256;

/// Cuts between code points.
void cut(std::string& text, std::size_t size) {
  if (text.size() <= size) return;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  text.resize(size);
}

}  // namespace

// NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): a kilobyte of zeros for each document would be for nothing
OpenValues::OpenValues() {
  levels_.reserve(kUsualDepth);
  names_.reserve(kLookThrough);
}

void OpenValues::open(bool array) { levels_.push_back({.array = array, .first_name = names_.size(), .many = nullptr}); }

void OpenValues::close() {
  names_.resize(levels_.back().first_name);
  levels_.pop_back();
}

std::string_view OpenValues::keep(std::string_view name) {
  auto* const copy = static_cast<char*>(memory_.allocate(name.size(), 1));
  std::copy(name.begin(), name.end(), copy);
  return {copy, name.size()};
}

bool OpenValues::add_name(std::string_view name) {
  Level& level = levels_.back();
  const bool is_new = !contains(level, name);
  remember(level, name);
  return is_new;
}

bool OpenValues::contains(const Level& level, std::string_view name) const {
  if (level.many) return level.many->contains(name);
  return std::find(names_.begin() + static_cast<std::ptrdiff_t>(level.first_name), names_.end(), name) != names_.end();
}

void OpenValues::remember(Level& level, std::string_view name) {
  names_.emplace_back(name.data(), name.size());
  if (level.many) {
    level.many->insert(name);
  } else if (names_.size() - level.first_name > kLookThrough) {
    const auto first = names_.begin() + static_cast<std::ptrdiff_t>(level.first_name);
    level.many = std::make_unique<std::set<std::string_view>>(first, names_.end());
  }
}

std::string OpenValues::path() const {
  std::string path;
  for (std::size_t i = 0; i < depth() && path.size() <= kMaxPathBytes; ++i) {
    const Level& level = levels_[i];
    if (level.array) {
      path += '[' + std::to_string(level.values - 1) + ']';
    } else {
      if (!path.empty()) path += '.';
      path += names_[end_of_names(i) - 1];
    }
  }
  cut(path, kMaxPathBytes);
  return path;
}

std::size_t OpenValues::end_of_names(std::size_t level) const noexcept {
  return level + 1 < depth() ? levels_[level + 1].first_name : names_.size();
}

}  // namespace apiwright::json
