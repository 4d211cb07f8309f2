#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/tokens/key_source.hpp"

namespace apiwright::tokens {

/// A token whose signature and header are right; what it says is the caller's to check.
struct OpenToken {
  std::string payload;
  std::uint64_t ring_id;  ///< of the ring that it was checked with
};

/// Signs tokens of one `typ` with the ring of the moment, and opens them. Thread-safe.
class TokenCodec {
 public:
  /// An empty `typ` writes none and takes any.
  TokenCodec(std::shared_ptr<KeySource> keys, std::string typ);

  [[nodiscard]] std::string sign(std::string_view payload, Timestamp now) const;
  /// refuse_token() for anything wrong.
  [[nodiscard]] OpenToken open(std::string_view token, Timestamp now) const;
  [[nodiscard]] std::uint64_t ring_id(Timestamp now) const { return keys_->ring_id(now); }

 private:
  /// A ring with the encoded header of each key's tokens: one that we wrote is found here and needs no reading, which
  /// spares half a microsecond of four.
  struct Headers {
    Keyring ring;
    std::vector<std::string> encoded;
  };

  [[nodiscard]] std::shared_ptr<const Headers> headers(Timestamp now) const;
  [[nodiscard]] const VerifyingKey& key_for(std::string_view encoded_header, const Headers& known) const;

  std::shared_ptr<KeySource> keys_;
  std::string typ_;
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Headers> headers_;
};

}  // namespace apiwright::tokens
