#pragma once

#include <cstdint>
#include <utility>

#include "apiwright/base/timestamp.hpp"
#include "apiwright/tokens/keyring.hpp"

namespace apiwright::tokens {

/// Where the keyring of the moment comes from. Thread-safe.
class KeySource {
 public:
  virtual ~KeySource() = default;
  [[nodiscard]] virtual Keyring ring(Timestamp now) = 0;
  /// Its id alone, at less cost: asked for each token.
  [[nodiscard]] virtual std::uint64_t ring_id(Timestamp now) = 0;
};

/// One ring for good.
class FixedKeys final : public KeySource {
 public:
  explicit FixedKeys(Keyring ring) noexcept : ring_(std::move(ring)) {}
  [[nodiscard]] Keyring ring(Timestamp /*now*/) override { return ring_; }
  [[nodiscard]] std::uint64_t ring_id(Timestamp /*now*/) override { return ring_.id(); }

 private:
  Keyring ring_;
};

}  // namespace apiwright::tokens
