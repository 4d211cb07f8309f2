#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/tokens/jwt.hpp"
#include "tokens/member_reader.hpp"

namespace apiwright::tokens {

/// 9999-12-31T23:59:59Z, in seconds: Timestamp's last text.
constexpr std::int64_t kMaxNumericDate = 253'402'300'799;

/// Reads a claims set and notes what RFC 7519 §4.1 registers of it; other claims may be anything. One thread.
class RegisteredClaims final : public MemberReader {
 public:
  explicit RegisteredClaims(const JwtOptions& options) noexcept : options_(options) {}

  [[nodiscard]] bool has_issuer() const noexcept { return has_issuer_; }
  [[nodiscard]] bool has_audience() const noexcept { return has_audience_; }
  [[nodiscard]] bool has_id() const noexcept { return has_id_; }
  [[nodiscard]] bool is_empty() const noexcept { return is_empty_; }
  [[nodiscard]] bool issuer_is_ours() const noexcept { return issuer_is_ours_; }
  [[nodiscard]] bool audience_is_ours() const noexcept { return audience_is_ours_; }
  [[nodiscard]] std::optional<Timestamp> issued_at() const noexcept { return issued_at_; }
  [[nodiscard]] std::optional<Timestamp> expires_at() const noexcept { return expires_at_; }
  [[nodiscard]] std::optional<Timestamp> not_before() const noexcept { return not_before_; }

  /// The first registered claim that has another type than it must; empty when all are right.
  [[nodiscard]] const std::string& wrong() const noexcept { return wrong_; }
  /// The first required claim that is not there; null when all are.
  [[nodiscard]] const std::string* missing() const noexcept;
  /// Whether a required claim is there.
  [[nodiscard]] bool has(std::string_view required) const noexcept;

 private:
  void on_string(std::string_view name, std::string_view value) override;
  void on_integer(std::string_view name, std::int64_t value) override;
  void on_array(std::string_view name) override;
  void on_string_element(std::string_view name, std::string_view value) override;
  void on_other_element(std::string_view name) override;
  void on_other(std::string_view name) override;
  void on_null(std::string_view name) override;

  void note(std::string_view name) noexcept;
  void fault(std::string_view name);
  [[nodiscard]] std::optional<Timestamp>* date(std::string_view name) noexcept;
  [[nodiscard]] bool is_audience(std::string_view value) const noexcept;

  const JwtOptions& options_;
  std::bitset<Jwt::kMaxNames> found_;  ///< of the required ones
  bool is_empty_ = true;
  bool has_issuer_ = false;
  bool has_audience_ = false;
  bool has_id_ = false;
  bool issuer_is_ours_ = false;
  bool audience_is_ours_ = false;
  std::optional<Timestamp> issued_at_;
  std::optional<Timestamp> expires_at_;
  std::optional<Timestamp> not_before_;
  std::string wrong_;
};

}  // namespace apiwright::tokens
