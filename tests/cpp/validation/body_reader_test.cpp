#include "apiwright/validation/body_reader.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/validation/violations.hpp"

namespace apiwright::validation {
namespace {

SchemaPtr users() {
  static const SchemaPtr kSchema = Schema::make(
      "User", "users",
      {
          Field::uuid("id").read_only(),
          Field::email("email").unique(),
          Field::string("name").length(1, 100),
          Field::string("password").length(8, 100).optional().write_only().transient(),
          Field::enumeration("status", {"active", "inactive"}).default_value("active"),
          Field::array("roles", Field::string("role").length(1, 8)).items(0, 3).distinct().default_value(Array{}),
          Field::string("nick_name").nullable(),
          Field::integer("age").optional().range(0, 150),
          Field::decimal("credit", 10, 2).optional(),
          Field::boolean("vip").default_value(false),
          Field::date_time("born_at").nullable(),
          Field::string("password_hash").internal().nullable(),
          Field::integer("version").read_only().default_value(1),
      });
  return kSchema;
}

/// The violations of a body, one per line as `field code`.
std::string violations(const BodyReader& reader, std::string_view body) {
  std::string lines;
  try {
    (void)reader.read(body);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    for (const Detail& detail : error.details()) lines += detail.field + " " + detail.code + "\n";
  }
  return lines;
}

std::string message(const BodyReader& reader, std::string_view body) {
  try {
    (void)reader.read(body);
  } catch (const Error& error) {
    return error.details().empty() ? error.message() : error.details().front().message;
  }
  return "";
}

class BodyReaderTest : public testing::Test {
 protected:
  BodyReader create_{users(), Mode::kCreate};
  BodyReader replace_{users(), Mode::kReplace};
  BodyReader patch_{users(), Mode::kPatch};
};

TEST_F(BodyReaderTest, AGoodBodyBecomesTypedValues) {
  const Record record = create_.read(
      R"({"email":"Ada@example.com","name":"Ada","roles":["admin","editor"],"nickName":"A","age":36,
          "credit":"12.5","vip":true,"bornAt":"1815-12-10T00:00:00Z","status":"inactive"})");
  EXPECT_EQ(record.at("email"), Value("Ada@example.com"));
  EXPECT_EQ(record.at("name"), Value("Ada"));
  EXPECT_EQ(record.at("roles"), Value(Array{Value("admin"), Value("editor")}));
  EXPECT_EQ(record.at("nick_name"), Value("A"));
  EXPECT_EQ(record.at("age"), Value(36));
  EXPECT_EQ(record.at("credit"), Value(Decimal{.unscaled = 1250, .scale = 2}));
  EXPECT_EQ(record.at("vip"), Value(true));
  EXPECT_EQ(record.at("born_at"), Value(*parse_timestamp("1815-12-10T00:00:00Z")));
  EXPECT_EQ(record.at("status"), Value("inactive"));
}

TEST_F(BodyReaderTest, NumbersAreReadWithoutBinaryFloats) {
  const Record record = patch_.read(R"({"age":1.5e1,"credit":0.10})");
  EXPECT_EQ(record.at("age"), Value(15));
  EXPECT_EQ(record.at("credit"), Value(Decimal{.unscaled = 10, .scale = 2}));
  EXPECT_EQ(patch_.read(R"({"credit":7})").at("credit"), Value(Decimal{.unscaled = 700, .scale = 2}));
}

TEST_F(BodyReaderTest, CreateFillsDefaultsAndNulls) {
  const Record record = create_.read(R"({"email":"a@b.example","name":"A"})");
  EXPECT_EQ(record.at("status"), Value("active"));
  EXPECT_EQ(record.at("roles"), Value(Array{}));
  EXPECT_EQ(record.at("vip"), Value(false));
  EXPECT_TRUE(record.at("nick_name").is_null());
  EXPECT_TRUE(record.at("age").is_absent());
  EXPECT_TRUE(record.at("password").is_absent());
  EXPECT_TRUE(record.at("id").is_absent());
  EXPECT_EQ(record.at("version"), Value(1));
  EXPECT_TRUE(record.at("password_hash").is_null());
}

TEST_F(BodyReaderTest, ReplaceFillsOnlyWhatTheClientMaySet) {
  const Record record = replace_.read(R"({"email":"a@b.example","name":"A"})");
  EXPECT_EQ(record.at("status"), Value("active"));
  EXPECT_TRUE(record.at("nick_name").is_null());
  EXPECT_TRUE(record.at("version").is_absent());
  EXPECT_TRUE(record.at("password_hash").is_absent());
}

TEST_F(BodyReaderTest, PatchLeavesOutWhatIsLeftOut) {
  const Record record = patch_.read(R"({"name":"B"})");
  EXPECT_EQ(record.at("name"), Value("B"));
  for (std::size_t i = 0; i < users()->fields().size(); ++i) {
    EXPECT_EQ(record.at(i).is_absent(), users()->field(i).name() != "name") << users()->field(i).name();
  }
  EXPECT_NO_THROW((void)patch_.read("{}"));
}

TEST_F(BodyReaderTest, PatchWithNullRemoves) {
  const Record record = patch_.read(R"({"nickName":null,"status":null,"age":null})");
  EXPECT_TRUE(record.at("nick_name").is_null());
  EXPECT_EQ(record.at("status"), Value("active"));
  EXPECT_TRUE(record.at("age").is_null()) << "optional";
  EXPECT_EQ(violations(patch_, R"({"email":null,"password":null})"), "email required\npassword type\n")
      << "what is not stored can't be taken away";
}

TEST_F(BodyReaderTest, NullIsRefusedWhereNothingAllowsIt) {
  EXPECT_TRUE(create_.read(R"({"email":"a@b.example","name":"A","nickName":null})").at("nick_name").is_null());
  EXPECT_EQ(violations(create_, R"({"email":null,"name":null,"status":null,"roles":null})"),
            "email type\nname type\nstatus type\nroles type\n");
  EXPECT_EQ(message(create_, R"({"email":null,"name":"A"})"), "Must not be null.");
}

TEST_F(BodyReaderTest, EveryViolationIsReportedInTheBodysOrderThenWhatIsMissing) {
  EXPECT_EQ(violations(create_, R"({"vip":1,"roles":["ok",5,"far too long"],"id":"x","nope":{"a":[1]},"age":151})"),
            "vip type\nroles[1] type\nroles[2] max_length\nid unknown\nnope unknown\nage max\n"
            "email required\nname required\n");
}

TEST_F(BodyReaderTest, AFieldThatWasBadIsNotMissingToo) {
  EXPECT_EQ(violations(create_, R"({"email":"x","name":7})"), "email format\nname type\n");
}

TEST_F(BodyReaderTest, AContainerWhereAScalarIsDueIsOneViolation) {
  EXPECT_EQ(violations(create_, R"({"email":{"email":"x","name":null},"name":["a",["b"]],"age":{}})"),
            "email type\nname type\nage type\n");
  EXPECT_EQ(violations(patch_, R"({"roles":{"a":1}})"), "roles type\n");
  EXPECT_EQ(violations(patch_, R"({"roles":[["b"],{"c":[]},null,"d"]})"),
            "roles[0] type\nroles[1] type\nroles[2] type\nroles max_length\n");
}

TEST_F(BodyReaderTest, AMemberAfterASkippedOneIsRead) {
  const Record record = patch_.read(R"({"roles":[],"name":"A"})");
  EXPECT_EQ(record.at("name"), Value("A"));
  EXPECT_EQ(violations(patch_, R"({"x":[{"email":"y"}],"email":"bad"})"), "x unknown\nemail format\n");
}

TEST_F(BodyReaderTest, ListsAreBoundedAndDistinct) {
  EXPECT_EQ(violations(patch_, R"({"roles":["a","b","a","b"]})"), "roles max_length\nroles[2] duplicate\n");
  EXPECT_EQ(violations(patch_, R"({"roles":["e\u0301","\u00e9"]})"), "roles[1] duplicate\n");
  const auto few = Schema::make("T", "", {Field::array("xs", Field::integer("x")).items(2, 9)});
  EXPECT_EQ(message(BodyReader(few, Mode::kCreate), R"({"xs":[1]})"), "Must have at least 2 items.");
  EXPECT_EQ(BodyReader(few, Mode::kCreate).read(R"({"xs":[1,1.0]})").at("xs"), Value(Array{Value(1), Value(1)}));
}

TEST_F(BodyReaderTest, DistinctComparesEachKindByItsData) {
  const auto schema = Schema::make(
      "T", "",
      {Field::array("a", Field::decimal("x", 5, 2)).distinct(), Field::array("b", Field::uuid("x")).distinct(),
       Field::array("c", Field::boolean("x").nullable()).distinct()});
  EXPECT_EQ(violations(BodyReader(schema, Mode::kPatch),
                       R"({"a":[1,"1.00"],"b":["0198C1F2-ABCD-7000-8000-000000000000",
                          "0198c1f2-abcd-7000-8000-000000000000"],"c":[null,true,null,false]})"),
            "a[1] duplicate\nb[1] duplicate\nc[2] duplicate\n");
}

