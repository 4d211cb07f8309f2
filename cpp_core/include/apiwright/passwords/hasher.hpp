#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace apiwright::passwords {

/// Argon2id's parameters by RFC 9106's names. The defaults are OWASP's first choice. Not to be chosen: parallelism,
/// which is one lane in libsodium, and the salt length, which is 16 bytes there (RFC 9106 §3.1 recommends that).
struct Parameters {
  static constexpr std::uint32_t kMinMemoryKib = 8;          ///< RFC 9106 §3.1
  static constexpr std::uint32_t kMaxMemoryKib = 1'048'576;  ///< 1 GiB: a damaged or hostile store asks for no more
  static constexpr std::uint32_t kMaxPasses = 64;
  static constexpr std::uint32_t kMinTagLength = 16;  ///< libsodium's least (crypto_pwhash_BYTES_MIN)
  static constexpr std::uint32_t kMaxTagLength = 64;
  static constexpr std::size_t kSaltLength = 16;

  std::uint32_t memory_kib = 19'456;  ///< memory size m
  std::uint32_t passes = 2;           ///< number of passes t over that memory
  std::uint32_t tag_length = 32;      ///< bytes of hash; 256 bits by RFC 9106 §4

  friend bool operator==(const Parameters&, const Parameters&) = default;
};

[[nodiscard]] constexpr bool within_bounds(const Parameters& parameters) noexcept {
  return parameters.memory_kib >= Parameters::kMinMemoryKib && parameters.memory_kib <= Parameters::kMaxMemoryKib &&
         parameters.passes >= 1 && parameters.passes <= Parameters::kMaxPasses &&
         parameters.tag_length >= Parameters::kMinTagLength && parameters.tag_length <= Parameters::kMaxTagLength;
}

/// Hashes passwords with Argon2id and checks them. Immutable, thread-safe; a call takes `memory_kib` of memory and
/// (at the defaults) about 12 ms of CPU. Passwords are normalised to NFC first, so that one typed
/// on another system is the same. Where there is no memory for a hash, a call throws Error(kUnavailable) with
/// retry_after.
///
/// Hashes of other systems are checked as well, so that their users can sign in and get one of ours (needs_rehash()):
/// * Argon2id and Argon2i (v=19, up to 16 lanes, 1 GiB, 64 passes) in the PHC format, or with Django's `argon2` before;
/// * bcrypt: `$2a$`, `$2b$` and `$2y$`, Django's `bcrypt$…` and `bcrypt_sha256$…`, passlib's `$bcrypt-sha256$…` of both
///   versions; up to cost 15. Bare bcrypt reads 72 bytes and so do we; a password with a NUL matches no such hash;
/// * scrypt: Django's `scrypt$…`, passlib's and PHC's `$scrypt$…`; up to 1 GiB and N·r·p of 2^24;
/// * PBKDF2: Django's `pbkdf2_sha256$…`, passlib's and PHC's `$pbkdf2-sha256$…` and `$pbkdf2-sha512$…`; up to 10
///   million iterations. Not over SHA-1.
/// A check takes the time of its own scheme: until such a user has signed in, time tells that the account exists.
class Hasher {
 public:
  static constexpr std::size_t kMaxPasswordBytes = 1024;  ///< longer ones are refused, before and after NFC; never cut

  /// Throws Error(kValidationError) naming every parameter out of bounds: more could be hashed but not verified.
  explicit Hasher(Parameters parameters = {});

  /// A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`, 16 random bytes of salt, `tag_length` of hash.
  /// Throws Error(kValidationError) naming `password` when it is empty, over-long or not UTF-8.
  [[nodiscard]] std::string hash(std::string_view password) const;

  /// Returns when `password` is the one behind `phc`, else throws Error(kInvalidCredentials), for an over-long or
  /// malformed password too. Other systems do not normalise: where NFC changes a password, it is also tried as typed
  /// (two hashes at most). A `phc` that is none of the above or asks for more is Error(kInternal): the store is
  /// damaged.
  void verify(std::string_view password, std::string_view phc) const;

  /// Takes as long as verify() of a hash made with these parameters and always throws Error(kInvalidCredentials):
  /// for a user who does not exist, or has no password.
  [[noreturn]] void verify_nobody(std::string_view password) const;

  /// True when `phc` is not Argon2id in the PHC format, or was made with less memory, fewer passes or a shorter tag
  /// than this hasher's.
  [[nodiscard]] bool needs_rehash(std::string_view phc) const;

  /// Whether verify() takes `phc`. Hashes nothing.
  [[nodiscard]] static bool can_read(std::string_view phc);

  [[nodiscard]] const Parameters& parameters() const noexcept { return parameters_; }

 private:
  Parameters parameters_;
  std::string nobody_;  ///< random bytes in the shape of a hash with these parameters
};

}  // namespace apiwright::passwords
