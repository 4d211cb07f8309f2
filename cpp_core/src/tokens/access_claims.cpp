#include "tokens/access_claims.hpp"

#include "apiwright/json/writer.hpp"
#include "tokens/compact.hpp"
#include "tokens/member_reader.hpp"

namespace apiwright::tokens {
namespace {

constexpr std::int64_t kMaxNumericDate = 253'402'300'799;  // 9999-12-31T23:59:59Z, in seconds: Timestamp's last text

Uuid parse_uuid(std::string_view text) {
  const std::optional<Uuid> uuid = Uuid::parse(text);
  if (!uuid) {
    refuse_token();
  }
  return *uuid;
}

/// RFC 7519 §2 lets a NumericDate have a fraction; we issue none and accept none.
Timestamp parse_numeric_date(std::int64_t seconds) {
  if (seconds < 0 || seconds > kMaxNumericDate) {
    refuse_token();
  }
  return Timestamp(std::chrono::seconds(seconds));
}

std::int64_t numeric_date(Timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

template <typename T>
const T& required(const std::optional<T>& claim) {
  if (!claim) {
    refuse_token();
  }
  return *claim;
}

class ClaimsReader final : public MemberReader {
 public:
  ClaimsReader(std::string_view issuer, std::string_view audience) : issuer_(issuer), audience_(audience) {}

  [[nodiscard]] ReadClaims claims() const {
    if (!issuer_matches_ || !audience_matches_) {
      refuse_token();
    }
    return {.claims = {.subject = required(subject_),
                       .session = required(session_),
                       .id = required(id_),
                       .issued_at = required(issued_at_),
                       .expires_at = required(expires_at_)},
            .not_before = not_before_};
  }

 private:
  void on_string(std::string_view name, std::string_view value) override {
    if (name == "iss") {
      issuer_matches_ = value == issuer_;
    } else if (name == "aud") {
      audience_matches_ = value == audience_;
    } else if (std::optional<Uuid>* const uuid = uuid_claim(name)) {
      *uuid = parse_uuid(value);
    } else {
      refuse_known(name);
    }
  }

  void on_integer(std::string_view name, std::int64_t value) override {
    if (std::optional<Timestamp>* const date = date_claim(name)) {
      *date = parse_numeric_date(value);
    } else {
      refuse_known(name);
    }
  }

  void on_array(std::string_view name) override {
    if (name != "aud") {
      refuse_known(name);
    }
  }

  void on_string_element(std::string_view name, std::string_view value) override {
    if (name == "aud") {
      audience_matches_ = audience_matches_ || value == audience_;
    }
  }

  void on_other_element(std::string_view name) override { refuse_known(name); }

  void on_other(std::string_view name) override { refuse_known(name); }

  /// A claim of ours that has another type than it should; other claims may be anything.
  void refuse_known(std::string_view name) {
    if (name == "iss" || name == "aud" || uuid_claim(name) != nullptr || date_claim(name) != nullptr) {
      refuse_token();
    }
  }

  std::optional<Uuid>* uuid_claim(std::string_view name) {
    if (name == "sub") {
      return &subject_;
    }
    if (name == "sid") {
      return &session_;
    }
    return name == "jti" ? &id_ : nullptr;
  }

  std::optional<Timestamp>* date_claim(std::string_view name) {
    if (name == "iat") {
      return &issued_at_;
    }
    if (name == "exp") {
      return &expires_at_;
    }
    return name == "nbf" ? &not_before_ : nullptr;
  }

  std::string_view issuer_;
  std::string_view audience_;
  bool issuer_matches_ = false;
  bool audience_matches_ = false;
  std::optional<Uuid> subject_;
  std::optional<Uuid> session_;
  std::optional<Uuid> id_;
  std::optional<Timestamp> issued_at_;
  std::optional<Timestamp> expires_at_;
  std::optional<Timestamp> not_before_;
};

}  // namespace

ReadClaims read_claims(std::string_view json, std::string_view issuer, std::string_view audience) {
  ClaimsReader reader(issuer, audience);
  reader.read_object(json);
  return reader.claims();
}

std::string write_claims(const AccessClaims& claims, std::string_view issuer, std::string_view audience) {
  constexpr std::size_t kFixedBytes = 224;  // three UUIDs, two dates, names and punctuation
  std::string json;
  json.reserve(kFixedBytes + issuer.size() + audience.size());
  json::Writer(json)
      .begin_object()
      .member("iss", issuer)
      .member("aud", audience)
      .member("sub", claims.subject.to_string())
      .member("sid", claims.session.to_string())
      .member("iat", numeric_date(claims.issued_at))
      .member("exp", numeric_date(claims.expires_at))
      .member("jti", claims.id.to_string())
      .end_object();
  return json;
}

}  // namespace apiwright::tokens