TEST_F(BodyReaderTest, UnknownMembersAreRefusedAndReadOnlyOnesSaySo) {
  EXPECT_EQ(message(patch_, R"({"nope":1})"), "Is not a known field.");
  EXPECT_EQ(message(patch_, R"({"version":1})"), "Read-only: the server sets it.");
  EXPECT_EQ(violations(patch_, R"({"nick_name":"wire names only"})"), "nick_name unknown\n");
}

TEST_F(BodyReaderTest, AnInternalFieldLooksLikeNoneAtAll) {
  EXPECT_EQ(message(patch_, R"({"passwordHash":"x"})"), message(patch_, R"({"nope":"x"})"));
  EXPECT_EQ(violations(patch_, R"({"passwordHash":"x"})"), "passwordHash unknown\n");
}

TEST_F(BodyReaderTest, OnlyTheNamedFieldsMayBeSent) {
  const BodyReader reader(users(), Mode::kCreate, {"email", "password"});
  const Record record = reader.read(R"({"email":"a@b.example","password":"correct horse"})");
  EXPECT_EQ(record.at("status"), Value("active"));
  EXPECT_EQ(violations(reader, R"({"email":"a@b.example","name":"A"})"), "name unknown\n");
  EXPECT_TRUE(reader.accepts(users()->index_of("email")));
  EXPECT_FALSE(reader.accepts(users()->index_of("name")));
}

