#include "passwords/pbkdf2.hpp"

#include <sodium.h>

#include <array>
#include <cstddef>
#include <utility>

#include "base/bytes.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::uint32_t kMaxIterations = 10'000'000;
constexpr std::array<unsigned char, 4> kFirstBlock{0, 0, 0, 1};  // RFC 8018 §5.2: INT(1)

struct HmacSha256 {
  using State = crypto_auth_hmacsha256_state;
  static constexpr std::size_t kBytes = crypto_auth_hmacsha256_BYTES;
  static constexpr auto kInit = crypto_auth_hmacsha256_init;
  static constexpr auto kUpdate = crypto_auth_hmacsha256_update;
  static constexpr auto kFinal = crypto_auth_hmacsha256_final;
};

struct HmacSha512 {
  using State = crypto_auth_hmacsha512_state;
  static constexpr std::size_t kBytes = crypto_auth_hmacsha512_BYTES;
  static constexpr auto kInit = crypto_auth_hmacsha512_init;
  static constexpr auto kUpdate = crypto_auth_hmacsha512_update;
  static constexpr auto kFinal = crypto_auth_hmacsha512_final;
};

/// The first block of the derived key (RFC 8018 §5.2: T_1), all that a stored hash has. The state that has taken in the
/// password is copied for each iteration, so that it is taken in once.
template <typename Hmac>
class FirstBlock {
 public:
  FirstBlock(std::string_view password, std::string_view salt, std::uint32_t iterations)
      : keyed_(keyed_with(password)), state_(keyed_), round_(first_round(salt)), sum_(round_) {
    for (std::uint32_t done = 1; done < iterations; ++done) iterate();
  }
  ~FirstBlock() {
    sodium_memzero(&keyed_, sizeof keyed_);
    sodium_memzero(&state_, sizeof state_);
    sodium_memzero(round_.data(), round_.size());
    sodium_memzero(sum_.data(), sum_.size());
  }
  FirstBlock(const FirstBlock&) = delete;
  FirstBlock& operator=(const FirstBlock&) = delete;

  [[nodiscard]] bool begins_with(const Bytes& hash) const {
    return sodium_memcmp(sum_.data(), hash.data(), hash.size()) == 0;
  }

 private:
  static typename Hmac::State keyed_with(std::string_view password) {
    typename Hmac::State state{};
    Hmac::kInit(&state, as_bytes(password), password.size());
    return state;
  }

  std::array<unsigned char, Hmac::kBytes> first_round(std::string_view salt) {
    std::array<unsigned char, Hmac::kBytes> round{};
    Hmac::kUpdate(&state_, as_bytes(salt), salt.size());
    Hmac::kUpdate(&state_, kFirstBlock.data(), kFirstBlock.size());
    Hmac::kFinal(&state_, round.data());
    return round;
  }

  void iterate() {
    state_ = keyed_;
    Hmac::kUpdate(&state_, round_.data(), round_.size());
    Hmac::kFinal(&state_, round_.data());
    for (std::size_t index = 0; index < round_.size(); ++index) sum_[index] ^= round_[index];
  }

  // In the order in which they are made: each of those before it.
  typename Hmac::State keyed_;
  typename Hmac::State state_;
  std::array<unsigned char, Hmac::kBytes> round_;
  std::array<unsigned char, Hmac::kBytes> sum_;
};

std::size_t longest(Pbkdf2::Mac mac) {
  return mac == Pbkdf2::Mac::kHmacSha256 ? HmacSha256::kBytes : HmacSha512::kBytes;
}

bool take_iterations(StoredText& text, Pbkdf2& pbkdf2) {
  return text.take_number(pbkdf2.iterations) && pbkdf2.iterations <= kMaxIterations;
}

/// Django's, after `pbkdf2_sha256$`.
std::optional<Pbkdf2> parse_django(StoredText text) {
  Pbkdf2 pbkdf2;
  if (!take_iterations(text, pbkdf2) || !text.take("$")) return std::nullopt;
  const auto salt = text.take_until('$');
  if (!salt || !is_text_salt(*salt)) return std::nullopt;
  auto hash = decode(text.rest(), Base64::kPadded, longest(pbkdf2.mac), longest(pbkdf2.mac));
  if (!hash) return std::nullopt;
  pbkdf2.salt = *salt;
  pbkdf2.hash = std::move(*hash);
  return pbkdf2;
}

/// passlib's and PHC's, which differ in how the costs are written and in the alphabet, after `$pbkdf2-sha256$`.
std::optional<Pbkdf2> parse_modular(Pbkdf2::Mac mac, StoredText text) {
  Pbkdf2 pbkdf2{.mac = mac};
  const bool phc = text.take("i=");
  std::uint32_t length = 0;
  if (!take_iterations(text, pbkdf2) || (phc && (!text.take(",l=") || !text.take_number(length))) || !text.take("$")) {
    return std::nullopt;
  }
  const Base64 alphabet = phc ? Base64::kPhc : Base64::kPasslib;
  const auto salt = text.take_until('$');
  const auto salt_bytes = salt ? decode(*salt, alphabet, 1, kMaxSaltBytes) : std::nullopt;
  auto hash = decode(text.rest(), alphabet, phc ? kMinHashBytes : longest(mac), longest(mac));
  if (!salt_bytes || !hash || (phc && hash->size() != length)) return std::nullopt;
  pbkdf2.salt.assign(salt_bytes->begin(), salt_bytes->end());
  pbkdf2.hash = std::move(*hash);
  return pbkdf2;
}

}  // namespace

bool Pbkdf2::matches(std::string_view password) const {
  return mac == Mac::kHmacSha256 ? FirstBlock<HmacSha256>(password, salt, iterations).begins_with(hash)
                                 : FirstBlock<HmacSha512>(password, salt, iterations).begins_with(hash);
}

std::optional<Pbkdf2> parse_pbkdf2(std::string_view text) {
  StoredText reader(text);
  if (reader.take("pbkdf2_sha256$")) return parse_django(reader);
  if (reader.take("$pbkdf2-sha256$")) return parse_modular(Pbkdf2::Mac::kHmacSha256, reader);
  return reader.take("$pbkdf2-sha512$") ? parse_modular(Pbkdf2::Mac::kHmacSha512, reader) : std::nullopt;
}

}  // namespace apiwright::passwords
