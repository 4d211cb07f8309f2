#include "apiwright/engine/include.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "support/orders.hpp"

namespace apiwright::engine {
namespace {

using access::Rule;
using nlohmann::json;
using support::Ask;
using support::data_of;
using support::Person;
using support::said;
using support::TracedStatements;
using testing::HasSubstr;
using testing::Not;

class IncludeTest : public testing::Test {
 protected:
  support::Orders shop;
  const Person ada = shop.api.person("ada@example.org");
  const Person bob = shop.api.person("bob@example.org");
  const Person admin = shop.api.person("admin@example.org", {"admin"});

  Response list(const std::string& token, const std::string& query) {
    const ResourceOperations operations{shop.api.services, shop.declared()};
    return shop.api.ask(operations.at("list"), {.token = token, .query = query});
  }
  Response get(const std::string& token, const Uuid& id, const std::string& query) {
    const ResourceOperations operations{shop.api.services, shop.declared()};
    return shop.api.ask(operations.at("get"), {.token = token, .query = query, .id = id.to_string()});
  }
  // Statements of a list that read this table.
  std::ptrdiff_t statements(const std::string& query, const std::string& table) {
    static_cast<void>(TracedStatements::take());
    EXPECT_EQ(list(ada.token, query).status, 200);
    const auto all = TracedStatements::take();
    return std::count_if(all.begin(), all.end(),
                         [&](const auto& text) { return text.find('"' + table + '"') != std::string::npos; });
  }
};

TEST_F(IncludeTest, rows_come_with_those_that_they_lead_to_in_the_order_of_creation) {
  const auto order = shop.add_order(ada.id);
  const auto empty = shop.add_order(ada.id);
  const auto first = shop.add_item(order);
  const auto second = shop.add_item(order);
  const auto row = data_of(get(ada.token, order, "include=items,user"));
  EXPECT_EQ(row.at("user").at("email"), "ada@example.org");
  EXPECT_EQ(row.at("userId"), ada.id_text());
  ASSERT_EQ(row.at("items").size(), 2U);
  EXPECT_EQ(row.at("items").at(0).at("id"), first.to_string());
  EXPECT_EQ(row.at("items").at(1).at("id"), second.to_string());
  EXPECT_FALSE(row.contains("itemsMore"));
  EXPECT_EQ(data_of(get(ada.token, empty, "include=items")).at("items"), json::array());
  EXPECT_FALSE(data_of(get(ada.token, order, "")).contains("items"));
  for (const auto* query : {"include=items", "cursor=&include=items", "include=items&fields=title"}) {
    const auto rows = data_of(list(ada.token, query));
    EXPECT_EQ(rows.at(1).at("items").size(), 2U) << query;
    EXPECT_EQ(rows.at(0).at("items"), json::array()) << query;
  }
}

TEST_F(IncludeTest, a_relation_is_one_statement_however_many_rows_there_are) {
  const auto product = shop.add(shop.products, R"({"name":"p"})").to_string();
  for (int count = 0; count < 20; ++count) {
    const auto order = shop.add_order(ada.id);
    for (int item = 0; item < 3; ++item) shop.add_item(order, R"(,"productId":")" + product + '"');
  }
  EXPECT_EQ(statements("", "order_items"), 0);
  EXPECT_EQ(statements("include=items", "order_items"), 1);
  EXPECT_EQ(statements("include=items.product", "order_items"), 1);
  EXPECT_EQ(statements("include=items.product,items,user", "products"), 1);
}

TEST_F(IncludeTest, what_the_others_rules_hide_is_not_included) {
  const auto hidden = shop.add(shop.products, R"({"name":"p","hidden":true})").to_string();
  const auto shown = shop.add(shop.products, R"({"name":"q"})").to_string();
  const auto order = shop.add_order(ada.id);
  shop.add_item(order, R"(,"open":false)");
  shop.add_item(order, R"(,"productId":")" + hidden + '"');
  shop.add_item(order, R"(,"productId":")" + shown + '"');
  const auto row = data_of(get(bob.token, order, "include=user,items.product"));
  EXPECT_TRUE(row.at("user").is_null());
  ASSERT_EQ(row.at("items").size(), 2U);
  EXPECT_TRUE(row.at("items").at(0).at("product").is_null());
  EXPECT_EQ(row.at("items").at(1).at("product").at("name"), "q");
  EXPECT_FALSE(row.at("items").at(1).at("product").contains("cost"));
  const auto all = data_of(get(admin.token, order, "include=user,items.product"));
  EXPECT_EQ(all.at("items").size(), 3U);
  EXPECT_EQ(all.at("items").at(1).at("product").at("cost"), 1);
  EXPECT_EQ(all.at("user").at("id"), ada.id_text());
}

TEST_F(IncludeTest, a_reference_that_a_row_does_not_show_is_not_told_by_its_relation) {
  shop.add_order(ada.id);
  shop.add_order(bob.id);
  const auto rows = data_of(list(bob.token, "include=guarded"));
  EXPECT_EQ(rows.at(0).at("guarded").at("id"), bob.id_text());
  EXPECT_FALSE(rows.at(1).contains("guardedId"));
  EXPECT_FALSE(rows.at(1).contains("guarded"));
  const auto refused = list("", "include=guarded");
  EXPECT_EQ(said(refused), "400 VALIDATION_ERROR query.include:enum");
  EXPECT_THAT(refused.body, Not(HasSubstr("guarded")));
}

TEST_F(IncludeTest, a_to_many_is_offered_to_whom_its_list_by_the_reference_is) {
  shop.items_list = Rule::role("admin");
  EXPECT_EQ(said(list(ada.token, "include=items")), "400 VALIDATION_ERROR query.include:enum");
  EXPECT_EQ(list(admin.token, "include=items").status, 200);
  shop.items_list = Rule::everyone();
  shop.items_readable = {{"order_id", Rule::role("admin")}};
  EXPECT_EQ(said(list(ada.token, "include=items")), "400 VALIDATION_ERROR query.include:enum");
  EXPECT_EQ(list(admin.token, "include=items").status, 200);
}

TEST_F(IncludeTest, what_cannot_be_included_is_400_that_names_what_can) {
  const auto id = shop.add_order(ada.id);
  for (const auto* text :
       {"", "nothing", "items.nothing", "items.product.name", "items,", ".", "user.orders", "-user"}) {
    const auto refused = list(ada.token, std::string("include=") + text);
    EXPECT_EQ(said(refused), "400 VALIDATION_ERROR query.include:enum") << text;
    EXPECT_THAT(refused.body, HasSubstr("Can include: user, guarded, items, items.product, items.order.")) << text;
    EXPECT_EQ(said(get(ada.token, id, std::string("include=") + text)), "400 VALIDATION_ERROR query.include:enum");
  }
  EXPECT_EQ(said(list(ada.token, "include=user,user")), "400 VALIDATION_ERROR query.include:duplicate");
  EXPECT_EQ(said(list(ada.token, "include=x&limit=0")), "400 VALIDATION_ERROR query.include:enum query.limit:min");
  EXPECT_EQ(said(get(ada.token, id, "includes=user")), "400 VALIDATION_ERROR query.includes:unknown");
}

TEST_F(IncludeTest, a_to_many_has_a_hundred_rows_and_says_when_there_are_more) {
  const auto order = shop.add_order(ada.id);
  for (std::size_t count = 0; count < Inclusion::kMaxMany; ++count) shop.add_item(order);
  EXPECT_FALSE(data_of(get(ada.token, order, "include=items")).contains("itemsMore"));
  const auto last = shop.add_item(order);
  const auto row = data_of(get(ada.token, order, "include=items"));
  EXPECT_EQ(row.at("items").size(), Inclusion::kMaxMany);
  EXPECT_NE(row.at("items").back().at("id"), last.to_string());
  EXPECT_EQ(row.at("itemsMore"), true);
}

TEST_F(IncludeTest, an_answer_that_would_be_too_large_is_refused) {
  const auto product = shop.add(shop.products, R"({"name":")" + std::string(200'000, 'p') + "\"}").to_string();
  const auto order = shop.add_order(ada.id);
  for (int count = 0; count < 90; ++count) shop.add_item(order, R"(,"productId":")" + product + '"');
  EXPECT_EQ(get(ada.token, order, "include=items").status, 200);
  EXPECT_EQ(said(get(ada.token, order, "include=items.product")), "400 VALIDATION_ERROR query.include:max");
}

}  // namespace
}  // namespace apiwright::engine
