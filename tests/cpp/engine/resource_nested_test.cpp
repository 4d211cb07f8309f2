// Collections below the rows of others, rows with parts, and fields whose values follow one another.

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "apiwright/engine/resource_operations.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using support::data_of;
using support::Person;
using validation::Field;
using validation::Schema;
using validation::SumOfParts;

validation::SchemaPtr lines() {
  static const auto kSchema = Schema::make(
      "Line", "lines",
      {Field::uuid("id").read_only(), Field::uuid("bill_id").references("bills"), Field::integer("count")});
  return kSchema;
}

validation::SchemaPtr bills() {
  static const auto kSchema = Schema::make(
      "Bill", "bills",
      {Field::uuid("id").read_only(),
       Field::uuid("owner_id").references("users").set_to(validation::ServerValue::kCurrentUser).filterable(),
       Field::enumeration("state", {"open", "paid", "void"})
           .default_value(std::string("open"))
           .transitions({{"open", {"paid", "void"}}, {"paid", {"void"}}}),
       Field::parts("lines", lines(), "bill_id"), Field::integer("pieces").set_to(SumOfParts{"lines", {"count"}}),
       Field::integer("version").read_only(), Field::date_time("created_at").read_only()});
  return kSchema;
}

class NestedTest : public testing::Test {
 protected:
  NestedTest() {
    api.people.database.write([](data::Connection& it) {
      repositories::create_table(it, *bills());
      repositories::create_table(it, *lines());
    });
  }

  support::Api api;

  [[nodiscard]] Relations relations() const {
    const auto users = std::make_shared<const Collection>(api.people.users.rows().schema(), users_read_rule(),
                                                          users_list_rule(), std::vector<access::FieldRule>{});
    const auto parts = std::make_shared<const Collection>(lines(), Rule::everyone(), Rule::everyone(),
                                                          std::vector<access::FieldRule>{});
    return {{.name = "owner", .field = "owner_id", .target = users},
            {.name = "lines", .field = "bill_id", .to_many = true, .target = parts}};
  }

  [[nodiscard]] Declaration declared() const {
    const auto own = Rule::any_of({Rule::owner("owner_id"), Rule::role("admin")});
    return {.schema = bills(),
            .path = "/api/v1/bills",
            .read = own,
            .list = own,
            .create = own,
            .update = own,
            .remove = own,
            .transitions = {{"state", "open", "paid", Rule::role("admin")}},
            .relations = relations(),
            .nested = Nested{"/api/v1/users/{id}/bills", "owner_id"}};
  }

  ResourceOperations operations{api.services, declared()};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");
  const Person admin = api.person("admin@example.org", {"admin"});

  Response ask(std::string_view operation, const support::Ask& asked) {
    return api.ask(operations.at(operation), asked);
  }
};

constexpr auto kBill = R"({"lines":[{"count":2},{"count":5}]})";

TEST_F(NestedTest, a_row_made_below_another_refers_to_it_whoever_makes_it) {
  for (const auto& who : {ada, admin}) {
    const auto made = ask("nested_create", {.token = who.token, .body = kBill, .id = ada.id_text()});
    ASSERT_EQ(made.status, 201) << made.body;
    const auto bill = data_of(made);
    EXPECT_EQ(bill.at("ownerId"), ada.id_text());
    EXPECT_EQ(bill.at("pieces"), 7);
    EXPECT_EQ(bill.at("lines").size(), 2U);
    EXPECT_EQ(bill.at("lines").at(0).at("billId"), bill.at("id"));
    EXPECT_EQ(support::header(made, "location"), "/api/v1/bills/" + bill.at("id").get<std::string>());
  }
  EXPECT_EQ(data_of(ask("nested_list", {.token = ada.token, .id = ada.id_text()})).size(), 2U);
  EXPECT_EQ(data_of(ask("nested_list", {.token = admin.token, .id = admin.id_text()})).size(), 0U);
}

TEST_F(NestedTest, below_what_one_may_not_see_is_nothing) {
  const auto nobody = std::string("0198c0de-0000-7000-8000-00000000abcd");
  for (const auto* operation : {"nested_list", "nested_create"}) {
    EXPECT_EQ(ask(operation, {.token = bob.token, .body = kBill, .id = ada.id_text()}).status, 404);
    EXPECT_EQ(ask(operation, {.token = admin.token, .body = kBill, .id = nobody}).status, 404);
    EXPECT_EQ(ask(operation, {.token = ada.token, .body = kBill, .id = "ada"}).status, 400);
    EXPECT_EQ(ask(operation, {.body = kBill, .id = ada.id_text()}).status, 401);
  }
}

TEST_F(NestedTest, a_state_goes_where_it_may_by_whom_it_may) {
  const auto id = data_of(ask("create", {.token = ada.token, .body = kBill})).at("id").get<std::string>();
  const auto move = [&](const Person& who, const std::string& state) {
    return ask("update", {.token = who.token, .body = R"({"state":")" + state + "\"}", .id = id}).status;
  };
  EXPECT_EQ(move(ada, "paid"), 403);
  EXPECT_EQ(move(admin, "paid"), 200);
  EXPECT_EQ(move(admin, "open"), 422);
  EXPECT_EQ(move(ada, "void"), 200);
  EXPECT_EQ(ask("create", {.token = ada.token, .body = R"({"lines":[],"state":"paid"})"}).status, 422);
}

TEST_F(NestedTest, a_put_that_leaves_a_state_out_keeps_it_whoever_may_set_it) {
  auto guarded = declared();
  guarded.writable = {{"state", Rule::role("admin")}};
  const ResourceOperations bills_of_admins(api.services, guarded);
  const auto id = data_of(ask("create", {.token = ada.token, .body = kBill})).at("id").get<std::string>();
  EXPECT_EQ(ask("update", {.token = admin.token, .body = R"({"state":"paid"})", .id = id}).status, 200);
  const auto put = [&](const std::string& body) {
    return api.ask(bills_of_admins.at("replace"), {.token = ada.token, .body = body, .id = id});
  };
  EXPECT_EQ(data_of(put("{}")).at("state"), "paid");
  EXPECT_EQ(put(R"({"state":"void"})").status, 403);
}

TEST_F(NestedTest, what_does_not_fit_is_refused_where_it_is_declared) {
  const auto refused = [&](const auto& change) {
    auto wrong = declared();
    change(wrong);
    EXPECT_THROW(ResourceOperations(api.services, wrong), std::logic_error);
  };
  refused([](Declaration& it) { it.nested->reference = "state"; });
  refused([](Declaration& it) { it.nested->reference = "author_id"; });
  refused([](Declaration& it) { it.nested->path = "/api/v1/users/bills"; });
  refused([](Declaration& it) { it.relations.clear(); });
  refused([](Declaration& it) { it.transitions.front().to = "lost"; });
  refused([](Declaration& it) { it.readable = {{"state", Rule::role("admin")}}; });
}

}  // namespace
}  // namespace apiwright::engine
