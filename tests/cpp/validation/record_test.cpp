#include "apiwright/validation/record.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace apiwright::validation {
namespace {

class RecordTest : public testing::Test {
 protected:
  Record record_{
      Schema::make("User", "users", {Field::email("email"), Field::string("password"), Field::integer("age")})};
};

TEST_F(RecordTest, BeginsWithEveryFieldAbsent) {
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(record_.at(i).is_absent());
  EXPECT_FALSE(record_.has("email"));
}

TEST_F(RecordTest, HoldsWhatIsSetByNameOrIndex) {
  record_.set("email", "a@b.example");
  record_.set(2, 36);
  EXPECT_EQ(record_.at("email"), Value("a@b.example"));
  EXPECT_EQ(record_.at("age"), Value(36));
  EXPECT_TRUE(record_.has("age"));
}

TEST_F(RecordTest, NullIsHeldToo) {
  record_.set("age", Null{});
  EXPECT_TRUE(record_.has("age"));
  EXPECT_TRUE(record_.at("age").is_null());
}

TEST_F(RecordTest, RefusesAnUnknownNameOrIndex) {
  EXPECT_THROW(record_.set("nope", 1), std::logic_error);
  EXPECT_THROW((void)record_.at("nope"), std::logic_error);
  EXPECT_THROW((void)record_.at(3), std::out_of_range);
}

TEST_F(RecordTest, ASecretIsTakenOnce) {
  record_.set("password", "a password longer than a short string");
  EXPECT_EQ(record_.take_secret("password").reveal(), "a password longer than a short string");
  EXPECT_TRUE(record_.at("password").is_absent());
  EXPECT_EQ(record_.take_secret("password").reveal(), "");
}

TEST_F(RecordTest, TakingASecretWipesTheMemoryItWasIn) {
  record_.set("password", "hunter2");  // short enough to lie inside the Record
  const char* memory = record_.at("password").as<std::string>().data();
  const Secret secret = record_.take_secret("password");
  EXPECT_NE(std::string_view(memory, 7), "hunter2");
}

TEST_F(RecordTest, ANullSecretIsEmptyAndANumberIsNone) {
  record_.set("password", Null{});
  EXPECT_EQ(record_.take_secret("password").reveal(), "");
  record_.set("age", 36);
  EXPECT_THROW((void)record_.take_secret("age"), std::logic_error);
}

TEST_F(RecordTest, ObjectsAreEqualThoughOneWasStored) {
  const auto object_of = [](const SchemaPtr& schema, const char* email) {
    Record record(schema);
    record.set("email", email);
    return Value(Object{std::make_shared<const Record>(std::move(record))});
  };
  const SchemaPtr declared = record_.schema_ptr();
  const SchemaPtr stored = declared->without_constraints();
  EXPECT_EQ(object_of(declared, "a@b.example"), object_of(stored, "a@b.example"));
  EXPECT_NE(object_of(declared, "a@b.example"), object_of(stored, "c@d.example"));
  const SchemaPtr other = Schema::make("Other", "", declared->fields());
  EXPECT_NE(object_of(declared, "a@b.example"), object_of(other, "a@b.example"));
}

}  // namespace
}  // namespace apiwright::validation
