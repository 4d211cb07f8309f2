#include "passwords/argon2.hpp"

#include <sodium.h>

#include <utility>

#include "passwords/hashing_memory.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::size_t kMaxTextBytes = 256;  // the longest string within the bounds below takes 223 bytes
constexpr std::size_t kMinSaltBytes = 8;    // RFC 9106 §3.1
constexpr std::uint32_t kMaxLanes = 16;
constexpr std::uint32_t kMinMemoryPerLaneKib = 8;  // RFC 9106 §3.1: m ≥ 8·p
constexpr std::size_t kBytesPerKib = 1024;
constexpr std::string_view kDjango = "argon2$argon2";

static_assert(Parameters::kSaltLength == crypto_pwhash_SALTBYTES);

bool take_variant(StoredText& text, Argon2& argon2) {
  if (text.take("$argon2i$")) {
    argon2.variant = Argon2::Variant::kI;
    return true;
  }
  return text.take("$argon2id$");
}

bool take_costs(StoredText& text, Argon2& argon2) {
  return text.take("v=19$m=") && text.take_number(argon2.memory_kib) && text.take(",t=") &&
         text.take_number(argon2.passes) && text.take(",p=") && text.take_number(argon2.lanes) && text.take("$");
}

bool affordable(const Argon2& argon2) {
  return within_bounds(Parameters{.memory_kib = argon2.memory_kib, .passes = argon2.passes}) &&
         argon2.lanes <= kMaxLanes && argon2.memory_kib >= kMinMemoryPerLaneKib * argon2.lanes;
}

/// libsodium's interface to the function itself: Argon2id (its Argon2i wants three passes), one lane, salts of 16
/// bytes.
void derive(std::string_view password, const Argon2& argon2, Bytes& out) {
  if (crypto_pwhash(out.data(), out.size(), password.data(), password.size(), argon2.salt.data(), argon2.passes,
                    argon2.memory_kib * kBytesPerKib, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    refuse_for_memory();
  }
}

/// Everything else goes through libsodium's own reading of the string, which calls a lack of memory a mismatch.
bool matches_as_text(std::string_view password, const Argon2& argon2) {
  const MemoryRefusals refusals;
  if (crypto_pwhash_str_verify(write_argon2(argon2).c_str(), password.data(), password.size()) == 0) return true;
  if (refusals.any()) refuse_for_memory();
  return false;
}

}  // namespace

bool Argon2::matches(std::string_view password) const {
  if (variant != Variant::kId || lanes != 1 || salt.size() != Parameters::kSaltLength) {
    return matches_as_text(password, *this);
  }
  Bytes made(hash.size());
  derive(password, *this, made);
  return sodium_memcmp(made.data(), hash.data(), hash.size()) == 0;
}

Argon2 make_argon2id(std::string_view password, const Parameters& parameters, Bytes salt) {
  Argon2 argon2{.memory_kib = parameters.memory_kib,
                .passes = parameters.passes,
                .salt = std::move(salt),
                .hash = Bytes(parameters.tag_length)};
  derive(password, argon2, argon2.hash);
  return argon2;
}

std::optional<Argon2> parse_argon2(std::string_view text) {
  if (text.starts_with(kDjango)) text.remove_prefix(kDjango.find('$'));
  Argon2 argon2;
  StoredText reader(text);
  if (text.size() > kMaxTextBytes || !take_variant(reader, argon2) || !take_costs(reader, argon2) ||
      !affordable(argon2)) {
    return std::nullopt;
  }
  const auto salt = reader.take_until('$');
  auto salt_bytes = salt ? decode(*salt, Base64::kPhc, kMinSaltBytes, kMaxSaltBytes) : std::nullopt;
  auto hash = decode(reader.rest(), Base64::kPhc, kMinHashBytes, kMaxHashBytes);
  if (!salt_bytes || !hash) return std::nullopt;
  argon2.salt = std::move(*salt_bytes);
  argon2.hash = std::move(*hash);
  return argon2;
}

std::string write_argon2(const Argon2& argon2) {
  const std::string_view variant = argon2.variant == Argon2::Variant::kId ? "$argon2id" : "$argon2i";
  return std::string(variant) + "$v=19$m=" + std::to_string(argon2.memory_kib) + ",t=" + std::to_string(argon2.passes) +
         ",p=" + std::to_string(argon2.lanes) + "$" + encode(argon2.salt, Base64::kPhc) + "$" +
         encode(argon2.hash, Base64::kPhc);
}

}  // namespace apiwright::passwords
