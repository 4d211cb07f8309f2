#include "apiwright/base/secret.hpp"

#include <sodium.h>

#include <utility>

namespace apiwright {

void wipe(std::string& text) noexcept {
  text.resize(text.capacity());  // bytes past the size may be left from a longer text
  sodium_memzero(text.data(), text.size());
  text.clear();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

// A moved-from short string keeps its characters in place: both moves wipe the source.
Secret::Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { wipe(other.text_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(text_);
    text_ = std::move(other.text_);
    wipe(other.text_);
  }
  return *this;
}

}  // namespace apiwright
