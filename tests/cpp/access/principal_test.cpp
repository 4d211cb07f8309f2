#include "apiwright/access/principal.hpp"

#include <gtest/gtest.h>

namespace apiwright::access {
namespace {

TEST(Principal, has_exactly_the_roles_it_was_given) {
  const Principal principal{Uuid{}, Uuid{}, {"editor", "admin"}};
  EXPECT_TRUE(principal.has_role("admin"));
  EXPECT_TRUE(principal.has_role("editor"));
  EXPECT_FALSE(principal.has_role("Admin"));
  EXPECT_FALSE(principal.has_role("adm"));
  EXPECT_FALSE(principal.has_role("admins"));
  EXPECT_FALSE(principal.has_role(""));
}

TEST(Principal, without_roles_has_none) {
  EXPECT_FALSE(Principal{}.has_role("admin"));
  EXPECT_FALSE(Principal{}.has_permission("articles:write"));
}

TEST(Principal, has_the_permissions_that_are_named_or_covered_by_a_wildcard) {
  const Principal principal{Uuid{}, Uuid{}, {}, {"articles:read", "orders:*"}};
  EXPECT_TRUE(principal.has_permission("articles:read"));
  EXPECT_TRUE(principal.has_permission("orders:refund"));
  EXPECT_FALSE(principal.has_permission("articles:write"));
  EXPECT_FALSE(principal.has_permission("orders"));
}

TEST(Principal, has_no_permission_by_the_name_of_a_role) {
  EXPECT_FALSE((Principal{Uuid{}, Uuid{}, {"publish"}, {}}.has_permission("publish")));
  EXPECT_FALSE((Principal{Uuid{}, Uuid{}, {}, {"editor"}}.has_role("editor")));
}

}  // namespace
}  // namespace apiwright::access
