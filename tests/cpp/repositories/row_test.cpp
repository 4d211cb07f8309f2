#include "apiwright/repositories/row.hpp"

#include <gtest/gtest.h>

#include <string>

#include "apiwright/repositories/repository.hpp"
#include "support/people.hpp"

namespace apiwright::repositories {
namespace {

using access::FieldGrants;
using access::FieldRules;
using access::Predicate;
using access::Principal;
using access::Rule;
using validation::Array;
using validation::Field;
using validation::Null;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Value;

const Principal kAdmin{Uuid{}, Uuid{}, {"admin"}};
const Principal kUser{Uuid{}, Uuid{}, {"editor"}};
const Principal kOwner{Uuid::parse("0198c0de-0000-7000-8000-00000000abcd").value(), Uuid{}, {}};

SchemaPtr samples() {
  return Schema::make("Sample", "samples",
                      {
                          Field::uuid("id").read_only(),
                          Field::string("text").nullable(),
                          Field::email("contact").nullable(),
                          Field::enumeration("state", {"on", "off"}).nullable(),
                          Field::integer("big_count").nullable(),
                          Field::decimal("price", 18, 2).nullable(),
                          Field::boolean("flag").nullable(),
                          Field::date_time("seen_at").nullable(),
                          Field::uuid("owner").nullable(),
                          Field::array("tags", Field::string("tag")).nullable(),
                          Field::array("numbers", Field::integer("number")).nullable(),
                          Field::array("times", Field::date_time("time")).nullable(),
                          Field::string("salary").nullable(),
                          Field::string("pin").nullable().write_only(),
                          Field::string("plain_pin").nullable().write_only().transient(),
                          Field::string("digest").nullable().internal(),
                          Field::string("last").nullable(),
                      });
}

class RowTest : public testing::Test {
 protected:
  RowTest() {
    database.execute(
        "CREATE TABLE samples (id TEXT PRIMARY KEY, text TEXT, contact TEXT, state TEXT, big_count INTEGER, "
        "price INTEGER, flag INTEGER, seen_at INTEGER, owner TEXT, tags TEXT, numbers TEXT, times TEXT, salary TEXT, "
        "pin TEXT, digest TEXT, last TEXT) STRICT");
  }

  support::MigratedDatabase database;
  Repository rows{samples()};

