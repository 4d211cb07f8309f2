#include "apiwright/passwords/hasher.hpp"

#include <sodium.h>

#include <chrono>
#include <optional>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/base/random.hpp"
#include "apiwright/base/secret.hpp"
#include "apiwright/base/text.hpp"
#include "passwords/phc.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::size_t kSaltBytes = crypto_pwhash_SALTBYTES;  // 16: RFC 9106 §3.1 recommends it for passwords
constexpr std::size_t kHashBytes = 32;                       // 256 bits: RFC 9106 §4
constexpr std::size_t kBytesPerKib = 1024;
constexpr std::chrono::seconds kRetryAfterNoMemory{1};

[[noreturn]] void refuse_credentials() {
  throw Error(ErrorCode::kInvalidCredentials, "The credentials are not valid.");
}

[[noreturn]] void refuse_for_memory() {
  throw Error::retry_later(ErrorCode::kUnavailable, "The server is out of memory for hashing passwords.",
                           kRetryAfterNoMemory);
}

/// Empty when the password is one that no hash is made of.
std::optional<Secret> normalise(std::string_view password) {
  if (password.size() > Hasher::kMaxPasswordBytes || !is_utf8(password)) {
    return std::nullopt;
  }
  std::string composed = to_nfc(password);
  Secret secret(composed);
  wipe(composed);
  if (secret.reveal().size() > Hasher::kMaxPasswordBytes) {
    return std::nullopt;
  }
  return secret;
}

std::vector<unsigned char> random_bytes(std::size_t count) {
  std::vector<unsigned char> bytes(count);
  fill_random(bytes);
  return bytes;
}

/// Argon2id of `password` with the salt and cost of `phc`, as long as its hash; libsodium's interface has one lane and
/// salts of 16 bytes.
std::vector<unsigned char> argon2id(const Secret& password, const Phc& phc) {
  std::vector<unsigned char> out(phc.hash.size());
  const std::string_view text = password.reveal();
  if (crypto_pwhash(out.data(), out.size(), text.data(), text.size(), phc.salt.data(), phc.parameters.iterations,
                    phc.parameters.memory_kib * kBytesPerKib, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    refuse_for_memory();
  }
  return out;
}

bool matches(const Secret& password, const Phc& phc, std::string_view text) {
  if (phc.lanes == 1 && phc.salt.size() == kSaltBytes) {
    const auto hash = argon2id(password, phc);
    return sodium_memcmp(hash.data(), phc.hash.data(), hash.size()) == 0;
  }
  // Other lanes and salts go through libsodium's own reading of the string, which reports a lack of memory as a
  // mismatch: our own hashes therefore never come here.
  const std::string terminated(text);
  return crypto_pwhash_str_verify(terminated.c_str(), password.reveal().data(), password.reveal().size()) == 0;
}

Parameters checked(Parameters parameters) {
  if (!within_bounds(parameters)) {
    throw Error(ErrorCode::kValidationError,
                "Password hashing takes 8 to 1048576 KiB of memory and 1 to 64 iterations.");
  }
  return parameters;
}

}  // namespace

Hasher::Hasher(Parameters parameters) : parameters_(checked(parameters)) {
  ensure_sodium();
  nobody_ = write_phc(
      {.parameters = parameters_, .lanes = 1, .salt = random_bytes(kSaltBytes), .hash = random_bytes(kHashBytes)});
}

std::string Hasher::hash(std::string_view password) const {
  if (password.empty()) {  // also a Secret whose text was taken already: no hash may be made of that
    throw Error(ErrorCode::kValidationError, "The password is not valid.",
                {{"password", "must not be empty", "min_length"}});
  }
  const std::optional<Secret> secret = normalise(password);
  if (!secret) {
    throw Error(
        ErrorCode::kValidationError, "The password is not valid.",
        {{"password", "must be UTF-8 text of at most 1024 bytes", is_utf8(password) ? "max_length" : "format"}});
  }
  Phc phc{.parameters = parameters_, .lanes = 1, .salt = random_bytes(kSaltBytes), .hash = {}};
  phc.hash.resize(kHashBytes);
  phc.hash = argon2id(*secret, phc);
  return write_phc(phc);
}

void Hasher::verify(std::string_view password, std::string_view phc) const {
  const std::optional<Phc> stored = parse_phc(phc);
  if (!stored) {
    throw Error(ErrorCode::kInternal, "The stored password hash cannot be read.");
  }
  const std::optional<Secret> secret = normalise(password);
  if (!secret || !matches(*secret, *stored, phc)) {
    refuse_credentials();
  }
}

void Hasher::verify_nobody(std::string_view password) const {
  verify(password, nobody_);
  refuse_credentials();
}

bool Hasher::needs_rehash(std::string_view phc) const {
  const std::optional<Phc> stored = parse_phc(phc);
  return !stored || stored->parameters.memory_kib < parameters_.memory_kib ||
         stored->parameters.iterations < parameters_.iterations;
}

}  // namespace apiwright::passwords
