#pragma once

#include <string>
#include <string_view>

namespace apiwright {

/// Overwrites the text's memory in a way the compiler keeps, then empties it.
void wipe(std::string& text) noexcept;

/// True when both are equal, in time that depends on their lengths alone.
[[nodiscard]] bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// Text that is wiped when it goes away: a password on its way to the hash. Move-only; never printed.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view text) : text_(text) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { wipe(text_); }

  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }

 private:
  std::string text_;
};

}  // namespace apiwright
