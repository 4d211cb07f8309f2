#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiwright::engine {

/// A range of IP addresses: `10.0.0.0/8`, `::1`, `2001:db8::/32`. IPv4 is held as its IPv4-mapped IPv6 form.
class Network {
 public:
  /// Empty when the text is not an address or range.
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);
  [[nodiscard]] bool contains(std::string_view address) const;

 private:
  std::array<std::uint8_t, 16> prefix_{};
  unsigned bits_ = 128;
};

/// Who really asks: `peer`, unless it is a trusted proxy; then the rightmost address of X-Forwarded-For that is not
/// one. Anything unreadable in the header ends the walk.
[[nodiscard]] std::string client_address(std::string_view peer, std::string_view forwarded_for,
                                         const std::vector<Network>& trusted);

/// What a limit counts as one client: an IPv4 address, or an IPv6 /64 (one household has many addresses).
[[nodiscard]] std::string address_key(std::string_view address);

}  // namespace apiwright::engine