  [[nodiscard]] Record full() const {
    Record record(rows.schema());
    record.set("text", std::string("\"quotes\" \\ / \u0001\n \u00e9 \U0001F600 </script>"));
    record.set("contact", std::string("Ada@B\u00fccher.example"));
    record.set("state", std::string("off"));
    record.set("big_count", INT64_MIN);
    record.set("price", Decimal{-5, 2});
    record.set("flag", false);
    record.set("seen_at", support::kStart + std::chrono::milliseconds(7));
    record.set("owner", Uuid::parse("0198c0de-0000-7000-8000-00000000abcd").value());
    record.set("tags", support::texts({"\"a\"", "b\\", "", "\u00e9\U0001F600", "\u0001\n"}));
    record.set("numbers", Array{Value(INT64_MAX), Value(std::int64_t{-1})});
    record.set("times", Array{Value(support::kStart)});
    record.set("salary", std::string("known to admins"));
    record.set("pin", std::string("write-only"));
    record.set("plain_pin", std::string("transient"));
    record.set("digest", std::string("internal"));
    record.set("last", std::string("end"));
    return record;
  }
  [[nodiscard]] Record store(Record record) const {
    return database.write(
        [&](data::Connection& connection) { return rows.insert(connection, std::move(record), support::kStart); });
  }
  // Salaries are for admins and for whoever owns the row, the last field for nobody.
  [[nodiscard]] FieldGrants grants(const Principal* viewer) const {
    const auto oneself = Rule::any_of({Rule::role("admin"), Rule::owner("owner")});
    return FieldRules(rows.schema(), {{"salary", oneself}, {"flag", Rule::nobody()}}).grants(viewer);
  }
  [[nodiscard]] std::string written(const Uuid& id, const FieldGrants& readable = {}) const {
    std::string out;
    json::Writer writer(out);
    database.read([&](data::Connection& connection) {
      rows.get(connection, id, Predicate::always(), [&](const Row& row) { row.write(writer, readable); });
    });
    return out;
  }
  [[nodiscard]] static std::string written(const Record& record, const FieldGrants& readable = {}) {
    std::string out;
    json::Writer writer(out);
    write_record(writer, record, readable);
    return out;
  }
};

TEST_F(RowTest, every_kind_comes_back_in_its_own_type) {
  const auto stored = store(full());
  const auto found = database.read([&](data::Connection& connection) {
    return rows.find(connection, stored.at("id").as<Uuid>(), Predicate::always());
  });
  ASSERT_TRUE(found);
  for (const auto& field : rows.schema()->fields()) {
    if (field.is_transient()) continue;
    EXPECT_EQ(found->at(field.name()), stored.at(field.name())) << field.name();
  }
  EXPECT_TRUE(found->at("plain_pin").is_absent());
}

TEST_F(RowTest, straight_from_the_columns_or_from_a_record_it_is_the_same_json) {
  for (auto record : {full(), Record(rows.schema())}) {
    const auto stored = store(std::move(record));
    const auto id = stored.at("id").as<Uuid>();
    EXPECT_EQ(written(id), written(stored));
    for (const Principal* viewer : std::initializer_list<const Principal*>{nullptr, &kUser, &kAdmin, &kOwner}) {
      EXPECT_EQ(written(id, grants(viewer)), written(stored, grants(viewer)));
    }
  }
}

TEST_F(RowTest, the_wire_has_camel_case_names_and_each_kinds_form) {
  auto record = full();
  record.set("id", Uuid::parse("0198c0de-0000-7000-8000-000000000001").value());
  const auto stored = store(std::move(record));
  EXPECT_EQ(written(stored.at("id").as<Uuid>()),
            "{\"id\":\"0198c0de-0000-7000-8000-000000000001\","
            "\"text\":\"\\\"quotes\\\" \\\\ / \\u0001\\n \u00e9 \U0001F600 </script>\","
            "\"contact\":\"Ada@B\u00fccher.example\",\"state\":\"off\",\"bigCount\":-9223372036854775808,"
            "\"price\":\"-0.05\",\"flag\":false,\"seenAt\":\"2026-01-01T00:00:00.007Z\","
            "\"owner\":\"0198c0de-0000-7000-8000-00000000abcd\","
            "\"tags\":[\"\\\"a\\\"\",\"b\\\\\",\"\",\"\u00e9\U0001F600\",\"\\u0001\\n\"],"
            "\"numbers\":[9223372036854775807,-1],\"times\":[\"2026-01-01T00:00:00.000Z\"],"
            "\"salary\":\"known to admins\",\"last\":\"end\"}");
}

TEST_F(RowTest, what_is_write_only_internal_or_transient_is_shown_to_nobody) {
  const auto stored = store(full());
  for (const auto& readable : {FieldGrants(), grants(&kAdmin)}) {
    const auto json =
        written(stored.at("id").as<Uuid>(), readable) + written(stored, readable) + written(full(), readable);
    for (const auto* hidden : {"pin", "write-only", "transient", "digest", "internal"}) {
      EXPECT_EQ(json.find(hidden), std::string::npos) << hidden;
    }
    EXPECT_NE(json.find("\"last\":\"end\""), std::string::npos) << "columns keep their places";
  }
}

TEST_F(RowTest, a_field_is_left_out_where_its_rule_does_not_hold_on_the_row) {
  const auto owned = store(full()).at("id").as<Uuid>();
  auto record = full();
  record.set("owner", Null{});
  const auto ownerless = store(std::move(record)).at("id").as<Uuid>();
  const auto shows = [&](const Uuid& id, const Principal* viewer) {
    const auto json = written(id, grants(viewer));
    EXPECT_EQ(json.find("\"flag\""), std::string::npos);
    EXPECT_NE(json.find("\"price\":\"-0.05\",\"seenAt\""), std::string::npos) << "columns keep their places";
    return json.find("salary") != std::string::npos;
  };
  EXPECT_TRUE(shows(owned, &kAdmin));
  EXPECT_TRUE(shows(ownerless, &kAdmin));
  EXPECT_TRUE(shows(owned, &kOwner));
  EXPECT_FALSE(shows(ownerless, &kOwner)) << "unknown is not true";
  EXPECT_FALSE(shows(owned, &kUser));
  EXPECT_FALSE(shows(owned, nullptr));
}

TEST_F(RowTest, an_array_of_texts_is_read_in_every_spelling_of_json) {
  const support::People people;
  const auto id = people.add_user("ada@example.org");
  const auto roles = [&](const char* stored) {
    people.database.write([&](data::Connection& connection) {
      const auto statement = connection.prepare("UPDATE users SET roles = ?");
      statement->bind(1, stored);
      statement->step();
    });
    std::vector<std::string> texts;
    const auto user = people.user(id);
    for (const auto& role : user->at("roles").as<Array>()) texts.push_back(role.as<std::string>());
    return texts;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(roles("[]"), Texts{});
  EXPECT_EQ(roles(R"(["admin"])"), Texts{"admin"});
  EXPECT_EQ(roles(R"(["a","b","c"])"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(roles(R"([ "a" , "b" ])"), (Texts{"a", "b"}));
  EXPECT_EQ(roles(R"(["a", "b"])"), (Texts{"a", "b"}));
  EXPECT_EQ(roles(R"(["a\"b","\u0063"])"), (Texts{"a\"b", "c"}));
  EXPECT_EQ(roles(R"(["","a"])"), (Texts{"", "a"}));
}

TEST_F(RowTest, a_damaged_array_is_our_fault_and_not_the_clients) {
  const support::People people;
  const auto id = people.add_user("ada@example.org");
  for (const auto* damage : {"[x]", "[[]]", "[{}]", "[1.5]", "[\"a\"x\"b\"]", "[\"]", "[\"a\",]"}) {
    people.database.write([&](data::Connection& connection) {
      const auto statement = connection.prepare("UPDATE users SET roles = ?");
      statement->bind(1, damage);
      statement->step();
    });
    const auto error = data::error_of([&] { static_cast<void>(people.user(id)); });
    EXPECT_EQ(error.code(), ErrorCode::kInternal) << damage;
  }
}

}  // namespace
}  // namespace apiwright::repositories
