#include "apiwright/access/field_rules.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace apiwright::access {
namespace {

using validation::Field;
using validation::Record;
using validation::Schema;

validation::SchemaPtr reports() {
  static const auto kSchema = Schema::make(
      "Report", "reports",
      {Field::uuid("id"), Field::uuid("author_id").nullable(), Field::string("note"), Field::string("price")});
  return kSchema;
}

constexpr std::size_t kId = 0;
constexpr std::size_t kNote = 2;
constexpr std::size_t kPrice = 3;
const Principal kEditor{Uuid{}, Uuid{}, {"editor"}};
const Principal kAuthor{Uuid::parse("0198c0de-0000-7000-8000-00000000abcd").value(), Uuid{}, {}};

// Notes are the author's and the editors', prices the editors'.
FieldRules rules() {
  const auto editor = Rule::role("editor");
  return {reports(), {{"note", Rule::any_of({Rule::owner("author_id"), editor})}, {"price", editor}}};
}

Record by(const validation::Value& author) {
  Record report(reports());
  report.set("author_id", author);
  return report;
}

TEST(FieldRulesTest, no_rules_grant_everything) {
  for (const auto& grants : {FieldGrants(), FieldRules().grants(nullptr), FieldRules(reports(), {}).grants(nullptr)}) {
    EXPECT_TRUE(grants.always(kNote));
    EXPECT_FALSE(grants.never(kNote));
    EXPECT_TRUE(grants.allows(kNote, by(validation::Null{})));
    EXPECT_FALSE(grants.depends_on_row());
  }
  EXPECT_FALSE(FieldRules().guard(kNote));
}

TEST(FieldRulesTest, a_field_is_granted_always_never_or_by_the_row) {
  const auto to_editor = rules().grants(&kEditor);
  EXPECT_TRUE(to_editor.always(kNote) && to_editor.always(kPrice) && to_editor.always(kId));
  const auto to_author = rules().grants(&kAuthor);
  EXPECT_TRUE(to_author.depends_on_row());
  EXPECT_FALSE(to_author.always(kNote) || to_author.never(kNote));
  EXPECT_TRUE(to_author.allows(kNote, by(kAuthor.user)));
  EXPECT_FALSE(to_author.allows(kNote, by(Uuid{})));
  EXPECT_TRUE(to_author.never(kPrice));
  EXPECT_FALSE(to_author.allows(kPrice, by(kAuthor.user)));
  EXPECT_TRUE(to_author.always(kId));
}

TEST(FieldRulesTest, what_is_unknown_is_not_granted_and_nobody_in_particular_owns_nothing) {
  EXPECT_FALSE(rules().grants(&kAuthor).allows(kNote, by(validation::Null{})));
  const auto to_nobody = rules().grants(nullptr);
  EXPECT_TRUE(to_nobody.never(kNote) && to_nobody.never(kPrice));
  EXPECT_FALSE(to_nobody.depends_on_row());
}

TEST(FieldRulesTest, a_field_is_there_once_and_its_rule_fits_the_rows) {
  EXPECT_TRUE(rules().guard(kNote));
  EXPECT_FALSE(rules().guard(kId));
  const auto complaint = [](const std::vector<FieldRule>& given) -> std::string {
    try {
      static_cast<void>(FieldRules(reports(), given));
    } catch (const std::logic_error& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(complaint({{"nope", Rule::everyone()}}).find("`nope`"), std::string::npos);
  EXPECT_NE(complaint({{"note", Rule::everyone()}, {"note", Rule::nobody()}}).find("`note`"), std::string::npos);
  EXPECT_NE(complaint({{"note", Rule::owner("price")}}).find("price"), std::string::npos);
}

}  // namespace
}  // namespace apiwright::access
