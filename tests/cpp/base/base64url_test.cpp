#include "apiwright/base/base64url.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace apiwright {
namespace {

using std::string_literals::operator""s;

// RFC 4648, section 10, without its padding.
TEST(Base64Url, PassesTheVectorsOfRfc4648) {
  const std::pair<std::string, std::string> vectors[] = {
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(encode_base64url(bytes), text);
    EXPECT_EQ(decode_base64url(text), bytes);
  }
}

TEST(Base64Url, TakesViewsOfNothing) {
  EXPECT_EQ(encode_base64url({}), "");
  EXPECT_EQ(decode_base64url({}), "");
}

// RFC 7515, appendix A.1 and appendix C.
TEST(Base64Url, PassesTheVectorsOfRfc7515) {
  EXPECT_EQ(encode_base64url("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"), "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9");
  EXPECT_EQ(encode_base64url("\x03\xec\xff\xe0\xc1"), "A-z_4ME");
}

TEST(Base64Url, EveryByteComesBack) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    const std::string part = bytes.substr(0, length);
    EXPECT_EQ(decode_base64url(encode_base64url(part)), part);
  }
}

TEST(Base64Url, OnlyTheCanonicalFormIsRead) {
  for (const std::string& text : {
           "Zg=="s,
           "Zm8="s,  // padding
           "Zh"s,
           "Zm9"s,  // unused bits that are not zero
           "Z"s,
           "Zm9vY"s,  // no whole byte
           " Zg"s,
           "Zg\n"s,
           "Zm 9v"s,  // white space
           "A+z/"s,   // the other alphabet
           "Zm9v\0"s,
           "Zm9v\0Zm9v"s,
           "Zm9\xC3\xA9"s,
       }) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace apiwright
