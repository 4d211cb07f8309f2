#include "passwords/scrypt.hpp"

#include <sodium.h>

#include <bit>
#include <utility>

#include "base/bytes.hpp"
#include "passwords/hashing_memory.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::uint32_t kMaxLog2Cost = 23;
constexpr std::uint32_t kMaxBlockSize = 64;
constexpr std::uint32_t kMaxParallelism = 64;
constexpr std::uint64_t kMaxMemoryBytes = std::uint64_t{1} << 30;
constexpr std::uint64_t kMaxWork = std::uint64_t{1} << 24;  // N·r·p; Django's default has 655,360
constexpr std::size_t kShortHash = 32;                      // passlib's
constexpr std::size_t kLongHash = 64;                       // Django's, and the RFC's vectors
constexpr std::uint64_t kBlockBytes = 128;                  // RFC 7914 §2: a block has 128·r bytes

/// RFC 7914 §6's vector V and blocks B, and libsodium's own blocks beside them.
std::uint64_t memory_bytes(const Scrypt& scrypt) {
  const std::uint64_t cost = std::uint64_t{1} << scrypt.log2_cost;
  return kBlockBytes * scrypt.block_size * (cost + scrypt.parallelism + 2) + 64;
}

bool affordable(const Scrypt& scrypt) {
  if (scrypt.log2_cost < 1 || scrypt.log2_cost > kMaxLog2Cost || scrypt.block_size < 1 ||
      scrypt.block_size > kMaxBlockSize || scrypt.parallelism < 1 || scrypt.parallelism > kMaxParallelism) {
    return false;
  }
  const std::uint64_t work = (std::uint64_t{1} << scrypt.log2_cost) * scrypt.block_size * scrypt.parallelism;
  return work <= kMaxWork && memory_bytes(scrypt) <= kMaxMemoryBytes;
}

std::optional<Scrypt> with_hash(Scrypt scrypt, std::string_view hash, Base64 alphabet) {
  auto bytes = decode(hash, alphabet, kShortHash, kLongHash);
  if (!bytes || (bytes->size() != kShortHash && bytes->size() != kLongHash) || !affordable(scrypt)) return std::nullopt;
  scrypt.hash = std::move(*bytes);
  return scrypt;
}

/// Django's, after `scrypt$`.
std::optional<Scrypt> parse_django(StoredText text) {
  Scrypt scrypt;
  std::uint32_t cost = 0;
  if (!text.take_number(cost) || !std::has_single_bit(cost) || !text.take("$")) return std::nullopt;
  scrypt.log2_cost = static_cast<std::uint32_t>(std::countr_zero(cost));
  const auto salt = text.take_until('$');
  if (!salt || !is_text_salt(*salt) || !text.take_number(scrypt.block_size) || !text.take("$") ||
      !text.take_number(scrypt.parallelism) || !text.take("$")) {
    return std::nullopt;
  }
  scrypt.salt = *salt;
  return with_hash(std::move(scrypt), text.rest(), Base64::kPadded);
}

/// passlib's and PHC's, after `$scrypt$`.
std::optional<Scrypt> parse_passlib(StoredText text) {
  Scrypt scrypt;
  if (!text.take("ln=") || !text.take_number(scrypt.log2_cost) || !text.take(",r=") ||
      !text.take_number(scrypt.block_size) || !text.take(",p=") || !text.take_number(scrypt.parallelism) ||
      !text.take("$")) {
    return std::nullopt;
  }
  const auto salt = text.take_until('$');
  const auto bytes = salt ? decode(*salt, Base64::kPhc, 1, kMaxSaltBytes) : std::nullopt;
  if (!bytes) return std::nullopt;
  scrypt.salt.assign(bytes->begin(), bytes->end());
  return with_hash(std::move(scrypt), text.rest(), Base64::kPhc);
}

}  // namespace

bool Scrypt::matches(std::string_view password) const {
  Bytes made(hash.size());
  if (crypto_pwhash_scryptsalsa208sha256_ll(as_bytes(password), password.size(), as_bytes(salt), salt.size(),
                                            std::uint64_t{1} << log2_cost, block_size, parallelism, made.data(),
                                            made.size()) != 0) {
    refuse_for_memory();
  }
  return sodium_memcmp(made.data(), hash.data(), hash.size()) == 0;
}

std::optional<Scrypt> parse_scrypt(std::string_view text) {
  StoredText reader(text);
  if (reader.take("scrypt$")) return parse_django(reader);
  return reader.take("$scrypt$") ? parse_passlib(reader) : std::nullopt;
}

}  // namespace apiwright::passwords