TEST_F(BodyReaderTest, NamingAFieldThatCanNotBeSentIsAMistakeOfTheProgram) {
  EXPECT_THROW(BodyReader(users(), Mode::kPatch, {"id"}), std::logic_error);
  EXPECT_THROW(BodyReader(users(), Mode::kPatch, {"password_hash"}), std::logic_error);
  EXPECT_THROW(BodyReader(users(), Mode::kPatch, {"nope"}), std::logic_error);
}

TEST_F(BodyReaderTest, ADocumentThatIsNoObjectIsOneViolation) {
  for (const char* body : {"[]", "[{\"email\":1},[2]]", "1", "1.5", "\"a\"", "null", "true", "", " \n"}) {
    EXPECT_EQ(violations(create_, body), " type\n") << body;
    EXPECT_EQ(violations(patch_, body), " type\n") << body;
  }
}

TEST_F(BodyReaderTest, WhatIsNoJsonIsMalformed) {
  for (const char* body :
       {"{", "{}{}", "{\"name\":\"A\",\"name\":\"B\"}", "{'a':1}", "\xEF\xBB\xBF{}", "{\"name\":NaN}"}) {
    try {
      (void)patch_.read(body);
      FAIL() << body;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kMalformedJson) << body;
    }
  }
}

TEST_F(BodyReaderTest, LimitsHold) {
  EXPECT_THROW((void)patch_.read(R"({"a":[[[]]]})", json::Limits{.depth = 3}), Error);
  EXPECT_THROW((void)patch_.read(R"({"name":"a long one"})", json::Limits{.bytes = 10}), Error);
}

