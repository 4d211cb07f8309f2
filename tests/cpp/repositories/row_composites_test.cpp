// Doubles, nested objects, maps, unions and any JSON, through SQLite and back.

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
using validation::Array;
using validation::BodyReader;
using validation::Field;
using validation::Mode;
using validation::Null;
using validation::Object;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

SchemaPtr variant(const std::string& kind, Field own) {
  return Schema::make(kind, "", {Field::enumeration("kind", {kind}), std::move(own)});
}

SchemaPtr samples() {
  static const SchemaPtr kSchema = [] {
    const auto part = Schema::make("Part", "",
                                   {Field::string("sku_code"), Field::decimal("price", 10, 2), Field::uuid("maker"),
                                    Field::date_time("made_at").nullable(), Field::integer("left").optional(),
                                    Field::number("weight").default_value(0.5), Field::email("contact").optional()});
    const auto pet = [](const std::string& name) {
      return Field::tagged_union(
          name, "kind",
          {{"cat", variant("cat", Field::integer("lives"))}, {"dog", variant("dog", Field::string("breed"))}});
    };
    return Schema::make(
        "Sample", "samples",
        {Field::uuid("id").read_only(), Field::number("ratio").nullable(), Field::object("part", part).nullable(),
         Field::array("parts", Field::object("part", part)).nullable(),
         Field::map("stock", Field::number("count").nullable()).nullable(),
         Field::map("by_name", Field::object("part", part)).nullable(), pet("pet").nullable(),
         Field::array("pets", pet("pet")).nullable(), Field::json("extra").nullable(),
         Field::integer("version").read_only()});
  }();
  return kSchema;
}

constexpr std::string_view kPart =
    R"({"skuCode":"a\"b\\\u0001é","price":"12.50","maker":"0198c0de-0000-7000-8000-00000000abcd",)"
    R"("madeAt":"2026-01-01T00:00:00.007Z","weight":0.1})";

std::string body_of_all() {
  const std::string part(kPart);
  return R"({"ratio":-1.7976931348623157e308,"part":)" + part + R"(,"parts":[)" + part + "," + part +
         R"(],"stock":{"":0.1,"z":null,"a":5e-324},"byName":{"x y":)" + part +
         R"(},"pet":{"kind":"dog","breed":"Pug"},"pets":[{"kind":"cat","lives":9},{"kind":"dog","breed":""}],)"
         R"("extra":{"b":[1,1.50,null,{"a":"\n"}],"a":1e300}})";
}

class RowCompositesTest : public testing::Test {
 protected:
  RowCompositesTest() {
    database_->write([](Connection& it) { create_table(it, *samples()); });
  }

  [[nodiscard]] static Record read_body(std::string_view body) {
    return BodyReader(samples(), Mode::kCreate).read(body);
  }
  [[nodiscard]] Record store(Record record) const {
    std::optional<Record> stored;
    database_->write([&](Connection& it) { stored = rows_.insert(it, std::move(record), support::kStart); });
    return *stored;
  }
  [[nodiscard]] Record find(const Record& stored) const {
    std::optional<Record> found;
    database_->read([&](Connection& it) { found = rows_.find(it, stored.at("id").as<Uuid>(), Predicate::always()); });
    return *found;
  }
  [[nodiscard]] std::string written(const Record& stored) const {
    std::string out;
    json::Writer writer(out);
    database_->read([&](Connection& it) {
      rows_.get(it, stored.at("id").as<Uuid>(), Predicate::always(), [&](const Row& row) { row.write(writer); });
    });
    return out;
  }

  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_ = data::Database::open(folder_.url());
  Repository rows_{samples()};
};

TEST_F(RowCompositesTest, every_kind_comes_back_equal) {
  const auto stored = store(read_body(body_of_all()));
  const auto found = find(stored);
  for (const auto& field : samples()->fields()) {
    EXPECT_EQ(found.at(field.name()), stored.at(field.name())) << field.name();
    EXPECT_EQ(to_json(found.at(field.name())), to_json(stored.at(field.name()))) << field.name();
  }
}

