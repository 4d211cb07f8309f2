#include "passwords/bcrypt.hpp"

#include <crypt.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/secret.hpp"
#include "base/bytes.hpp"
#include "passwords/stored_text.hpp"

namespace apiwright::passwords {
namespace {

constexpr std::uint32_t kMinCost = 4;
constexpr std::uint32_t kMaxCost = 15;
constexpr std::size_t kReadBytes = 72;  // of a password, by bcrypt
constexpr std::size_t kSaltChars = 22;
constexpr std::size_t kHashChars = 31;
constexpr std::size_t kSaltAt = 7;  // after `$2b$12$`
constexpr std::string_view kAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
// What the last characters may be: 128 bits of salt leave four bits of 132 unused, 184 of hash two of 186.
constexpr std::string_view kLastOfSalt = ".Oeu";
constexpr std::string_view kLastOfHash = ".CGKOSWaeimquy26";

struct Wiped {
  void operator()(crypt_data* data) const noexcept {
    sodium_memzero(data, sizeof *data);
    delete data;  // NOLINT(cppcoreguidelines-owning-memory)
  }
};

bool canonical(std::string_view salt, std::string_view hash) {
  return salt.size() == kSaltChars && hash.size() == kHashChars &&
         salt.find_first_not_of(kAlphabet) == std::string_view::npos &&
         hash.find_first_not_of(kAlphabet) == std::string_view::npos &&
         kLastOfSalt.find(salt.back()) != std::string_view::npos &&
         kLastOfHash.find(hash.back()) != std::string_view::npos;
}

std::optional<Bcrypt> made_of(Bcrypt::Input input, std::string_view version, std::uint32_t cost, std::string_view salt,
                              std::string_view hash) {
  if (cost < kMinCost || cost > kMaxCost || !canonical(salt, hash)) return std::nullopt;
  const std::string two_digits = (cost < 10 ? "0" : "") + std::to_string(cost);
  return Bcrypt{input, "$" + std::string(version) + "$" + two_digits + "$" + std::string(salt) + std::string(hash)};
}

/// `2b` or another of `versions`, and nothing else.
bool is_version(std::string_view text, std::string_view versions) {
  return text.size() == 2 && text[0] == '2' && versions.find(text[1]) != std::string_view::npos;
}

/// crypt(3)'s own form: the cost has two digits.
std::optional<Bcrypt> parse_raw(Bcrypt::Input input, std::string_view text) {
  if (text.size() != kSaltAt + kSaltChars + kHashChars || text[0] != '$' || text[3] != '$' || text[6] != '$' ||
      !is_version(text.substr(1, 2), "aby")) {
    return std::nullopt;
  }
  StoredText digits(text.substr(4, 2));
  std::uint32_t cost = 0;
  static_cast<void>(digits.take("0"));
  if (!digits.take_number(cost) || !digits.rest().empty()) return std::nullopt;
  return made_of(input, text.substr(1, 2), cost, text.substr(kSaltAt, kSaltChars), text.substr(kSaltAt + kSaltChars));
}

/// passlib's form, after `$bcrypt-sha256$`.
std::optional<Bcrypt> parse_passlib(StoredText text) {
  const bool second = text.take("v=2,t=");
  const auto version = text.take_until(',');
  std::uint32_t cost = 0;
  if (!version || !is_version(*version, second ? "b" : "ab") || (second && !text.take("r=")) ||
      !text.take_number(cost) || !text.take("$")) {
    return std::nullopt;
  }
  const auto salt = text.take_until('$');
  if (!salt) return std::nullopt;
  return made_of(second ? Bcrypt::Input::kBase64HmacSha256 : Bcrypt::Input::kBase64Sha256, *version, cost, *salt,
                 text.rest());
}

template <typename Array>
Secret wiped_text(Array& text) {
  Secret secret(std::string_view(text.data()));
  sodium_memzero(text.data(), text.size());
  return secret;
}

Secret in_hexadecimal(Digest digest) {
  std::array<char, 2 * sizeof(Digest) + 1> text{};
  sodium_bin2hex(text.data(), text.size(), digest.data(), digest.size());
  sodium_memzero(digest.data(), digest.size());
  return wiped_text(text);
}

Secret in_base64(Digest digest) {
  std::array<char, sodium_base64_ENCODED_LEN(sizeof(Digest), sodium_base64_VARIANT_ORIGINAL)> text{};
  sodium_bin2base64(text.data(), text.size(), digest.data(), digest.size(), sodium_base64_VARIANT_ORIGINAL);
  sodium_memzero(digest.data(), digest.size());
  return wiped_text(text);
}

Digest sha256(std::string_view message) {
  Digest digest{};
  crypto_hash_sha256(digest.data(), as_bytes(message), message.size());
  return digest;
}

Secret key_for(const Bcrypt& stored, std::string_view password) {
  const std::string_view salt = std::string_view(stored.setting_and_hash).substr(kSaltAt, kSaltChars);
  switch (stored.input) {
    case Bcrypt::Input::kHexSha256:
      return in_hexadecimal(sha256(password));
    case Bcrypt::Input::kBase64Sha256:
      return in_base64(sha256(password));
    case Bcrypt::Input::kBase64HmacSha256:
      return in_base64(hmac_sha256(password, {as_bytes(salt), salt.size()}));
    case Bcrypt::Input::kPassword:
      break;
  }
  return Secret(password.substr(0, kReadBytes));
}

}  // namespace

bool Bcrypt::matches(std::string_view password) const {
  const Secret key = key_for(*this, password);
  if (key.reveal().find('\0') != std::string_view::npos) return false;  // crypt(3) would read what precedes it alone
  const std::unique_ptr<crypt_data, Wiped> data(new crypt_data{});
  // A Secret's text is a std::string's, which a NUL follows. NOLINTNEXTLINE(bugprone-suspicious-stringview-data-usage)
  const char* const made = crypt_rn(key.reveal().data(), setting_and_hash.c_str(), data.get(), sizeof(crypt_data));
  return made != nullptr && equal_in_constant_time(made, setting_and_hash);
}

std::optional<Bcrypt> parse_bcrypt(std::string_view text) {
  StoredText reader(text);
  if (reader.take("$bcrypt-sha256$")) return parse_passlib(reader);
  if (reader.take("bcrypt_sha256$")) return parse_raw(Bcrypt::Input::kHexSha256, reader.rest());
  if (reader.take("bcrypt$")) return parse_raw(Bcrypt::Input::kPassword, reader.rest());
  return parse_raw(Bcrypt::Input::kPassword, text);
}

}  // namespace apiwright::passwords
