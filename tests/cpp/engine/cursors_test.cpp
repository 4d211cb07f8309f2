#include "apiwright/engine/cursors.hpp"

#include <gtest/gtest.h>

#include <string>

#include "support/people.hpp"

namespace apiwright::engine {
namespace {

using repositories::ListQuery;
using repositories::Position;
using repositories::Repository;
using repositories::Step;
using validation::Field;
using validation::Schema;
using validation::Value;

class CursorsTest : public testing::Test {
 protected:
  Cursors cursors{support::key_of(3)};
  Repository rows{repositories::users_schema()};
  Repository others{Schema::make("Other", "others", {Field::uuid("id").read_only()})};
  Uuid id = Uuid::generate(Timestamp(std::chrono::milliseconds(1)));

  [[nodiscard]] Step beside(std::vector<Value> values) const { return {Position{std::move(values), id}, true, false}; }
  void expect_refused(const Cursors& by, const Repository& of, const ListQuery& query, std::string_view text) const {
    const auto error = data::error_of([&] { static_cast<void>(by.open(of, query, text)); });
    EXPECT_EQ(error.code(), ErrorCode::kValidationError);
    ASSERT_EQ(error.details().size(), 1U);
    EXPECT_EQ(error.details()[0].field, "query.cursor");
    EXPECT_EQ(error.details()[0].code, "format");
  }
};

TEST_F(CursorsTest, give_back_a_step_with_values_of_every_kind) {
  const std::vector<Value> values = {Value(true),
                                     Value(std::int64_t{-5}),
                                     Value(-0.5),
                                     Value(Decimal{-1'234, 2}),
                                     Value(std::string("\u00e9\0x", 4)),
                                     Value(std::string()),
                                     Value(id),
                                     Value(Timestamp(std::chrono::milliseconds(-1)))};
  for (const bool backward : {false, true}) {
    for (const bool inclusive : {false, true}) {
      const auto text = cursors.seal(rows, {}, {Position{values, id}, backward, inclusive});
      const auto step = cursors.open(rows, {}, text);
      ASSERT_TRUE(step.from);
      EXPECT_EQ(step.from->values, values);
      EXPECT_EQ(step.from->id, id);
      EXPECT_EQ(step.backward, backward);
      EXPECT_EQ(step.inclusive, inclusive);
    }
  }
}

TEST_F(CursorsTest, are_refused_for_another_list) {
  const auto text = cursors.seal(rows, {}, beside({}));
  ListQuery sorted;
  sorted.sort = {{rows.schema()->index_of("name"), false}};
  expect_refused(cursors, rows, sorted, text);
  expect_refused(cursors, others, {}, text);
}

TEST_F(CursorsTest, are_refused_when_another_key_made_them) {
  expect_refused(Cursors(support::key_of(4)), rows, {}, cursors.seal(rows, {}, beside({})));
}

TEST_F(CursorsTest, are_refused_when_any_bit_differs) {
  const auto text = cursors.seal(rows, {}, beside({Value(std::string("a"))}));
  for (std::size_t at = 0; at < text.size(); ++at) {
    auto changed = text;
    changed[at] = changed[at] == 'A' ? 'B' : 'A';
    expect_refused(cursors, rows, {}, changed);
    expect_refused(cursors, rows, {}, std::string_view(text).substr(0, at));
  }
  for (const auto* other : {"", " ", "%", "\u00e9"}) expect_refused(cursors, rows, {}, other);
  expect_refused(cursors, rows, {}, text + "A");
}

TEST_F(CursorsTest, a_text_that_is_too_long_for_one_is_told_by_its_sort) {
  const auto error =
      data::error_of([&] { static_cast<void>(cursors.seal(rows, {}, beside({Value(std::string(5'000, 'x'))}))); });
  EXPECT_EQ(error.details().at(0).field, "query.sort");
}

}  // namespace
}  // namespace apiwright::engine
