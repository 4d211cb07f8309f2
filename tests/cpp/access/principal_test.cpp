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

TEST(Principal, without_roles_has_none) { EXPECT_FALSE((Principal{}.has_role("admin"))); }

}  // namespace
}  // namespace apiwright::access
