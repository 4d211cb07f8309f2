#include "data/postgresql_location.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "data/temporary_database.hpp"

namespace apiwright::data {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(PostgresqlLocationTest, EveryPartOfAUrlIsLibpqs) {
  const auto conninfo = parse_postgresql_url(
      "postgresql://ada:p%20%27%5C%40@db.example:6432/orders?sslmode=verify-full"
      "&sslrootcert=/etc/ca.pem&connect_timeout=9");
  for (const auto* part : {"user='ada'", R"(password='p \'\\@')", "host='db.example'", "port='6432'", "dbname='orders'",
                           "sslmode='verify-full'", "sslrootcert='/etc/ca.pem'", "connect_timeout='9'",
                           "client_encoding='UTF8'", "keepalives_idle='10'", "tcp_user_timeout='30000'"}) {
    EXPECT_THAT(conninfo, HasSubstr(part));
  }
  EXPECT_THAT(conninfo, Not(HasSubstr("connect_timeout='5'")));
}

TEST(PostgresqlLocationTest, HostsMayBeSeveralAndSocketsInAFolder) {
  EXPECT_THAT(parse_postgresql_url("postgres://a,b:1/x"), HasSubstr("host='a,b'"));
  EXPECT_THAT(parse_postgresql_url("postgresql:///x?host=/run/pg"), HasSubstr("host='/run/pg'"));
  EXPECT_THAT(parse_postgresql_url("postgresql://%2Frun%2Fpg/x"), HasSubstr("host='/run/pg'"));
}

TEST(PostgresqlLocationTest, BadOnesAreRefusedNamingTheSettingAndNothingOfThem) {
  for (const std::string url :
       {"", "mysql://u:hunter2@h/d", "postgresql:hunter2", "postgresql://u:hunter2@h/d?nosuch=1",
        "postgresql://u:hunter2@h/d?sslmode", "postgresql://u:hunter2%zz@h/d", "postgresql://u:hunter2@[::1/d",
        "postgresql://u:hunter2@h", "postgresql://u:hunter2@h/", "postgresql://u:hunter2@h/d%00"}) {
    const auto error = error_of([&] { static_cast<void>(parse_postgresql_url(url)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError) << url;
    ASSERT_EQ(error.details().size(), 1U) << url;
    EXPECT_EQ(error.details().front().field, "DATABASE_URL") << url;
    EXPECT_THAT(error.what(), HasSubstr("DATABASE_URL")) << url;
    EXPECT_THAT(error.what(), Not(HasSubstr("hunter2"))) << url;
    EXPECT_THAT(error.details().front().message + error.cause(), Not(HasSubstr("hunter2"))) << url;
  }
}

}  // namespace
}  // namespace apiwright::data
