#include "apiwright/engine/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace apiwright::engine {
namespace {

using Bytes = std::array<std::uint8_t, 16>;

constexpr unsigned kIpv4Offset = 96;  // bits before the IPv4 part of ::ffff:0:0/96

std::optional<Bytes> parse_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  const std::string copy(text);
  Bytes bytes{};
  if (inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1) return bytes;
  std::array<std::uint8_t, 4> ipv4{};
  if (inet_pton(AF_INET, copy.c_str(), ipv4.data()) != 1) return std::nullopt;
  bytes.fill(0);
  bytes[10] = bytes[11] = 0xff;
  std::copy(ipv4.begin(), ipv4.end(), bytes.begin() + 12);
  return bytes;
}

bool is_ipv4(const Bytes& bytes) {
  return std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) && bytes[10] == 0xff &&
         bytes[11] == 0xff;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:443`.
std::string_view without_port(std::string_view hop) {
  if (hop.starts_with('[')) return hop.substr(1, hop.find(']') - 1);
  const auto colon = hop.find(':');
  return colon != std::string_view::npos && colon == hop.rfind(':') ? hop.substr(0, colon) : hop;
}

bool any_contains(const std::vector<Network>& networks, std::string_view address) {
  return std::any_of(networks.begin(), networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address_text = text.substr(0, slash);
  const auto address = parse_address(address_text);
  if (!address) return std::nullopt;
  Network network;
  network.prefix_ = *address;
  if (slash == std::string_view::npos) return network;
  const bool ipv4 = address_text.find(':') == std::string_view::npos;
  unsigned bits = 0;
  const auto digits = text.substr(slash + 1);
  const auto* end = digits.data() + digits.size();
  const auto result = std::from_chars(digits.data(), end, bits);
  if (result.ec != std::errc() || result.ptr != end || bits > (ipv4 ? 32U : 128U)) {
    return std::nullopt;
  }
  network.bits_ = ipv4 ? kIpv4Offset + bits : bits;
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  const auto whole = bits_ / 8;
  if (!std::equal(prefix_.begin(), prefix_.begin() + whole, bytes->begin())) return false;
  const auto rest = bits_ % 8;
  if (rest == 0) return true;
  const auto mask = static_cast<std::uint8_t>(0xff << (8 - rest));
  return (prefix_.at(whole) & mask) == (bytes->at(whole) & mask);
}

std::string client_address(std::string_view peer, std::string_view forwarded_for, const std::vector<Network>& trusted) {
  std::string_view client = peer;
  while (!forwarded_for.empty() && any_contains(trusted, client)) {
    const auto comma = forwarded_for.rfind(',');
    const auto hop =
        without_port(trimmed(comma == std::string_view::npos ? forwarded_for : forwarded_for.substr(comma + 1)));
    if (!parse_address(hop)) break;
    client = hop;
    forwarded_for = comma == std::string_view::npos ? "" : forwarded_for.substr(0, comma);
  }
  return std::string(client);
}

std::string address_key(std::string_view address) {
  auto bytes = parse_address(address);
  if (!bytes) return std::string(address);
  const std::size_t kept = is_ipv4(*bytes) ? 16 : 8;
  return {reinterpret_cast<const char*>(bytes->data()), kept};  // NOLINT(cppcoreguidelines-pro-type-reinterpret-cast)
}

}  // namespace apiwright::engine
