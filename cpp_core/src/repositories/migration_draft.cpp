#include "apiwright/repositories/migration_draft.hpp"

#include "apiwright/repositories/table_json.hpp"
#include "repositories/ddl.hpp"
#include "repositories/difference.hpp"
#include "repositories/migration_hints.hpp"
#include "repositories/sound_tables.hpp"

namespace apiwright::repositories {
namespace {

std::string as_comments(const std::vector<std::string>& sentences) {
  std::string comments;
  for (const auto& sentence : sentences) comments += "-- " + sentence + "\n";
  return comments + "\n";
}

MigrationScript script_of(const Difference& up, const Difference& down, Dialect dialect) {
  const auto& ddl = Ddl::of(dialect);
  return {as_comments(sentences_of(up)) + ddl.script(up), as_comments(sentences_of(down)) + ddl.script(down)};
}

}  // namespace

std::optional<MigrationDraft> draft_migration(std::string_view tables_json,
                                              const std::vector<validation::SchemaPtr>& declared,
                                              const MigrationHints& hints) {
  const auto after = declared_tables(declared);
  const auto before = with_own_tables(tables_json.empty() ? std::vector<Table>{} : tables_from_json(tables_json));
  Refusals refusals;
  const auto renames = read_renames(hints.renames, before, after, refusals);
  const auto up = difference_of(before, after, renames);
  refuse_losses(up, hints.narrowed, refusals);
  refusals.throw_if_any();
  if (up.empty()) return std::nullopt;
  const auto down = reversed(up);
  return MigrationDraft{.sqlite = script_of(up, down, Dialect::kSqlite),
                        .postgresql = script_of(up, down, Dialect::kPostgresql),
                        .changes = sentences_of(up),
                        .tables_json = to_json(without_own_tables(after))};
}

}  // namespace apiwright::repositories
