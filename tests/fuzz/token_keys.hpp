#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/timestamp.hpp"
#include "apiwright/tokens/signing_key.hpp"

namespace apiwright::fuzz {

/// A key for nothing but these targets: bytes 1.
[[nodiscard]] inline Key token_key() {
  std::array<std::uint8_t, Key::kBytes> bytes{};
  bytes.fill(1);
  return Key(bytes);
}

/// The same, as what signs.
[[nodiscard]] inline const tokens::SigningKey& signing_key() {
  static const tokens::SigningKey kKey(tokens::Algorithm::kHs256, token_key().bytes(), "");
  return kKey;
}

/// 2026-01-01T00:00:00Z.
constexpr Timestamp kNow{std::chrono::seconds(1'767'225'600)};

}  // namespace apiwright::fuzz
