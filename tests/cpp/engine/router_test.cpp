#include "apiwright/engine/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "support/api.hpp"

namespace apiwright::engine {
namespace {

class RouterTest : public testing::Test {
 protected:
  support::Api api;
  const Operation& me = api.users.at("get_me");
  const Operation& row = api.users.at("get");
  const Operation& list = api.users.at("list");
  const Operation& create = api.users.at("create");
  const Operation& update = api.users.at("update");
  Router router;

  void SetUp() override {
    router.add("GET", "/api/users/me", me);
    router.add("GET", "/api/users/{id}", row);
    router.add("PATCH", "/api/users/{id}", update);
    router.add("GET", "/api/users", list);
    router.add("POST", "/api/users", create);
  }
  const Operation* found(std::string_view method, std::string_view path) const {
    const auto match = router.find(method, path);
    return match ? match->operation : nullptr;
  }
};

TEST_F(RouterTest, a_route_is_found_by_method_and_path) {
  EXPECT_EQ(found("GET", "/api/users"), &list);
  EXPECT_EQ(found("POST", "/api/users"), &create);
  EXPECT_EQ(found("GET", "/api/users/me"), &me);
  EXPECT_EQ(found("GET", "/api/users/42"), &row);
}

TEST_F(RouterTest, what_is_not_there_is_not_found) {
  for (const auto* path : {"/api", "/api/user", "/api/userss", "/api/users/1/2", "/", "", "/other"}) {
    EXPECT_EQ(found("GET", path), nullptr) << path;
  }
  for (const auto* method : {"DELETE", "HEAD", "OPTIONS", "get", ""}) {
    EXPECT_EQ(found(method, "/api/users"), nullptr) << method;
  }
}

TEST_F(RouterTest, a_path_is_matched_to_the_letter) {
  for (const auto* path : {"/api/users/", "//api/users", "/api//users", "/api/./users", "/api/x/../users", "api/users",
                           "/API/users", "/api/users\n", "/api/users?", " /api/users"}) {
    EXPECT_EQ(found("GET", path), nullptr) << path;
  }
  EXPECT_EQ(found("GET", std::string_view("/api/users\0", 11)), nullptr);
}

TEST_F(RouterTest, the_parameter_is_a_part_of_the_path) {
  const std::string path = "/api/users/a b\xff%2F";
  const auto match = router.find("GET", path);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->parameter, "a b\xff%2F");
  EXPECT_EQ(match->parameter.data(), path.data() + 11) << "nothing is copied";
  EXPECT_EQ(router.find("GET", "/api/users/me")->parameter, "");
}

TEST_F(RouterTest, a_parameter_is_one_segment_that_is_not_empty) {
  EXPECT_EQ(found("GET", "/api/users/"), nullptr);
  EXPECT_EQ(found("GET", "/api/users//"), nullptr);
  EXPECT_EQ(found("GET", "/api/users/1/"), nullptr);
}

TEST_F(RouterTest, a_method_that_the_fixed_path_lacks_is_the_parameters) {
  const auto match = router.find("PATCH", "/api/users/me");
  ASSERT_TRUE(match);
  EXPECT_EQ(match->operation, &update);
  EXPECT_EQ(match->parameter, "me");
}

TEST_F(RouterTest, where_two_match_the_one_added_first_answers) {
  Router other;
  other.add("GET", "/{name}/me", row);
  other.add("GET", "/users/me", me);
  other.add("GET", "/users/{id}", list);
  EXPECT_EQ(other.find("GET", "/users/me")->operation, &row);
  EXPECT_EQ(other.find("GET", "/users/me")->parameter, "users");
  EXPECT_EQ(other.find("GET", "/users/x")->operation, &list);
}

TEST_F(RouterTest, a_route_added_again_changes_nothing) {
  router.add("GET", "/api/users", create);
  EXPECT_EQ(found("GET", "/api/users"), &list);
}

TEST_F(RouterTest, a_parameter_may_stand_anywhere) {
  Router other;
  other.add("GET", "/{id}", row);
  other.add("GET", "/users/{id}/orders", list);
  other.add("GET", "/", me);
  EXPECT_EQ(other.find("GET", "/x")->parameter, "x");
  EXPECT_EQ(other.find("GET", "/users/7/orders")->parameter, "7");
  EXPECT_EQ(other.find("GET", "/")->operation, &me);
  EXPECT_FALSE(other.find("GET", "/users/7"));
}

TEST_F(RouterTest, a_template_it_does_not_know_is_refused) {
  for (const auto* path : {"users", "/{a}/{b}", "/x{a}", "/{a}x", "/{a:path}", "/{}", "/}", "/a/{", "/{a}{b}"}) {
    EXPECT_THROW(router.add("GET", path, list), std::invalid_argument) << path;
  }
}

TEST_F(RouterTest, an_empty_router_finds_nothing) { EXPECT_FALSE(Router().find("GET", "/")); }

}  // namespace
}  // namespace apiwright::engine
