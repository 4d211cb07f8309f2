#include "apiwright/tokens/keyring.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "tokens/jwk.hpp"

namespace apiwright::tokens {
namespace {

std::uint64_t next_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

void require_unique(const std::vector<VerifyingKey>& keys) {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const bool repeated =
        std::any_of(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(i), [&](const auto& key) {
          return key.kid() == keys[i].kid() && (!key.kid().empty() || key.algorithm() == keys[i].algorithm());
        });
    if (repeated)
      refuse_key(member_path("keys[" + std::to_string(i) + ']', "kid"), "Must not be given twice.", "duplicate");
  }
}

std::vector<VerifyingKey> with_first(const SigningKey& first, std::vector<VerifyingKey> others) {
  others.insert(others.begin(), first.verifying_key());
  return others;
}

std::vector<VerifyingKey> read_public_keys(const json::Array& list) {
  std::vector<VerifyingKey> keys;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string at = "keys[" + std::to_string(i) + ']';
    const auto* const jwk = list[i].as<json::Object>();
    if (jwk == nullptr) refuse_key(at, "Must be an object.", "type");
    if (auto key = read_public_key(*jwk, at)) keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace

struct Keyring::State {
  std::optional<SigningKey> active;
  std::vector<VerifyingKey> keys;
  std::uint64_t id;
};

Keyring::Keyring(std::optional<SigningKey> active, std::vector<VerifyingKey> keys) {
  if (keys.size() > kMaxKeys) refuse_key("keys", "Must be at most 16.", "max_length");
  require_unique(keys);
  state_ = std::make_shared<const State>(State{std::move(active), std::move(keys), next_id()});
}

Keyring::Keyring(SigningKey active, std::vector<VerifyingKey> retired)
    : Keyring(std::optional(active), with_first(active, std::move(retired))) {}

Keyring Keyring::unnamed(const Key& key) { return Keyring(SigningKey(Algorithm::kHs256, key.bytes(), "")); }

Keyring Keyring::from_jwks(std::string_view json) {
  const json::Value document = read_jwk(json, kMaxJwksBytes);
  const json::Value* const list = json::find(*document.as<json::Object>(), "keys");
  if (list == nullptr) refuse_key("keys", "Is required.", "required");
  if (list->as<json::Array>() == nullptr) refuse_key("keys", "Must be an array.", "type");
  std::vector<VerifyingKey> keys = read_public_keys(*list->as<json::Array>());
  if (keys.empty()) refuse_key("keys", "Must hold an Ed25519 key for signatures.", "min_length");
  return {std::nullopt, std::move(keys)};
}

std::string Keyring::jwks() const {
  std::string json;
  json::Writer writer(json);
  writer.begin_object().key("keys").begin_array();
  for (const VerifyingKey& key : keys()) {
    if (key.is_public()) writer.raw(key.public_jwk());
  }
  writer.end_array().end_object();
  return json;
}

const VerifyingKey* Keyring::find(Algorithm algorithm, const std::optional<std::string>& kid) const noexcept {
  const VerifyingKey* unnamed = nullptr;
  const VerifyingKey* last = nullptr;
  std::size_t of_algorithm = 0;
  for (const VerifyingKey& key : keys()) {
    if (kid && !kid->empty() && key.kid() == *kid) return key.algorithm() == algorithm ? &key : nullptr;
    if (key.algorithm() != algorithm) continue;
    ++of_algorithm;
    last = &key;
    if (key.kid().empty()) unnamed = &key;
  }
  if (unnamed != nullptr) return unnamed;
  return !kid && of_algorithm == 1 ? last : nullptr;
}

const SigningKey& Keyring::active() const {
  if (!can_sign()) refuse_key("keys", "Hold none that signs.", "required");
  return *state_->active;
}

bool Keyring::can_sign() const noexcept { return state_->active.has_value(); }

std::span<const VerifyingKey> Keyring::keys() const noexcept { return state_->keys; }

std::uint64_t Keyring::id() const noexcept { return state_->id; }

}  // namespace apiwright::tokens
