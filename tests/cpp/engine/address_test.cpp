#include "apiwright/engine/address.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

namespace apiwright::engine {
namespace {

std::vector<Network> networks(std::initializer_list<const char*> texts) {
  std::vector<Network> parsed;
  for (const auto* text : texts) parsed.push_back(Network::parse(text).value());
  return parsed;
}

bool contains(const char* network, std::string_view address) {
  return Network::parse(network).value().contains(address);
}

TEST(Network, holds_the_addresses_that_share_its_prefix) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.0"));
  EXPECT_TRUE(contains("192.0.2.128/25", "192.0.2.255"));
  EXPECT_FALSE(contains("192.0.2.128/25", "192.0.2.127"));
  EXPECT_TRUE(contains("172.16.0.0/12", "172.31.255.255"));
  EXPECT_FALSE(contains("172.16.0.0/12", "172.32.0.0"));
  EXPECT_TRUE(contains("2001:db8::/33", "2001:db8:7fff::1"));
  EXPECT_FALSE(contains("2001:db8::/33", "2001:db8:8000::1"));
}

TEST(Network, of_one_address_holds_that_alone) {
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(contains("::1", "0:0:0:0:0:0:0:1"));
  EXPECT_TRUE(contains("192.0.2.1/32", "192.0.2.1"));
}

TEST(Network, of_no_bits_holds_its_whole_family) {
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_FALSE(contains("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(contains("::/0", "2001:db8::1"));
}

TEST(Network, an_ipv4_mapped_address_is_the_ipv4_address) {
  EXPECT_TRUE(contains("10.0.0.0/8", "::ffff:10.1.2.3"));
  EXPECT_TRUE(contains("::ffff:10.0.0.0/104", "10.1.2.3"));
  EXPECT_FALSE(contains("::ffff:10.0.0.0/104", "11.1.2.3"));
}

TEST(Network, text_that_is_no_network_is_refused) {
  for (const auto* text :
       {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0/8 ",
        " 10.0.0.0", "::/129", "localhost", "10.0.0.0:80", "[::1]", "fe80::1%lo"}) {
    EXPECT_FALSE(Network::parse(text)) << text;
  }
  EXPECT_FALSE(Network::parse(std::string_view("10.0.0.0\0/8", 11)));
  EXPECT_FALSE(contains("::/0", "no address"));
  EXPECT_FALSE(contains("::/0", std::string_view("10.0.0.1\0x", 10)));
}

TEST(ClientAddress, is_the_peer_unless_a_proxy_we_trust) {
  EXPECT_EQ(client_address("203.0.113.9", "192.0.2.1", {}), "203.0.113.9");
  EXPECT_EQ(client_address("203.0.113.9", "192.0.2.1", networks({"10.0.0.0/8"})), "203.0.113.9");
  EXPECT_EQ(client_address("10.0.0.1", "", networks({"10.0.0.0/8"})), "10.0.0.1");
}

TEST(ClientAddress, is_the_rightmost_hop_that_is_no_proxy_of_ours) {
  const auto trusted = networks({"10.0.0.0/8", "::1"});
  EXPECT_EQ(client_address("10.0.0.1", "192.0.2.1", trusted), "192.0.2.1");
  EXPECT_EQ(client_address("10.0.0.1", "198.51.100.7, 192.0.2.1,\t10.0.0.2 ", trusted), "192.0.2.1");
  EXPECT_EQ(client_address("::ffff:10.0.0.1", "192.0.2.1", trusted), "192.0.2.1");
  EXPECT_EQ(client_address("::1", "2001:db8::5", trusted), "2001:db8::5");
  EXPECT_EQ(client_address("10.0.0.1", "10.0.0.3, 10.0.0.2", trusted), "10.0.0.3") << "proxies all the way";
}

TEST(ClientAddress, what_a_client_writes_before_the_proxys_hop_counts_for_nothing) {
  const auto trusted = networks({"10.0.0.0/8"});
  EXPECT_EQ(client_address("10.0.0.1", "127.0.0.1, 10.0.0.9, evil, 192.0.2.1", trusted), "192.0.2.1");
}

TEST(ClientAddress, a_hop_may_name_its_port) {
  const auto trusted = networks({"10.0.0.0/8"});
  EXPECT_EQ(client_address("10.0.0.1", "192.0.2.1:443", trusted), "192.0.2.1");
  EXPECT_EQ(client_address("10.0.0.1", "[2001:db8::1]:443", trusted), "2001:db8::1");
  EXPECT_EQ(client_address("10.0.0.1", "[2001:db8::1]", trusted), "2001:db8::1");
  EXPECT_EQ(client_address("10.0.0.1", "192.0.2.1, 10.0.0.2:80", trusted), "192.0.2.1");
}

TEST(ClientAddress, an_unreadable_hop_ends_the_walk_at_the_last_good_one) {
  const auto trusted = networks({"10.0.0.0/8"});
  for (const std::string hop : {"unknown", "192.0.2.1;x", "", " ", "[", "[]", ":", ":443",
                                "192.0.2.1\r\nset-cookie a=b", "1.2.3.4.5", "<script>", "[192.0.2.1\r\n]"}) {
    EXPECT_EQ(client_address("10.0.0.1", "192.0.2.9, " + hop + ", 10.0.0.2", trusted), "10.0.0.2") << hop;
    EXPECT_EQ(client_address("10.0.0.1", hop, trusted), "10.0.0.1") << hop;
  }
  using std::string_literals::operator""s;
  EXPECT_EQ(client_address("10.0.0.1", "192.0.2.1\0\x1b[2J"s, trusted), "10.0.0.1") << "a NUL ends no address";
}

TEST(ClientAddress, is_clean_whatever_stands_behind_a_port) {
  const auto trusted = networks({"10.0.0.0/8"});
  for (const std::string hop : {"192.0.2.1:\r\nset-cookie", "[192.0.2.1]\r\nset-cookie: a=b", "192.0.2.1:<script>"}) {
    EXPECT_EQ(client_address("10.0.0.1", hop, trusted), "192.0.2.1") << hop;
  }
}

TEST(ClientAddress, a_very_long_header_is_walked_once) {
  std::string header;
  for (int hop = 0; hop < 20'000; ++hop) header += "10.0.0.1,";
  EXPECT_EQ(client_address("10.0.0.1", header + "10.0.0.1", networks({"10.0.0.0/8"})), "10.0.0.1");
}

TEST(AddressKey, is_the_whole_ipv4_address_in_either_form) {
  EXPECT_EQ(address_key("192.0.2.1"), address_key("::ffff:192.0.2.1"));
  EXPECT_NE(address_key("192.0.2.1"), address_key("192.0.2.2"));
}

TEST(AddressKey, is_the_64_of_an_ipv6_address) {
  EXPECT_EQ(address_key("2001:db8:1:2::1"), address_key("2001:DB8:1:2:ffff:ffff:ffff:ffff"));
  EXPECT_NE(address_key("2001:db8:1:2::1"), address_key("2001:db8:1:3::1"));
}

TEST(AddressKey, of_what_is_no_address_is_its_text) {
  EXPECT_EQ(address_key("testclient"), "testclient");
  EXPECT_EQ(address_key(""), "");
}

}  // namespace
}  // namespace apiwright::engine
