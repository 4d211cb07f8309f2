#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apiwright::passwords {

/// Argon2id's cost (RFC 9106): memory in KiB, passes over it; one lane. The defaults are OWASP's first choice.
struct Parameters {
  static constexpr std::uint32_t kMinMemoryKib = 8;          ///< RFC 9106 §3.1
  static constexpr std::uint32_t kMaxMemoryKib = 1'048'576;  ///< 1 GiB: a damaged or hostile store asks for no more
  static constexpr std::uint32_t kMaxIterations = 64;

  std::uint32_t memory_kib = 19'456;
  std::uint32_t iterations = 2;

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

[[nodiscard]] constexpr bool within_bounds(const Parameters& cost) noexcept {
  return cost.memory_kib >= Parameters::kMinMemoryKib && cost.memory_kib <= Parameters::kMaxMemoryKib &&
         cost.iterations >= 1 && cost.iterations <= Parameters::kMaxIterations;
}

/// Hashes passwords with Argon2id and checks them. Immutable, thread-safe; a call takes `memory_kib` of memory and
/// (at the defaults) about 12 ms of CPU. Passwords are normalised to NFC first, so that one typed on another system is
/// the same. Where there is no memory for a hash, a call throws Error(kUnavailable) with retry_after.
class Hasher {
 public:
  static constexpr std::size_t kMaxPasswordBytes = 1024;  ///< longer ones are refused, before and after NFC; never cut

  /// Throws Error(kValidationError) when the parameters are not within_bounds(): more could be hashed but not verified.
  explicit Hasher(Parameters parameters = {});

  /// A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, 16 random bytes of salt, 32 of hash.
  /// Throws Error(kValidationError) naming `password` when it is empty, over-long or not UTF-8.
  [[nodiscard]] std::string hash(std::string_view password) const;

  /// Returns when `password` is the one behind `phc`, else throws Error(kInvalidCredentials), for an over-long or
  /// malformed password too. A `phc` that is not an Argon2id string, or asks for more than 1 GiB or 64 passes, is
  /// Error(kInternal): the store is damaged. Strings of other makers are taken: up to 16 lanes, 8 to 64 bytes of salt.
  void verify(std::string_view password, std::string_view phc) const;

  /// Takes as long as verify() of a hash made with these parameters and always throws Error(kInvalidCredentials):
  /// for a user who does not exist, or has no password.
  [[noreturn]] void verify_nobody(std::string_view password) const;

  /// True when `phc` was made with a lower memory or fewer passes than this hasher's, or is not one that verify()
  /// takes.
  [[nodiscard]] bool needs_rehash(std::string_view phc) const;

  [[nodiscard]] const Parameters& parameters() const noexcept { return parameters_; }

 private:
  Parameters parameters_;
  std::string nobody_;  ///< random bytes in the shape of a hash with these parameters
};

}  // namespace apiwright::passwords
