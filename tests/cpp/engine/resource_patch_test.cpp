// PATCH of rows that hold objects, unions and maps.

#include <gtest/gtest.h>

#include <string>

#include "apiwright/engine/resource.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::Person;
using support::said;
using validation::Field;
using validation::Mode;
using validation::Schema;

validation::SchemaPtr places_schema() {
  const auto address =
      Schema::make("Address", "",
                   {Field::string("street").length(1, 20), Field::string("zip").nullable(),
                    Field::object("region", Schema::make("Region", "", {Field::string("code")})).nullable()});
  const auto cat = Schema::make("Cat", "", {Field::enumeration("kind", {"cat"}), Field::integer("lives")});
  const auto dog = Schema::make("Dog", "", {Field::enumeration("kind", {"dog"}), Field::string("breed")});
  return Schema::make(
      "Place", "places",
      {Field::uuid("id").read_only(), Field::uuid("author"), Field::object("address", address).nullable(),
       Field::tagged_union("pet", "kind", {{"cat", cat}, {"dog", dog}}).nullable(),
       Field::map("labels", Field::string("label")).items(0, 2).default_value(validation::Map{}),
       Field::string("email").nullable(), Field::string("phone").nullable(), Field::json("secret").nullable(),
       Field::integer("version").read_only()},
      {{.fields = {"email", "phone"}, .required = false}});
}

class ResourcePatchTest : public testing::Test {
 protected:
  ResourcePatchTest() {
    api.people.database.write([&](data::Connection& it) { repositories::create_table(it, *rows.schema()); });
  }

  support::Api api;
  const repositories::Repository rows{places_schema()};
  Resource places{.rows = rows,
                  .path = "/api/v1/places",
                  .read = Rule::authenticated(),
                  .list = Rule::authenticated(),
                  .create = Rule::owner("author"),
                  .replace = Rule::owner("author"),
                  .update = Rule::owner("author"),
                  .remove = Rule::owner("author"),
                  .writable = {rows.schema(), {{"secret", Rule::role("admin")}}},
                  .changed = {}};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  std::string create(nlohmann::json body) {
    body["author"] = ada.id_text();
    const auto response = api.ask(*make_create(api.services, places), {.token = ada.token, .body = body.dump()});
    EXPECT_EQ(response.status, 201) << response.body;
    return support::data_of(response).at("id").get<std::string>();
  }
  Response patch(const std::string& id, const std::string& body, const Person& who) {
    return api.ask(*make_update(api.services, places, Mode::kPatch, Target::kPathId),
                   {.token = who.token, .body = body, .id = id, .media_type = "application/merge-patch+json"});
  }
  Response patch(const std::string& id, const std::string& body) { return patch(id, body, ada); }
};

const nlohmann::json kHome = {{"address", {{"street", "High Street"}, {"zip", "1"}}},
                              {"pet", {{"kind", "cat"}, {"lives", 9}}},
                              {"labels", {{"a", "x"}}},
                              {"email", "a"}};

TEST_F(ResourcePatchTest, a_nested_member_changes_alone) {
  const auto id = create(kHome);
  const auto response = patch(id, R"({"address":{"zip":"1234"},"pet":{"lives":8},"labels":{"b":"y"}})");
  ASSERT_EQ(response.status, 200) << response.body;
  const auto row = support::data_of(response);
  EXPECT_EQ(row.at("address"), (nlohmann::json{{"street", "High Street"}, {"zip", "1234"}, {"region", nullptr}}));
  EXPECT_EQ(row.at("pet"), (nlohmann::json{{"kind", "cat"}, {"lives", 8}}));
  EXPECT_EQ(row.at("labels"), (nlohmann::json{{"a", "x"}, {"b", "y"}}));
  EXPECT_EQ(row.at("version"), 2);
}

TEST_F(ResourcePatchTest, what_only_the_row_decides_is_400_with_every_violation) {
  const auto id = create({{"labels", {{"a", "x"}}}});
  EXPECT_EQ(said(patch(id, R"({"address":{"region":{}},"pet":{"lives":1},"labels":{"b":"y","c":"z"}})")),
            "400 VALIDATION_ERROR address.street:required address.region.code:required pet.kind:required "
            "labels:max_length");
  EXPECT_EQ(api.people.database.integer("SELECT version FROM places"), 1) << "rolled back";
}

TEST_F(ResourcePatchTest, who_may_not_change_the_row_does_not_hear_what_it_holds) {
  const auto id = create({});
  EXPECT_EQ(said(patch(id, R"({"address":{}})", bob)), "403 FORBIDDEN");
  EXPECT_EQ(said(patch(id, R"({"address":{},"secret":{"a":1}})")), "403 FORBIDDEN secret:forbidden");
}

TEST_F(ResourcePatchTest, choices_hold_for_the_row_that_a_patch_leads_to) {
  const auto id = create(kHome);
  EXPECT_EQ(said(patch(id, R"({"phone":"1"})")), "400 VALIDATION_ERROR phone:exclusive");
  EXPECT_EQ(said(patch(id, R"({"phone":"1","email":null})")), "200");
}

TEST_F(ResourcePatchTest, the_same_object_again_is_no_change) {
  const auto id = create(kHome);
  EXPECT_EQ(patch(id, kHome.dump()).status, 200);
  auto whole = kHome;
  whole["author"] = ada.id_text();
  EXPECT_EQ(api.ask(*make_update(api.services, places, Mode::kReplace, Target::kPathId),
                    {.token = ada.token, .body = whole.dump(), .id = id})
                .status,
            200);
  EXPECT_EQ(api.people.database.integer("SELECT version FROM places"), 1);
}

TEST_F(ResourcePatchTest, put_replaces_whole) {
  const auto id = create(kHome);
  const auto replace = make_update(api.services, places, Mode::kReplace, Target::kPathId);
  const auto put = [&](nlohmann::json body) {
    body["author"] = ada.id_text();
    return api.ask(*replace, {.token = ada.token, .body = body.dump(), .id = id});
  };
  EXPECT_EQ(said(put({{"address", {{"zip", "1"}}}})), "400 VALIDATION_ERROR address.street:required");
  const auto row = support::data_of(put({{"address", {{"street", "A"}}}}));
  EXPECT_TRUE(row.at("address").at("zip").is_null());
  EXPECT_TRUE(row.at("pet").is_null());
  EXPECT_EQ(row.at("labels"), nlohmann::json::object());
}

}  // namespace
}  // namespace apiwright::engine
