#include "apiwright/data/runner.hpp"

#include <gtest/gtest.h>

#include "data/database_fixture.hpp"

namespace apiwright::data {
namespace {

using RunnerTest = DatabaseTest;

// What a caller does who does not know which of them it has.
void add_two(Runner& runner) {
  for (const char* text : {"a", "b"}) {
    runner.write([&](Connection& connection) {
      const auto row = connection.prepare("INSERT INTO notes (text) VALUES (?)");
      row->bind(1, text);
      row->step();
    });
  }
}

std::int64_t seen_by(Runner& runner) {
  std::int64_t rows = 0;
  runner.read([&](Connection& connection) { rows = integer_of(connection, "SELECT count(*) FROM notes"); });
  return rows;
}

TEST_F(RunnerTest, ADatabaseRunsEachWorkInATransactionOfItsOwn) {
  const auto database = open();
  add_two(*database);
  EXPECT_EQ(seen_by(*database), 2);
}

TEST_F(RunnerTest, AnInteractiveTransactionRunsAllOfThemInOne) {
  const auto database = open();
  const auto transaction = database->begin(std::chrono::seconds(60));
  add_two(*transaction);
  EXPECT_EQ(seen_by(*transaction), 2);
  EXPECT_EQ(seen_by(*database), 0);
  transaction->commit();
  EXPECT_EQ(seen_by(*database), 2);
}

TEST_F(RunnerTest, WhatAWorkThrowsIsRethrownToTheOneWhoWaits) {
  const auto database = open();
  const auto transaction = database->begin(std::chrono::seconds(60));
  for (Runner* runner : {static_cast<Runner*>(database.get()), static_cast<Runner*>(transaction.get())}) {
    EXPECT_THROW(runner->read([](Connection&) { throw std::logic_error("mine"); }), std::logic_error);
  }
  EXPECT_THROW(transaction->write([](Connection&) { throw std::logic_error("mine"); }), std::logic_error);
}

}  // namespace
}  // namespace apiwright::data
