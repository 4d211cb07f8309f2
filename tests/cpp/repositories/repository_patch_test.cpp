// Merge patches and whole changes, laid over rows.

#include <gtest/gtest.h>

#include <string>

#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/value_json.hpp"
#include "data/temporary_database.hpp"
#include "support/migrated_database.hpp"

namespace apiwright::repositories {
namespace {

using access::Predicate;
using data::Connection;
using data::error_of;
using validation::BodyReader;
using validation::Field;
using validation::Mode;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

SchemaPtr places() {
  static const SchemaPtr kSchema = Schema::make(
      "Place", "places",
      {Field::uuid("id").read_only(),
       Field::object("address", Schema::make("Address", "", {Field::string("street"), Field::string("zip").nullable()}))
           .nullable(),
       Field::map("stock", Field::integer("count")).nullable(), Field::string("email").nullable(),
       Field::string("phone").nullable(), Field::integer("rank").optional(), Field::json("extra").nullable(),
       Field::integer("version").read_only()},
      {{.fields = {"email", "phone"}}});
  return kSchema;
}

constexpr std::string_view kPlace =
    R"({"address":{"street":"High Street","zip":"1"},"stock":{"a":1,"b":2},"email":"a","rank":7,"extra":{"a":{"b":1}}})";

class RepositoryPatchTest : public testing::Test {
 protected:
  RepositoryPatchTest() {
    database_->write([](Connection& it) { create_table(it, *places()); });
  }

  [[nodiscard]] Uuid add(std::string_view body = kPlace) const {
    std::optional<Record> stored;
    database_->write([&](Connection& it) {
      stored = rows_.insert(it, BodyReader(places(), Mode::kCreate).read(body), support::kStart);
    });
    return stored->at("id").as<Uuid>();
  }
  [[nodiscard]] Record find(const Uuid& id) const {
    std::optional<Record> found;
    database_->read([&](Connection& it) { found = rows_.find(it, id, Predicate::always()); });
    return *found;
  }
  [[nodiscard]] std::string json(const Uuid& id, std::string_view name) const { return to_json(find(id).at(name)); }
  void change(const Uuid& id, std::string_view body, Mode mode = Mode::kPatch) const {
    const auto changes = BodyReader(places(), mode).read(body);
    database_->write([&](Connection& it) {
      const auto after = rows_.update(it, id, changes, std::nullopt, support::kStart);
      for (std::size_t i = 0; i < places()->fields().size(); ++i) {
        ASSERT_EQ(after->at(i), rows_.find(it, id, Predicate::always())->at(i)) << "what is told is what is stored";
      }
    });
  }
  [[nodiscard]] Error refusal(const Uuid& id, std::string_view body, Mode mode = Mode::kPatch) const {
    return error_of([&] { change(id, body, mode); });
  }
  [[nodiscard]] std::int64_t version(const Uuid& id) const { return find(id).at("version").as<std::int64_t>(); }

  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_ = data::Database::open(folder_.url());
  Repository rows_{places()};
};

TEST_F(RepositoryPatchTest, a_patch_is_merged_into_what_the_row_holds) {
  const auto id = add();
  change(id, R"({"address":{"zip":"1234"},"stock":{"a":null,"c":3},"extra":{"a":{"c":2}}})");
  EXPECT_EQ(json(id, "address"), R"({"street":"High Street","zip":"1234"})");
  EXPECT_EQ(json(id, "stock"), R"({"b":2,"c":3})");
  EXPECT_EQ(json(id, "extra"), R"({"a":{"b":1,"c":2}})");
  EXPECT_EQ(version(id), 2);
}

TEST_F(RepositoryPatchTest, changes_of_the_application_are_whole) {
  const auto id = add();
  EXPECT_THROW((void)BodyReader(places(), Mode::kChanges).read(R"({"address":{"zip":"1234"}})"), Error);
  change(id, R"({"address":{"street":"A"},"stock":{"c":3},"extra":{"x":1}})", Mode::kChanges);
  EXPECT_EQ(json(id, "address"), R"({"street":"A","zip":null})");
  EXPECT_EQ(json(id, "stock"), R"({"c":3})");
  EXPECT_EQ(json(id, "extra"), R"({"x":1})");
}

TEST_F(RepositoryPatchTest, what_the_row_decides_is_told_with_every_path_and_nothing_is_stored) {
  const auto id = add(R"({"email":"a"})");
  const auto error = refusal(id, R"({"address":{"zip":"1"},"rank":9})");
  EXPECT_EQ(error.code(), ErrorCode::kValidationError);
  ASSERT_EQ(error.details().size(), 1U);
  EXPECT_EQ(error.details().front().field, "address.street");
  EXPECT_EQ(error.details().front().code, "required");
  EXPECT_EQ(version(id), 1);
  EXPECT_TRUE(find(id).at("rank").is_null());
}

TEST_F(RepositoryPatchTest, what_is_optional_can_be_taken_away) {
  const auto id = add();
  change(id, R"({"rank":null})");
  EXPECT_TRUE(find(id).at("rank").is_null());
}

TEST_F(RepositoryPatchTest, what_is_there_already_is_not_written_again) {
  const auto id = add();
  change(id, R"({"address":{"zip":"1"},"stock":{"a":1,"z":null},"extra":{"a":{"b":1}}})");
  change(id, kPlace, Mode::kChanges);
  change(id, R"({"address":{},"extra":{}})");
  EXPECT_EQ(version(id), 1);
}

TEST_F(RepositoryPatchTest, choices_hold_for_the_row_that_a_change_leads_to) {
  const auto id = add();
  for (const Mode mode : {Mode::kPatch, Mode::kChanges}) {
    const auto both = refusal(id, R"({"phone":"1"})", mode);
    EXPECT_EQ(both.code(), ErrorCode::kValidationError);
    EXPECT_EQ(both.details().at(0).field + " " + both.details().at(0).code, "phone exclusive");
    EXPECT_EQ(refusal(id, R"({"email":null})", mode).details().at(0).code, "required");
  }
  change(id, R"({"phone":"1","email":null})");
  EXPECT_EQ(json(id, "phone"), "\"1\"");
}

TEST_F(RepositoryPatchTest, a_row_that_choices_refuse_is_not_written_even_where_the_refusal_is_caught) {
  const auto id = add();
  const auto patch = BodyReader(places(), Mode::kPatch).read(R"({"phone":"1"})");
  database_->write([&](Connection& it) {
    const auto before = rows_.find(it, id, Predicate::always());
    EXPECT_THROW((void)rows_.update(it, *before, patch, support::kStart), Error);
  });
  EXPECT_TRUE(find(id).at("phone").is_null());
}

}  // namespace
}  // namespace apiwright::repositories
