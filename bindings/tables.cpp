// What becomes of tables: migrations drafted from declarations, and what a database lacks of them.

#include "apiwright/repositories/drafts.hpp"
#include "apiwright/repositories/migration_draft.hpp"
#include "apiwright/repositories/table.hpp"
#include "apiwright/repositories/table_check.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using data::Database;
using repositories::Dialect;
using repositories::MigrationDraft;
using repositories::MigrationScript;
using Schemas = std::vector<std::shared_ptr<validation::Schema>>;
using Unlocked = py::call_guard<py::gil_scoped_release>;

std::vector<validation::SchemaPtr> constant(const Schemas& schemas) { return {schemas.begin(), schemas.end()}; }

void bind_drafting(py::module_& module) {
  py::class_<MigrationScript>(module, "MigrationScript", "Both ways of a migration, for one database.")
      .def_readonly("up", &MigrationScript::up, "SQL.")
      .def_readonly("down", &MigrationScript::down, "SQL.");
  py::class_<MigrationDraft>(module, "MigrationDraft", "One step from the tables as they were to those declared.")
      .def_readonly("sqlite", &MigrationDraft::sqlite, "For SQLite.")
      .def_readonly("postgresql", &MigrationDraft::postgresql, "For PostgreSQL.")
      .def_readonly("changes", &MigrationDraft::changes, "What `up` does, in sentences.")
      .def_readonly("tables_json", &MigrationDraft::tables_json, "The tables after it.");
  module.def(
      "draft_migration",
      [](const std::string& tables_json, const Schemas& declared, std::vector<std::string> renames,
         std::vector<std::string> narrowed) {
        return repositories::draft_migration(tables_json, constant(declared),
                                             {.renames = std::move(renames), .narrowed = std::move(narrowed)});
      },
      py::arg("tables_json"), py::arg("declared"), py::kw_only(), py::arg("renames"), py::arg("narrowed"), Unlocked(),
      "The step from these tables (empty: none) to the declared ones; None: nothing differs. Raises Unprocessable, "
      "MalformedJson, ValidationFailed.");
}

void bind_checks(py::module_& module) {
  module.def(
      "require_sound", [](const Schemas& declared) { repositories::require_sound(constant(declared)); },
      py::arg("declared"), "Raises Unprocessable for tables that cannot stand beside one another.");
  module.def(
      "check_tables",
      [](Database& database, const Schemas& declared, const std::string& tables_json) {
        std::vector<std::tuple<std::string, std::string, bool>> findings;
        for (auto& finding : repositories::check_tables(*database.connect(), constant(declared), tables_json)) {
          findings.emplace_back(std::move(finding.detail.field), std::move(finding.detail.message),
                                finding.can_be_added);
        }
        return findings;
      },
      py::arg("database"), py::arg("declared"), py::arg("tables_json"), Unlocked(),
      "What is declared and not so in the database: (what, sentence, can be added) each. Raises Unprocessable, "
      "Unavailable.");
  module.def(
      "add_declared",
      [](Database& database, const Schemas& declared, const std::string& tables_json) {
        return repositories::add_declared(*database.connect(), constant(declared), tables_json);
      },
      py::arg("database"), py::arg("declared"), py::arg("tables_json"), Unlocked(),
      "Adds what can be added, as drafts; sentences. Raises Unprocessable for anything else, Unavailable.");
  module.def(
      "set_drafts_aside", [](Database& database) { repositories::set_drafts_aside(*database.connect()); },
      py::arg("database"), Unlocked(), "Makes room for migrations that make the same. Raises Unavailable.");
  module.def(
      "bring_drafts_back", [](Database& database) { return repositories::bring_drafts_back(*database.connect()); },
      py::arg("database"), Unlocked(),
      "Moves them into what was made; sentences about what has no place. Raises Unprocessable, Unavailable.");
}

}  // namespace

void bind_tables(py::module_& module) {
  py::native_enum<Dialect>(module, "Dialect", "enum.Enum")
      .value("SQLITE", Dialect::kSqlite)
      .value("POSTGRESQL", Dialect::kPostgresql)
      .finalize();
  module.def(
      "create_table_sql",
      [](const validation::Schema& schema, Dialect dialect) { return repositories::create_table_sql(schema, dialect); },
      py::arg("schema"), py::arg("dialect") = Dialect::kSqlite,
      "The statements that make its table: what a migration may begin with.");
  bind_drafting(module);
  bind_checks(module);
}

}  // namespace apiwright::bindings
