#include "apiwright/validation/path.hpp"

namespace apiwright::validation {
namespace {

constexpr std::size_t kLongestName = 128;
constexpr std::size_t kLongestPath = 512;
constexpr std::string_view kEllipsis = "…";

bool is_continuation(char c) noexcept { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

void append_cut(std::string& text, std::string_view name) {
  std::size_t length = name.size();
  if (length > kLongestName) {
    length = kLongestName;
    while (length > 0 && is_continuation(name[length])) --length;
  }
  text += name.substr(0, length);
  if (length < name.size()) text += kEllipsis;
}

}  // namespace

Path Path::item(std::size_t index) const noexcept {
  Path path("");
  path.parent_ = this;
  path.index_ = index;
  return path;
}

Path Path::member(std::string_view name) const noexcept {
  Path path(name);
  path.parent_ = this;
  return path;
}

std::string Path::to_string() const {
  std::string text;
  append_to(text);
  return text;
}

void Path::append_to(std::string& text) const {
  if (parent_ != nullptr) parent_->append_to(text);
  if (text.size() > kLongestPath) {
    if (!text.ends_with(kEllipsis)) text += kEllipsis;
    return;
  }
  if (index_ != kWhole) {
    text.append("[").append(std::to_string(index_)).append("]");
    return;
  }
  if (!text.empty()) text += '.';
  append_cut(text, name_);
}

}  // namespace apiwright::validation
