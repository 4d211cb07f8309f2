#include "apiwright/engine/relation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/orders.hpp"

namespace apiwright::engine {
namespace {

using testing::HasSubstr;

class RelationTest : public testing::Test {
 protected:
  support::Orders shop;

  std::string complaint(const std::string& name, const std::string& field) {
    auto relations = shop.orders_lead_to();
    relations.back().name = name;
    relations.back().field = field;
    try {
      static_cast<void>(checked(*shop.orders, relations));
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "";
  }
};

TEST_F(RelationTest, one_that_is_none_or_whose_members_are_taken_is_refused) {
  EXPECT_EQ(complaint("items", "order_id"), "");
  EXPECT_THAT(complaint("items", "product_id"), HasSubstr("is no reference to Order"));
  EXPECT_THAT(complaint("items", "nothing"), HasSubstr("`nothing`"));
  EXPECT_THAT(complaint("title", "order_id"), HasSubstr("`title`"));
  EXPECT_THAT(complaint("user", "order_id"), HasSubstr("`user`"));
}

TEST_F(RelationTest, a_to_many_says_in_a_member_of_its_own_that_there_are_more) {
  EXPECT_EQ(more_name(shop.orders_lead_to().back()), "itemsMore");
}

}  // namespace
}  // namespace apiwright::engine
