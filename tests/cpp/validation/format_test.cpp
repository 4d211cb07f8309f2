#include "apiwright/validation/format.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace apiwright::validation {
namespace {

using std::chrono::microseconds;
using Texts = std::vector<std::string>;

void expect_all(Format format, const Texts& texts, bool expected) {
  for (const std::string& text : texts) EXPECT_EQ(has_format(format, text), expected) << name_of(format) << ' ' << text;
}

constexpr std::array kFormats{Format::kUri,  Format::kDate, Format::kTime,    Format::kDuration,
                              Format::kIpv4, Format::kIpv6, Format::kHostname};

TEST(FormatTest, NamesAreThoseOfJsonSchema) {
  EXPECT_EQ(name_of(Format::kNone), "");
  EXPECT_EQ(name_of(Format::kUri), "uri");
  EXPECT_EQ(name_of(Format::kDate), "date");
  EXPECT_EQ(name_of(Format::kTime), "time");
  EXPECT_EQ(name_of(Format::kDuration), "duration");
  EXPECT_EQ(name_of(Format::kIpv4), "ipv4");
  EXPECT_EQ(name_of(Format::kIpv6), "ipv6");
  EXPECT_EQ(name_of(Format::kHostname), "hostname");
}

TEST(FormatTest, NoFormatTakesAnything) { expect_all(Format::kNone, {"", "x", std::string(1, '\0')}, true); }

TEST(FormatTest, NoFormatTakesNothingAtAllOrWhatStandsAroundIt) {
  const Texts good{"http://a.example", "2026-01-31", "23:59:59Z", "PT1S", "127.0.0.1", "::1", "a.example"};
  for (std::size_t i = 0; i < kFormats.size(); ++i) {
    ASSERT_TRUE(has_format(kFormats.at(i), good[i])) << good[i];
    const std::string nul(1, '\0');
    expect_all(kFormats.at(i), {"", " " + good[i], good[i] + " ", good[i] + "\n", good[i] + nul, nul + good[i]}, false);
    expect_all(kFormats.at(i), {good[i] + "\xC3\xA9", "\xED\xA0\x80", "\xFF" + good[i]}, false);
  }
}

// RFC 3986 §1.1.2.
TEST(FormatTest, TheUrisOfTheRfcAreUris) {
  expect_all(Format::kUri,
             {"ftp://ftp.is.co.za/rfc/rfc1808.txt", "http://www.ietf.org/rfc/rfc2396.txt",
              "ldap://[2001:db8::7]/c=GB?objectClass?one", "mailto:John.Doe@example.com",
              "news:comp.infosystems.www.servers.unix", "tel:+1-816-555-1212", "telnet://192.0.2.16:80/",
              "urn:oasis:names:specification:docbook:dtd:xml:4.1.2"},
             true);
}

// RFC 3986 §3, §3.2 and §3.3.
TEST(FormatTest, AuthoritiesPathsAndEscapesOfUris) {
  expect_all(Format::kUri,
             {"foo://example.com:8042/over/there?name=ferret#nose", "file:///etc/hosts", "http://a:b:c@h.example/",
              "http://h.example:/", "a+b-c.1:x", "http://h.example/%C3%A9", "http://h.example/?q=/?@:"},
             true);
  expect_all(Format::kUri, {"//example.com/", "/path",         "example.com",   "1http://a",     ":x",
                            "+a:b",           "ht tp://a",     "http://a b/",   "http://a/%",    "http://a/%2",
                            "http://a/%zz",   "http://a/#b#c", "http://a:80a/", "http://a:-1/",  "http://[::1",
                            "http://[::1]x/", "http://[::g]/", "http://::1/",   "http://a@b@c/", "http://a/[x]",
                            "http://a\\b/",   "http://a/<b>",  "http://a/\"",   "urn:[x]",       "h\xC3\xA9:x"},
             false);
}

// RFC 3339 §5.6, §5.7.
TEST(FormatTest, DatesAreDaysThatThereAre) {
  expect_all(Format::kDate, {"1985-04-12", "0001-01-01", "9999-12-31", "2024-02-29", "2000-02-29"}, true);
  expect_all(Format::kDate,
             {"0000-01-01", "2023-02-29", "1900-02-29", "2026-04-31", "2026-00-10", "2026-13-01", "2026-01-00",
              "2026-01-32", "2026-1-01", "26-01-01", "20260101", "2026-01-01Z", "2026-001", "+026-01-01", "-026-01-01",
              "10000-01-01", "2026/01/01", "2026-W01-1"},
             false);
}

// RFC 3339 §5.8.
TEST(FormatTest, TimesMayHaveAFractionAndAnOffset) {
  expect_all(Format::kTime,
             {"23:20:50.52Z", "16:39:57-08:00", "12:00:27.87+00:20", "00:00:00", "23:59:59.999999", "12:00:00z",
              "12:00:00+23:59", "12:00:00-00:00"},
             true);
  expect_all(Format::kTime,
             {"24:00:00", "23:60:00", "23:59:60Z", "12:00", "1:00:00", "12:00:00.", "12:00:00.Z", "12:00:00.1234567",
              "12:00:00,5", "12:00:00+24:00", "12:00:00+01:60", "12:00:00+0100", "12:00:00+01", "12:00:00ZZ",
              "12:00:00+01:00Z", "-1:00:00", "12:00:+1", "T12:00:00"},
             false);
}

TEST(FormatTest, DurationsAreDaysAndTimesOrWeeks) {
  EXPECT_EQ(parse_duration("P2W"), std::chrono::days(14));
  EXPECT_EQ(parse_duration("P1DT2H"), std::chrono::hours(26));
  EXPECT_EQ(parse_duration("P4DT12H30M5S"), std::chrono::seconds(4 * 86'400 + 12 * 3'600 + 30 * 60 + 5));
  EXPECT_EQ(parse_duration("PT36H"), std::chrono::hours(36));
  EXPECT_EQ(parse_duration("PT1M"), std::chrono::minutes(1));
  EXPECT_EQ(parse_duration("PT0S"), microseconds(0));
  EXPECT_EQ(parse_duration("PT0.000001S"), microseconds(1));
  EXPECT_EQ(parse_duration("PT1.5S"), microseconds(1'500'000));
  EXPECT_EQ(parse_duration("PT007S"), std::chrono::seconds(7));
}

TEST(FormatTest, OtherDurationsAreRefused) {
  expect_all(Format::kDuration,
             {"P",       "PT",    "P1DT",    "P1",       "1D",    "p1D",          "P1d",    "P1Y",     "P1M",
              "P1Y2M",   "P1W2D", "P1DT1W",  "P1WT1H",   "PT1D",  "P1H",          "PT1S1M", "PT1H1H",  "P1D1D",
              "PT.5S",   "PT1.S", "PT1.5M",  "PT1.5H1S", "P0.5D", "PT1,5S",       "-P1D",   "P-1D",    "P+1D",
              "PT1HT1M", "TP1D",  "P1D T1H", "PTS",      "PD",    "PT1.1234567S", "P1.5W",  "PT1.5.5S"},
             false);
}

TEST(FormatTest, ADurationEndsAtAHundredMillionDays) {
  constexpr std::chrono::days kMost(100'000'000);
  EXPECT_EQ(parse_duration("P100000000D"), kMost);
  EXPECT_EQ(parse_duration("PT8640000000000S"), kMost);
  EXPECT_EQ(parse_duration("P99999999DT23H59M59.999999S"), microseconds(kMost) - microseconds(1));
  for (const char* text :
       {"P100000001D", "PT8640000000001S", "P100000000DT1S", "P100000000DT0.000001S", "P14285715W",
        "P99999999DT9999999999999M", "P999999999999999999D", "P9223372036854775808D", "PT18446744073709551617S"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
  EXPECT_EQ(parse_duration("PT" + std::string(100'000, '9') + "S"), std::nullopt);
}

// RFC 2673 §3.2.
TEST(FormatTest, AnIpv4AddressIsFourDecimalNumbers) {
  expect_all(Format::kIpv4, {"0.0.0.0", "255.255.255.255", "192.0.2.1"}, true);
  expect_all(Format::kIpv4,
             {"256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.04", "0x7f.0.0.1", "127.1", "2130706433", "1..2.3",
              "1.2.3.", ".1.2.3", "1.2.3.4/8", "-1.2.3.4", "1,2,3,4", "\xD9\xA1.2.3.4"},
             false);
}

// RFC 4291 §2.2.
TEST(FormatTest, AnIpv6AddressMayBeShortenedOnce) {
  expect_all(Format::kIpv6,
             {"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "2001:DB8:0:0:8:800:200C:417A", "2001:DB8::8:800:200C:417A",
              "FF01::101", "::1", "::", "0:0:0:0:0:0:13.1.68.3", "::13.1.68.3", "::FFFF:129.144.52.38",
              "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255"},
             true);
  expect_all(Format::kIpv6,
             {":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "::g", "fe80::1%eth0", "[::1]",
              "::1/128", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3", "::1.2.3.256", "1.2.3.4", "::01.2.3.4"},
             false);
}

// RFC 1123 §2.1.
TEST(FormatTest, AHostnameIsLabelsOfLettersDigitsAndHyphens) {
  const std::string label(63, 'a');
  const std::string longest = label + "." + label + "." + label + "." + std::string(61, 'a');
  ASSERT_EQ(longest.size(), 253U);
  expect_all(Format::kHostname,
             {"localhost", "www.example.com", "3com.com", "xn--bcher-kva.example", "a-b", label, longest, "127.0.0.1"},
             true);
  expect_all(Format::kHostname,
             {".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a-.b", "a_b", "a b",
              "b\xC3\xBC"
              "cher.example",
              label + "a", longest + "a", "a:80", "*.example.com"},
             false);
}

TEST(FormatTest, LongTextsAreRefusedOrTakenInLinearTime) {
  const std::size_t size = 1 << 20;
  expect_all(Format::kUri, {"a:" + std::string(size, 'x'), "http://a/" + std::string(size, '@')}, true);
  expect_all(Format::kUri, {"http://" + std::string(size, '@'), "a:" + std::string(size, '%')}, false);
  for (const Format format : kFormats) {
    if (format == Format::kUri) continue;
    for (const char c : {'1', 'a', ':', '.', 'P'}) EXPECT_FALSE(has_format(format, std::string(size, c)));
  }
}

}  // namespace
}  // namespace apiwright::validation
