#include "tokens/registered_claims.hpp"

#include <algorithm>

namespace apiwright::tokens {
namespace {

bool is_text_claim(std::string_view name) { return name == "iss" || name == "sub" || name == "jti"; }

}  // namespace

const std::string* RegisteredClaims::missing() const noexcept {
  for (std::size_t i = 0; i < options_.required.size(); ++i) {
    if (!found_.test(i)) return &options_.required[i];
  }
  return nullptr;
}

bool RegisteredClaims::has(std::string_view required) const noexcept {
  for (std::size_t i = 0; i < options_.required.size(); ++i) {
    if (options_.required[i] == required) return found_.test(i);
  }
  return false;
}

void RegisteredClaims::on_string(std::string_view name, std::string_view value) {
  note(name);
  if (name == "iss") {
    has_issuer_ = true;
    issuer_is_ours_ = value == options_.issuer;
  } else if (name == "aud") {
    has_audience_ = true;
    audience_is_ours_ = is_audience(value);
  } else if (name == "jti") {
    has_id_ = true;
  } else if (date(name) != nullptr) {
    fault(name);
  }
}

/// RFC 7519 §2 lets a NumericDate have a fraction; we issue none and accept none.
void RegisteredClaims::on_integer(std::string_view name, std::int64_t value) {
  note(name);
  if (std::optional<Timestamp>* const found = date(name)) {
    if (value < 0 || value > kMaxNumericDate) {
      fault(name);
    } else {
      *found = Timestamp(std::chrono::seconds(value));
    }
  } else if (is_text_claim(name) || name == "aud") {
    fault(name);
  }
}

void RegisteredClaims::on_array(std::string_view name) {
  if (name == "aud") {
    note(name);
    has_audience_ = true;
  } else {
    on_other(name);
  }
}

void RegisteredClaims::on_string_element(std::string_view name, std::string_view value) {
  if (name == "aud") audience_is_ours_ = audience_is_ours_ || is_audience(value);
}

void RegisteredClaims::on_other_element(std::string_view name) {
  if (name == "aud") fault(name);
}

void RegisteredClaims::on_other(std::string_view name) {
  note(name);
  if (is_text_claim(name) || name == "aud" || date(name) != nullptr) fault(name);
}

void RegisteredClaims::on_null(std::string_view name) {
  is_empty_ = false;
  if (is_text_claim(name) || name == "aud" || date(name) != nullptr) fault(name);
}

void RegisteredClaims::note(std::string_view name) noexcept {
  is_empty_ = false;
  for (std::size_t i = 0; i < options_.required.size(); ++i) {
    if (options_.required[i] == name) found_.set(i);
  }
}

void RegisteredClaims::fault(std::string_view name) {
  if (wrong_.empty()) wrong_ = name;
}

std::optional<Timestamp>* RegisteredClaims::date(std::string_view name) noexcept {
  if (name == "iat") return &issued_at_;
  if (name == "exp") return &expires_at_;
  return name == "nbf" ? &not_before_ : nullptr;
}

bool RegisteredClaims::is_audience(std::string_view value) const noexcept {
  return std::find(options_.audiences.begin(), options_.audiences.end(), value) != options_.audiences.end();
}

}  // namespace apiwright::tokens
