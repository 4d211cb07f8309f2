// Merge patches of JSON of any kind: the RFC's examples, another implementation's answers, and limits.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <string>

#include "apiwright/base/error.hpp"
#include "validation/patched_row.hpp"
#include "validation/violations_of.hpp"

namespace apiwright::validation {
namespace {

using Json = nlohmann::json;

SchemaPtr documents() {
  static const SchemaPtr kSchema =
      Schema::make("Document", "documents", {Field::uuid("id").read_only(), Field::json("doc")});
  return kSchema;
}

std::string doc(const std::string& text) { return R"({"doc":)" + text + "}"; }

struct Example {
  std::string original;
  std::string patch;
  std::string result;
};

class AppendixA : public testing::TestWithParam<Example> {};

TEST_P(AppendixA, GivesWhatTheRfcSays) {
  EXPECT_EQ(patched_row(documents(), doc(GetParam().original), doc(GetParam().patch)), doc(GetParam().result));
}

// RFC 7396, appendix A, in its order.
INSTANTIATE_TEST_SUITE_P(Rfc7396, AppendixA,
                         testing::Values(Example{R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})"},
                                         Example{R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})"},
                                         Example{R"({"a":"b"})", R"({"a":null})", R"({})"},
                                         Example{R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})"},
                                         Example{R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})"},
                                         Example{R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})"},
                                         Example{R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})",
                                                 R"({"a":{"b":"d"}})"},
                                         Example{R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})"},
                                         Example{R"(["a","b"])", R"(["c","d"])", R"(["c","d"])"},
                                         Example{R"({"a":"b"})", R"(["c"])", R"(["c"])"},  //
                                         Example{R"({"a":"foo"})", "null", "null"},        //
                                         Example{R"({"a":"foo"})", R"("bar")", R"("bar")"},
                                         Example{R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})"},
                                         Example{R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})"},
                                         Example{R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})"}));

TEST(MergePatchJsonTest, TheRfcsLongerExampleHolds) {  // section 3
  EXPECT_EQ(patched_row(documents(),
                        doc(R"({"title":"Goodbye!","author":{"givenName":"John","familyName":"Doe"},)"
                            R"("tags":["example","sample"],"content":"This will be unchanged"})"),
                        doc(R"({"title":"Hello!","phoneNumber":"+01-123-456-7890","author":{"familyName":null},)"
                            R"("tags":["example"]})")),
            doc(R"({"title":"Hello!","author":{"givenName":"John"},"tags":["example"],)"
                R"("content":"This will be unchanged","phoneNumber":"+01-123-456-7890"})"));
}

TEST(MergePatchJsonTest, NumbersAndTextsStayAsTheyWereWritten) {
  EXPECT_EQ(patched_row(documents(), doc(R"({"a":1.50,"b":12345678901234567890,"c":"\u0001\"","d":1e2})"),
                        doc(R"({"e":0.10})")),
            doc(R"({"a":1.50,"b":12345678901234567890,"c":"\u0001\"","d":1e2,"e":0.10})"));
}

/// Documents of a few names, so that patches meet what is there.
class Random {
 public:
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(engine_); }

  Json any(int depth) {
    switch (below(depth > 0 ? 7 : 4)) {
      case 0:
        return nullptr;
      case 1:
        return below(5);
      case 2:
        return std::string(1, static_cast<char>('a' + below(3)));
      case 3:
        return below(2) == 0;
      case 4: {
        Json array = Json::array();
        for (int i = below(3); i > 0; --i) array.push_back(any(depth - 1));
        return array;
      }
      default:
        return object([&] { return any(depth - 1); });
    }
  }

  template <typename Make>
  Json object(const Make& make) {
    Json made = Json::object();
    for (const char* const name : {"a", "b", "c"}) {
      if (below(2) == 0) made[name] = make();
    }
    return made;
  }

  /// Null, which takes something away, or what `make` gives.
  template <typename Make>
  Json removed_or(bool is_patch, const Make& make) {
    return is_patch && below(4) == 0 ? Json() : make();
  }

 private:
  std::mt19937 engine_{7396};  // the same ones each time
};

TEST(MergePatchJsonTest, RandomDocumentsMergeAsAnotherImplementationMergesThem) {
  Random random;
  for (int i = 0; i < 5000; ++i) {
    Json expected = random.any(4);
    const Json patch = random.any(4);
    const std::string text = patched_row(documents(), doc(expected.dump()), doc(patch.dump()));
    expected.merge_patch(patch);
    ASSERT_EQ(Json::parse(text).at("doc"), expected) << i;
  }
}

/// Nothing required and nothing null: where no schema speaks against it, a row is merged as its document would be.
SchemaPtr trees() {
  const SchemaPtr leaf = Schema::make("Leaf", "", {Field::json("a").optional(), Field::json("b").optional()});
  const SchemaPtr tree =
      Schema::make("Tree", "",
                   {Field::object("a", leaf).optional(), Field::map("b", Field::json("any")).optional(),
                    Field::map("c", Field::map("map", Field::object("leaf", leaf))).optional()});
  return Schema::make("Row", "trees", {Field::object("a", tree).optional(), Field::json("b").optional()});
}

