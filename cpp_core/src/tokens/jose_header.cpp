#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "tokens/compact.hpp"
#include "tokens/member_reader.hpp"

namespace apiwright::tokens {
namespace {

/// Parameters that would let a token say how it is to be checked: extensions we have none of (RFC 7515 §4.1.11,
/// RFC 7797) and keys brought along (RFC 8725 §3.10).
constexpr std::array<std::string_view, 6> kForbidden{"crit", "b64", "jwk", "jku", "x5u", "x5c"};

class HeaderReader final : public MemberReader {
 public:
  void require_algorithm() const {
    if (!algorithm_is_ours_) {
      refuse_token();
    }
  }
  [[nodiscard]] const std::string& typ() const noexcept { return typ_; }

 private:
  void on_string(std::string_view name, std::string_view value) override {
    if (name == "alg") {
      algorithm_is_ours_ = value == "HS256";
    } else if (name == "typ") {
      typ_ = value;
    } else {
      refuse_forbidden(name);
    }
  }
  void on_integer(std::string_view name, std::int64_t /*value*/) override { on_other(name); }
  void on_array(std::string_view name) override { on_other(name); }
  void on_string_element(std::string_view /*name*/, std::string_view /*value*/) override {}
  void on_other_element(std::string_view /*name*/) override {}
  void on_other(std::string_view name) override {
    if (name == "alg" || name == "typ") {
      refuse_token();
    }
    refuse_forbidden(name);
  }

  static void refuse_forbidden(std::string_view name) {
    if (std::find(kForbidden.begin(), kForbidden.end(), name) != kForbidden.end()) {
      refuse_token();
    }
  }

  bool algorithm_is_ours_ = false;
  std::string typ_;
};

}  // namespace

std::string check_header(std::string_view json) {
  HeaderReader reader;
  reader.read_object(json);
  reader.require_algorithm();
  return reader.typ();
}

}  // namespace apiwright::tokens
