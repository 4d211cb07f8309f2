#include "apiwright/validation/path.hpp"

namespace apiwright::validation {
namespace {

constexpr std::size_t kLongestName = 128;

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

}  // namespace

Path Path::item(std::size_t index) const noexcept {
  Path path = *this;
  path.index_ = index;
  return path;
}

std::string Path::to_string() const {
  std::size_t length = name_.size();
  if (length > kLongestName) {
    length = kLongestName;
    while (length > 0 && is_continuation(name_[length])) --length;
  }
  std::string text(name_.substr(0, length));
  if (length < name_.size()) text += "…";
  if (index_ != kWhole) text.append("[").append(std::to_string(index_)).append("]");
  return text;
}

}  // namespace apiwright::validation