TEST_F(BodyReaderTest, NoViolationEchoesTheInput) {
  const std::string secret = "hunter2-hunter2";
  for (const std::string field : {"email", "password", "status", "age", "credit", "vip", "bornAt", "roles"}) {
    for (const std::string& value : {"\"" + secret + "\"", "[\"" + secret + secret + "\"]", "{\"" + secret + "\":1}"}) {
      try {
        (void)patch_.read("{\"" + field + "\":" + value + "}");
      } catch (const Error& error) {
        EXPECT_EQ(error.message().find(secret), std::string::npos);
        for (const Detail& detail : error.details()) {
          EXPECT_EQ((detail.field + detail.message + detail.code).find(secret), std::string::npos) << field;
        }
      }
    }
  }
}

TEST_F(BodyReaderTest, AHostileBodyGetsABoundedAnswer) {
  std::string body = "{";
  for (int i = 0; i < 5000; ++i) body += "\"" + std::string(1000, 'x') + std::to_string(i) + "\":1,";
  body.back() = '}';
  try {
    (void)patch_.read(body);
    FAIL();
  } catch (const Error& error) {
    ASSERT_EQ(error.details().size(), Violations::kLimit);
    for (const Detail& detail : error.details()) EXPECT_LT(detail.field.size(), 140U);
  }
}

TEST_F(BodyReaderTest, ASecretComesThroughUnchanged) {
  Record record = patch_.read(R"({"password":"correct horse battery"})");
  EXPECT_EQ(record.take_secret("password").reveal(), "correct horse battery");
}

TEST(BodyReaderServerValuesTest, WhatTheServerSetsIsUnknownToClientsAndAbsentUntilItDoes) {
  const auto schema = Schema::make("Note", "notes",
                                   {Field::uuid("author_id").set_to(ServerValue::kCurrentUser).nullable(),
                                    Field::date_time("opened_at").set_to(ServerValue::kNow)});
  for (const Mode mode : {Mode::kCreate, Mode::kReplace, Mode::kPatch}) {
    const BodyReader reader(schema, mode);
    EXPECT_EQ(violations(reader, R"({"authorId":null,"openedAt":"2026-01-01T00:00:00Z"})"),
              "authorId unknown\nopenedAt unknown\n");
    EXPECT_FALSE(reader.read("{}").has("author_id")) << "null would be a value";
  }
  const auto given = BodyReader::trusting(schema, Mode::kCreate).read(R"({"authorId":null})");
  EXPECT_TRUE(given.at("author_id").is_null());
  EXPECT_FALSE(given.has("opened_at"));
}

TEST_F(BodyReaderTest, ImportingTakesWhatTheServerSetsAndNothingThatIsInNoBody) {
  const auto schema = Schema::make(
      "Note", "notes",
      {Field::uuid("id").read_only(), Field::string("text").optional().write_only(),
       Field::string("hash").nullable().internal(), Field::string("password").optional().write_only().transient()});
  const auto reader = BodyReader::importing(schema);
  const auto record = reader.read(R"({"id":"01000000-0000-7000-8000-000000000001","text":"a"})");
  EXPECT_TRUE(record.has("id"));
  EXPECT_TRUE(record.has("text"));
  for (const auto* const body : {R"({"hash":"a"})", R"({"password":"a"})"}) {
    try {
      static_cast<void>(reader.read(body));
      ADD_FAILURE() << body;
    } catch (const Error& error) {
      EXPECT_EQ(error.details().at(0).code, "unknown");
    }
  }
}

}  // namespace
}  // namespace apiwright::validation
