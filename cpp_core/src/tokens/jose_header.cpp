#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "tokens/compact.hpp"
#include "tokens/member_reader.hpp"

namespace apiwright::tokens {
namespace {

/// Parameters that would let a token say how it is to be checked: extensions we have none of (RFC 7515 §4.1.11,
/// RFC 7797) and keys brought along (RFC 8725 §3.10).
constexpr std::array<std::string_view, 6> kForbidden{"crit", "b64", "jwk", "jku", "x5u", "x5c"};

class HeaderReader final : public MemberReader {
 public:
  [[nodiscard]] JoseHeader header() && {
    if (!algorithm_) {
      refuse_token();
    }
    return {.algorithm = *algorithm_, .typ = std::move(typ_), .kid = std::move(kid_)};
  }

 private:
  void on_string(std::string_view name, std::string_view value) override {
    if (name == "alg") {
      algorithm_ = algorithm_named(value);
    } else if (name == "typ") {
      typ_ = value;
    } else if (name == "kid") {
      kid_ = value;
    } else {
      refuse_forbidden(name);
    }
  }
  void on_integer(std::string_view name, std::int64_t /*value*/) override { on_other(name); }
  void on_array(std::string_view name) override { on_other(name); }
  void on_string_element(std::string_view /*name*/, std::string_view /*value*/) override {}
  void on_other_element(std::string_view /*name*/) override {}
  void on_other(std::string_view name) override {
    if (name == "alg" || name == "typ" || name == "kid") {
      refuse_token();
    }
    refuse_forbidden(name);
  }

  static void refuse_forbidden(std::string_view name) {
    if (std::find(kForbidden.begin(), kForbidden.end(), name) != kForbidden.end()) {
      refuse_token();
    }
  }

  std::optional<Algorithm> algorithm_;
  std::string typ_;
  std::optional<std::string> kid_;
};

}  // namespace

JoseHeader read_header(std::string_view json) {
  HeaderReader reader;
  reader.read_object(json);
  return std::move(reader).header();
}

std::string write_header(const VerifyingKey& key, std::string_view typ) {
  std::string json;
  json::Writer writer(json);
  writer.begin_object().member("alg", name_of(key.algorithm()));
  if (!typ.empty()) writer.member("typ", typ);
  if (!key.kid().empty()) writer.member("kid", key.kid());
  writer.end_object();
  return json;
}

}  // namespace apiwright::tokens
