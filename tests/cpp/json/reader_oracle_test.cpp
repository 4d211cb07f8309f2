// The reader beside nlohmann's parser: both tell the same of every document of a corpus and of its mutations, but for
// the differences that are named here.

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/error.hpp"
#include "oracle.hpp"
#include "recorder.hpp"

namespace apiwright::json {
namespace {

using testing::Oracle;
using testing::Recorder;

constexpr Limits kNoLimits{.bytes = std::numeric_limits<std::size_t>::max(),
                           .depth = std::numeric_limits<std::size_t>::max(),
                           .values = std::numeric_limits<std::size_t>::max()};

/// The events of a document, or why it was refused.
std::pair<std::string, std::optional<Error>> read_by_us(const std::string& document) {
  Recorder recorder;
  try {
    read(document, recorder, kNoLimits);
  } catch (const Error& error) {
    return {"", error};
  }
  return {recorder.events(), std::nullopt};
}

void expect_agreement(const std::string& document) {
  const auto [events, refusal] = read_by_us(document);
  Oracle oracle;
  const bool accepted = nlohmann::json::sax_parse(document, &oracle);
  if (refusal) {
    EXPECT_TRUE(!accepted || testing::is_stricter_here(document, *refusal)) << document << ": " << refusal->message();
  } else if (!oracle.has_overflow()) {  // 1e400: refused there, handed on here
    EXPECT_TRUE(accepted) << document;
    EXPECT_EQ(events, oracle.events()) << document;
  }
}

constexpr std::array<std::string_view, 14> kCorpus{
    R"({"email":"ada@example.com","name":"Ada \u00c9 \ud83d\ude00","age":36,"tags":["a","b"],"x":null})",
    R"([1,-2,0,-0,9223372036854775807,9223372036854775808,-9223372036854775808,-9223372036854775809])",
    R"([0.0,-0.0,1.50,1e3,1E+03,12.340E-05,1e-400,18446744073709551615,18446744073709551616])",
    R"(["\"\\\/\b\f\n\r\t","\u0041\u20ac","\uDBFF\uDFFF","é€😀",""])",
    R"({"a":{"b":{"c":[[],{},[[{}]]]}},"b":[true,false,null]})",
    " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n",
    R"("a string that is longer than eight bytes, and then some: \\ and é and \u0000")",
    R"([[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]])",
    R"({"a":1,"\u0061b":2,"ab ":3,"":4,"a\tb":5})",
    "true",
    "null",
    "-12.5e-7",
    "\"\xF4\x8F\xBF\xBF\xED\x9F\xBF\xEE\x80\x80\xE0\xA0\x80\xC2\x80\"",
    R"({"alg":"HS256","typ":"at+jwt"})",
};

/// Bytes that mean something in JSON or in UTF-8, rather than any.
constexpr std::string_view kTelling =
    "{}[]:,\"\\/ \t\n\r0123456789-+.eEtfnulabrs'x\x01\x1F\x7F\x80\xBF\xC2\xE2\xED\xF0\xF4\xFF";

class Mutations {
 public:
  [[nodiscard]] std::string next() {
    std::string document(kCorpus[below(kCorpus.size())]);
    for (std::size_t i = below(3) + 1; i > 0; --i) mutate(document);
    return document;
  }

 private:
  void mutate(std::string& document) {
    const std::size_t at = below(document.size() + 1);
    switch (below(5)) {
      case 0:
        document.insert(at, 1, telling());
        break;
      case 1:
        document.erase(at, below(4));
        break;
      case 2:
        if (at < document.size()) document[at] = telling();
        break;
      case 3:
        document.insert(at, document.substr(below(document.size() + 1), below(12)));
        break;
      default:
        document.resize(at);
    }
  }

  [[nodiscard]] char telling() { return kTelling[below(kTelling.size())]; }
  [[nodiscard]] std::size_t below(std::size_t bound) { return engine_() % bound; }

  std::mt19937 engine_{8259};  // NOLINT(cert-msc51-cpp): the same documents each time
};

TEST(JsonOracle, TellsOfEachDocumentWhatNlohmannTells) {
  for (const std::string_view document : kCorpus) {
    expect_agreement(std::string(document));
    EXPECT_FALSE(read_by_us(std::string(document)).second) << document;
  }
}

TEST(JsonOracle, TellsOfEachBeginningOfADocumentWhatNlohmannTells) {
  for (const std::string_view document : kCorpus) {
    for (std::size_t size = 0; size < document.size(); ++size) expect_agreement(std::string(document.substr(0, size)));
  }
}

TEST(JsonOracle, TellsOfMutatedDocumentsWhatNlohmannTells) {
  Mutations mutations;
  std::size_t read = 0;
  for (int i = 0; i < 30'000; ++i) {
    const std::string document = mutations.next();
    expect_agreement(document);
    if (!read_by_us(document).second) ++read;
  }
  EXPECT_GT(read, 1'000U);  // else the mutations would only try what is refused
}

TEST(JsonOracle, TellsOfAllShortTextsOfTellingBytesWhatNlohmannTells) {
  for (const char first : kTelling) {
    for (const char second : kTelling) {
      for (const char third : kTelling) {
        expect_agreement({first, second, third});
        expect_agreement({'"', first, second, third, '"'});
      }
    }
  }
}

}  // namespace
}  // namespace apiwright::json