TEST_F(RowCompositesTest, what_is_inside_has_its_own_type) {
  const auto found = find(store(read_body(body_of_all())));
  const Record& part = *found.at("part").as<Object>().record;
  EXPECT_EQ(part.at("sku_code"), Value("a\"b\\\u0001é"));
  EXPECT_EQ(part.at("price"), Value(Decimal{.unscaled = 1250, .scale = 2}));
  EXPECT_EQ(part.at("maker"), Value(Uuid::parse("0198c0de-0000-7000-8000-00000000abcd").value()));
  EXPECT_EQ(part.at("made_at"), Value(support::kStart + std::chrono::milliseconds(7)));
  EXPECT_EQ(part.at("weight"), Value(0.1));
  EXPECT_TRUE(part.at("left").is_absent()) << "left out, and not null";
  EXPECT_EQ(found.at("ratio"), Value(-1.7976931348623157e308));
  EXPECT_EQ(found.at("stock").as<validation::Map>().entries.at(2).value, Value(5e-324));
}

TEST_F(RowCompositesTest, an_object_that_came_back_is_of_the_declared_schema) {
  const auto stored = store(read_body(body_of_all()));
  const auto found = find(stored);
  for (const char* const name : {"part", "pet"}) {
    const auto& schema = found.at(name).as<Object>().record->schema();
    EXPECT_EQ(&schema.declared(), &stored.at(name).as<Object>().record->schema()) << name;
  }
  EXPECT_NE(found.at("pet"), Value(found.at("pets").as<Array>().front())) << "another variant";
}

TEST_F(RowCompositesTest, straight_from_the_columns_or_from_a_record_it_is_the_same_json) {
  for (const auto& body : {body_of_all(), std::string("{}")}) {
    const auto stored = store(read_body(body));
    std::string from_record;
    json::Writer writer(from_record);
    write_record(writer, stored);
    EXPECT_EQ(written(stored), from_record);
  }
}

TEST_F(RowCompositesTest, an_answer_can_be_sent_again) {
  const auto stored = store(read_body(body_of_all()));
  auto body = written(stored);
  body = "{" + body.substr(body.find("\"ratio\""));
  body = body.substr(0, body.find(",\"version\"")) + "}";
  const auto again = BodyReader(samples(), Mode::kReplace).read(body);
  std::optional<Record> after;
  database_->write([&](Connection& it) { after = rows_.update(it, find(stored), again, support::kStart); });
  EXPECT_EQ(after->at("version"), Value(1)) << "nothing is different, so nothing is written";
}

TEST_F(RowCompositesTest, a_null_column_and_a_json_null_are_two_things) {
  auto record = read_body("{}");
  EXPECT_TRUE(find(store(record)).at("extra").is_null());
  record = read_body("{}");
  record.set("extra", validation::Json{"null"});
  EXPECT_EQ(find(store(record)).at("extra"), Value(validation::Json{"null"}));
}

TEST_F(RowCompositesTest, what_no_client_could_send_at_once_the_application_reads_again) {
  auto record = read_body("{}");
  Array many;
  const auto pet = read_body(R"({"pet":{"kind":"cat","lives":9}})").at("pet");
  for (int i = 0; i < 60'000; ++i) many.push_back(pet);
  record.set("pets", std::move(many));
  EXPECT_EQ(find(store(record)).at("pets").as<Array>().size(), 60'000U) << "300,000 values in JSON";
}

TEST_F(RowCompositesTest, a_damaged_column_is_our_fault_and_not_the_clients) {
  const auto stored = store(read_body(body_of_all()));
  const auto set = [&](const std::string& column, const char* json) {
    database_->write([&](Connection& it) {
      auto statement = it.prepare("UPDATE samples SET " + column + " = ?");
      statement->bind(1, std::string_view(json));
      statement->step();
    });
  };
  for (const char* const column : {"part", "by_name", "pet", "stock"}) {
    for (const char* const damage : {"{}}", "{7}", R"({"skuCode":1,"kind":1,"x":{}})"}) {
      set(column, damage);
      EXPECT_EQ(error_of([&] { static_cast<void>(find(stored)); }).code(), ErrorCode::kInternal) << column << damage;
    }
    set(column, "{}");
    if (std::string(column) == "pet") set(column, R"({"kind":"cat"})");
    EXPECT_NO_THROW(static_cast<void>(find(stored))) << column;
  }
}

}  // namespace
}  // namespace apiwright::repositories