Json leaf_of(Random& random) {
  Json leaf = random.object([&] { return random.any(2); });
  leaf.erase("c");
  return leaf;
}

Json tree_of(Random& random, bool is_patch) {
  const auto leaf = [&] { return random.removed_or(is_patch, [&] { return leaf_of(random); }); };
  Json tree = Json::object();
  if (random.below(3) > 0) tree["a"] = leaf();
  if (random.below(3) > 0) {
    tree["b"] = random.removed_or(is_patch, [&] { return random.object([&] { return random.any(2); }); });
  }
  if (random.below(3) > 0) {
    const auto inner = [&] { return random.removed_or(is_patch, [&] { return random.object(leaf); }); };
    tree["c"] = random.removed_or(is_patch, [&] { return random.object(inner); });
  }
  return tree;
}

Json row_json(Random& random, bool is_patch) {
  Json row = Json::object();
  if (random.below(4) > 0) row["a"] = random.removed_or(is_patch, [&] { return tree_of(random, is_patch); });
  if (random.below(4) > 0) row["b"] = random.any(3);
  if (!is_patch && row.contains("b") && row["b"].is_null()) row.erase("b");  // a column holds no JSON null beside NULL
  return row;
}

TEST(MergePatchJsonTest, RandomRowsMergeAsTheirDocumentsWould) {
  const SchemaPtr schema = trees();
  Random random;
  for (int i = 0; i < 5000; ++i) {
    Json expected = row_json(random, false);
    const Json patch = row_json(random, true);
    const Json changes = Json::parse(patched_row(schema, expected.dump(), patch.dump()));
    Json merged = expected;
    for (const auto& [name, value] : changes.items()) {
      merged[name] = value;
      if (value.is_null()) merged.erase(name);
    }
    expected.merge_patch(patch);
    ASSERT_EQ(merged, expected) << i << " " << patch;
  }
}

std::string array_of(int values) {
  std::string text = "[";
  for (int i = 0; i < values; ++i) text += i == 0 ? "1" : ",1";
  return text + ']';
}

TEST(MergePatchJsonTest, PatchByPatchNoValueGrowsPastADocument) {
  const std::string row = doc(R"({"a":)" + array_of(60'000) + "}");
  EXPECT_EQ(violations_of([&] { (void)patched_row(documents(), row, doc(R"({"b":)" + array_of(39'000) + "}")); }), "");
  EXPECT_EQ(violations_of([&] { (void)patched_row(documents(), row, doc(R"({"b":)" + array_of(41'000) + "}")); }),
            "doc max_length\n");
}

TEST(MergePatchJsonTest, PatchByPatchNoValueGrowsPastTenMebibytes) {
  const std::string half = '"' + std::string(6 * 1024 * 1024, 'x') + '"';
  const std::string row = doc(R"({"a":)" + half + "}");
  EXPECT_EQ(violations_of([&] { (void)patched_row(documents(), row, doc(R"({"b":)" + half + "}")); }),
            "doc max_length\n");
}

TEST(MergePatchJsonTest, WhatTheApplicationStoredPastTheLimitsCanBeMadeSmaller) {
  Record row(documents());
  row.set("doc", validation::Json{R"({"a":)" + array_of(200'000) + R"(,"b":1})"});
  const BodyReader reader(documents(), Mode::kPatch);
  EXPECT_EQ(to_json(merge_patch(row, reader.read(R"({"doc":{"a":null}})")).at("doc")), R"({"b":1})");
  EXPECT_EQ(violations_of([&] { (void)merge_patch(row, reader.read(R"({"doc":{"b":null}})")); }), "doc max_length\n");
}

TEST(MergePatchJsonTest, DepthIsLimited) {
  const std::string deep = std::string(31, '[') + std::string(31, ']');
  EXPECT_EQ(patched_row(documents(), doc("{}"), doc(deep)), doc(deep));
  EXPECT_THROW((void)patched_row(documents(), doc("{}"), doc('[' + deep + ']')), Error);
}

TEST(MergePatchJsonTest, ManyNamesAreMergedInGoodTime) {
  std::string row = "{";
  std::string patch = "{";
  for (int i = 0; i < 24'000; ++i) {
    row += "\"a" + std::to_string(i) + "\":1,";
    patch += (i % 2 == 0 ? "\"a" : "\"b") + std::to_string(i) + (i % 4 == 0 ? "\":null," : "\":2,");
  }
  row.back() = patch.back() = '}';
  Json expected = Json::parse(row);
  expected.merge_patch(Json::parse(patch));
  EXPECT_EQ(Json::parse(patched_row(documents(), doc(row), doc(patch))).at("doc"), expected);
}

TEST(MergePatchJsonTest, ADamagedColumnIsOurFaultAndNotTheClients) {
  Record row(documents());
  row.set("doc", validation::Json{"{\"a\":"});
  try {
    (void)merge_patch(row, BodyReader(documents(), Mode::kPatch).read(R"({"doc":{"b":1}})"));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInternal);
  }
}

}  // namespace
}  // namespace apiwright::validation
