#include "tokens/token_codec.hpp"

#include <utility>

#include "apiwright/base/base64url.hpp"
#include "tokens/compact.hpp"

namespace apiwright::tokens {

TokenCodec::TokenCodec(std::shared_ptr<KeySource> keys, std::string typ)
    : keys_(std::move(keys)), typ_(std::move(typ)) {}

std::string TokenCodec::sign(std::string_view payload, Timestamp now) const {
  const auto known = headers(now);
  const SigningKey& key = known->ring.active();
  return close_compact(known->encoded.front(), payload, key);
}

OpenToken TokenCodec::open(std::string_view token, Timestamp now) const {
  const CompactToken parts = split_compact(token);
  const auto known = headers(now);
  check_signature(parts, key_for(parts.header, *known));
  return {.payload = decode_part(parts.payload), .ring_id = known->ring.id()};
}

const VerifyingKey& TokenCodec::key_for(std::string_view encoded_header, const Headers& known) const {
  for (std::size_t i = 0; i < known.encoded.size(); ++i) {
    if (known.encoded[i] == encoded_header) return known.ring.keys()[i];
  }
  const JoseHeader header = read_header(decode_part(encoded_header));
  const VerifyingKey* const key = known.ring.find(header.algorithm, header.kid);
  if (key == nullptr || !(typ_.empty() || is_type(header.typ, typ_))) {
    refuse_token();
  }
  return *key;
}

std::shared_ptr<const TokenCodec::Headers> TokenCodec::headers(Timestamp now) const {
  const std::uint64_t id = keys_->ring_id(now);
  const std::scoped_lock lock(mutex_);
  if (headers_ == nullptr || headers_->ring.id() != id) {
    Headers made{.ring = keys_->ring(now), .encoded = {}};
    for (const VerifyingKey& key : made.ring.keys()) made.encoded.push_back(encode_base64url(write_header(key, typ_)));
    headers_ = std::make_shared<const Headers>(std::move(made));
  }
  return headers_;
}

}  // namespace apiwright::tokens
