#include "apiwright/passwords/hasher.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/base/random.hpp"
#include "apiwright/base/secret.hpp"
#include "apiwright/base/text.hpp"
#include "passwords/argon2.hpp"
#include "passwords/hashing_memory.hpp"
#include "passwords/stored_hash.hpp"

namespace apiwright::passwords {
namespace {

[[noreturn]] void refuse_credentials() {
  throw Error(ErrorCode::kInvalidCredentials, "The credentials are not valid.");
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

std::size_t memory_bytes(const Parameters& parameters) { return std::size_t{1024} * parameters.memory_kib; }

Bytes random_bytes(std::size_t count) {
  Bytes bytes(count);
  fill_random(bytes);
  return bytes;
}

void require_within(std::vector<Detail>& details, std::string_view field, std::uint32_t value, std::uint32_t least,
                    std::uint32_t most) {
  if (value >= least && value <= most) return;
  details.push_back({std::string(field), "must be from " + std::to_string(least) + " to " + std::to_string(most),
                     value < least ? "min" : "max"});
}

Parameters checked(Parameters parameters) {
  std::vector<Detail> details;
  require_within(details, "memory_kib", parameters.memory_kib, Parameters::kMinMemoryKib, Parameters::kMaxMemoryKib);
  require_within(details, "passes", parameters.passes, 1, Parameters::kMaxPasses);
  require_within(details, "tag_length", parameters.tag_length, Parameters::kMinTagLength, Parameters::kMaxTagLength);
  if (details.empty()) return parameters;
  throw Error(ErrorCode::kValidationError, "Passwords are not hashed with such parameters.", std::move(details));
}

}  // namespace

Hasher::Hasher(Parameters parameters) : parameters_(checked(parameters)) {
  ensure_sodium();
  nobody_ = write_argon2({.memory_kib = parameters_.memory_kib,
                          .passes = parameters_.passes,
                          .salt = random_bytes(Parameters::kSaltLength),
                          .hash = random_bytes(parameters_.tag_length)});
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
  const HugeHashingMemory memory(memory_bytes(parameters_));
  return write_argon2(make_argon2id(secret->reveal(), parameters_, random_bytes(Parameters::kSaltLength)));
}

void Hasher::verify(std::string_view password, std::string_view phc) const {
  const std::optional<StoredHash> stored = parse_stored(phc);
  if (!stored) {
    throw Error(ErrorCode::kInternal, "The stored password hash cannot be read.");
  }
  const std::optional<Secret> secret = normalise(password);
  if (!secret) refuse_credentials();
  const HugeHashingMemory memory(memory_bytes(parameters_));
  if (matches(*stored, secret->reveal())) return;
  if (secret->reveal() == password || !matches(*stored, password)) refuse_credentials();
}

void Hasher::verify_nobody(std::string_view password) const {
  verify(password, nobody_);
  refuse_credentials();
}

bool Hasher::needs_rehash(std::string_view phc) const {
  const std::optional<Argon2> stored = parse_argon2(phc);
  return !stored || stored->variant != Argon2::Variant::kId || stored->memory_kib < parameters_.memory_kib ||
         stored->passes < parameters_.passes || stored->hash.size() < parameters_.tag_length ||
         write_argon2(*stored) != phc;  // Django's form of it
}

bool Hasher::can_read(std::string_view phc) { return parse_stored(phc).has_value(); }

}  // namespace apiwright::passwords
