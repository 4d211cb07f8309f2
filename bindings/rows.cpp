// The generic repository: each call waits for its end, or (`start_…`) delivers it to a loop.

#include <tuple>
#include <variant>

#include "apiwright/base/clock.hpp"
#include "apiwright/repositories/exported_rows.hpp"
#include "apiwright/repositories/list_request.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/repositories/table.hpp"
#include "bind.hpp"

namespace apiwright::bindings {

/// Values by field name, as JSON would hold them.
struct Filters {
  std::vector<std::pair<std::string, validation::Value>> values;
};

}  // namespace apiwright::bindings

namespace pybind11::detail {

/// Filters are a dict of plain values.
template <>
struct type_caster<apiwright::bindings::Filters> {
  PYBIND11_TYPE_CASTER(apiwright::bindings::Filters, const_name("dict[str, str | float | None]"));
  bool load(handle source, bool) {
    if (!isinstance<dict>(source)) return false;
    for (const auto& [key, item] : reinterpret_borrow<dict>(source)) {
      value.values.emplace_back(pybind11::cast<std::string>(key), apiwright::bindings::from_python(item));
    }
    return true;
  }
};

}  // namespace pybind11::detail

namespace apiwright::bindings {
namespace {

using access::Predicate;
using data::Connection;
using data::Runner;
using repositories::ExportedRows;
using repositories::ListQuery;
using repositories::make_list_query;
using repositories::OnConflict;
using repositories::Repository;
using repositories::Row;
using validation::Record;

using Class = py::class_<Repository, std::shared_ptr<Repository>>;
using Rows = std::vector<Record>;
using ClockPtr = std::shared_ptr<Clock>;

/// Reads: at once on this thread where that is cheaper than waiting for another, else there, the GIL released.
struct Reading {
  static void now(Runner& runner, const std::function<void(Connection&)>& run) {
    if (runner.try_read(run)) return;
    const py::gil_scoped_release unlocked;
    runner.read(run);
  }
  static void submit(Runner& runner, data::Work work) { runner.submit_read(std::move(work)); }
};

struct Writing {
  static void now(Runner& runner, const std::function<void(Connection&)>& run) {
    const py::gil_scoped_release unlocked;
    runner.write(run);
  }
  static void submit(Runner& runner, data::Work work) { runner.submit_write(std::move(work)); }
};

/// Binds `run` (Repository, Connection, arguments) in both forms, with the arguments' names.
template <typename Access, typename... Arguments, typename Run, typename... Names>
void bind_call(Class& bound, const std::string& name, Run run, const std::string& doc, const Names&... names) {
  using Result = std::invoke_result_t<Run, const Repository&, Connection&, Arguments&...>;
  const std::string start = "start_" + name;
  bound.def(
      name.c_str(),
      [run](const Repository& rows, Runner& runner, Arguments... arguments) {
        std::optional<Result> result;
        Access::now(runner, [&](Connection& connection) { result.emplace(run(rows, connection, arguments...)); });
        return std::move(*result);
      },
      py::arg("runner"), names..., doc.c_str());
  bound.def(
      start.c_str(),
      [run](std::shared_ptr<Repository> rows, QueuePtr queue, std::uint64_t ticket, Runner& runner,
            Arguments... arguments) {
        Access::submit(
            runner,
            work_for(Ticket{std::move(queue), ticket},
                     [run, rows = std::move(rows),
                      given = std::tuple<Arguments...>(std::move(arguments)...)](Connection& connection) mutable {
                       return std::apply([&](Arguments&... each) { return run(*rows, connection, each...); }, given);
                     }));
      },
      required("queue"), py::arg("ticket"), py::arg("runner"), names...,
      ("The same, delivered. Raises Unavailable when too many wait. " + doc).c_str());
}

Rows visited(const std::function<void(const Repository::Visitor&)>& visit) {
  Rows found;
  visit([&](const Row& row) { found.push_back(row.record()); });
  return found;
}

ListQuery filtered(const Repository& rows, const std::string& search, const Filters& filters) {
  return make_list_query(*rows.schema(), {.search = search, .filters = filters.values});
}

std::pair<Rows, std::int64_t> list(const Repository& rows, Connection& connection, std::int64_t page,
                                   std::int64_t limit, const std::string& sort, const std::string& search,
                                   const Filters& filters) {
  const auto query = make_list_query(*rows.schema(), {page, limit, sort, search, filters.values});
  std::int64_t total = 0;
  auto found = visited([&](const auto& visit) { total = rows.list(connection, query, Predicate::always(), visit); });
  return {std::move(found), total};
}

void bind_reads(Class& bound) {
  bind_call<Reading, Uuid>(
      bound, "find",
      [](const Repository& rows, Connection& connection, const Uuid& id) {
        return rows.find(connection, id, Predicate::always());
      },
      "The row, or None.", py::arg("id"));
  bind_call<Reading, std::string, Filters>(
      bound, "find_by",
      [](const Repository& rows, Connection& connection, const std::string& field, const Filters& value) {
        return rows.find_by(connection, field, filtered(rows, "", value).filters.at(0).value);
      },
      "The row with this value of a unique field, or None. Raises ValidationFailed, ValueError for another field.",
      py::arg("field"), py::arg("value"));
  bind_call<Reading, std::int64_t, std::int64_t, std::string, std::string, Filters>(
      bound, "list", &list, "A page and how many rows there are in all. Raises ValidationFailed.", py::arg("page"),
      py::arg("limit"), py::arg("sort"), py::arg("search"), py::arg("filters"));
  bind_call<Reading, std::string, Filters>(
      bound, "count",
      [](const Repository& rows, Connection& connection, const std::string& search, const Filters& filters) {
        return rows.count(connection, filtered(rows, search, filters), Predicate::always());
      },
      "How many rows there are. Raises ValidationFailed.", py::arg("search"), py::arg("filters"));
  bind_call<Reading, std::optional<Uuid>, std::int64_t, std::string, Filters>(
      bound, "list_after",
      [](const Repository& rows, Connection& connection, const std::optional<Uuid>& after, std::int64_t limit,
         const std::string& search, const Filters& filters) {
        return visited([&](const auto& visit) {
          rows.list_after(connection, after, limit, filtered(rows, search, filters), Predicate::always(), visit);
        });
      },
      "The next rows in the order of their ids. Raises ValidationFailed.", py::arg("after"), py::arg("limit"),
      py::arg("search"), py::arg("filters"));
}

void bind_writes(Class& bound) {
  bind_call<Writing, ClockPtr, Record>(
      bound, "insert",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, const Record& record) {
        return rows.insert(connection, record, clock->now());
      },
      "The row as stored. Raises Conflict, Unprocessable, Unavailable.", required("clock"), py::arg("record"));
  bind_call<Writing, ClockPtr, Rows>(
      bound, "insert_many",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, Rows& records) {
        return rows.insert_many(connection, std::move(records), clock->now());
      },
      "Their ids. Raises Conflict, Unprocessable, Unavailable, ValueError past 100,000 rows.", required("clock"),
      py::arg("records"));
  bind_call<Writing, ClockPtr, Rows, std::vector<std::optional<Uuid>>, OnConflict>(
      bound, "import_many",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, Rows& records,
         const std::vector<std::optional<Uuid>>& ids, OnConflict on_conflict) {
        const auto imported = rows.import_many(connection, std::move(records), ids, on_conflict, clock->now());
        return std::pair(imported.stored, imported.present);
      },
      "How many were stored, and were there. Raises Conflict naming every row refused, Unavailable, ValueError past "
      "100,000 rows.",
      required("clock"), py::arg("records"), py::arg("ids"), py::arg("on_conflict"));
  bind_call<Writing, ClockPtr, Uuid, Record, std::optional<std::int64_t>>(
      bound, "update",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, const Uuid& id, const Record& changes,
         std::optional<std::int64_t> version) { return rows.update(connection, id, changes, version, clock->now()); },
      "The row as stored, or None. Raises Conflict, PreconditionFailed, Unprocessable, Unavailable.", required("clock"),
      py::arg("id"), py::arg("changes"), py::arg("version"));
  bind_call<Writing, ClockPtr, Uuid, std::optional<std::int64_t>>(
      bound, "remove",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, const Uuid& id,
         std::optional<std::int64_t> version) { return rows.remove(connection, id, version, clock->now()); },
      "False when there was none. Raises PreconditionFailed, Unprocessable, Unavailable.", required("clock"),
      py::arg("id"), py::arg("version"));
  bind_call<Writing, ClockPtr, Uuid, std::optional<std::int64_t>>(
      bound, "restore",
      [](const Repository& rows, Connection& connection, const ClockPtr& clock, const Uuid& id,
         std::optional<std::int64_t> version) { return rows.restore(connection, id, version, clock->now()); },
      "The row, no longer softly deleted, or None. Raises Conflict, PreconditionFailed, Unavailable, ValueError where "
      "nothing is deleted softly.",
      required("clock"), py::arg("id"), py::arg("version"));
  bind_call<Writing>(
      bound, "create_table",
      [](const Repository& rows, Connection& connection) {
        repositories::create_table(connection, *rows.schema());
        return std::monostate{};
      },
      "Makes the table unless it is there. Raises Unprocessable when it is another one.");
}

void bind_export(py::module_& module) {
  py::class_<ExportedRows, std::unique_ptr<ExportedRows>>(module, "ExportedRows", "All rows of one moment.")
      .def(py::init([](std::shared_ptr<Repository> rows, data::Database& database) {
             const py::gil_scoped_release unlocked;
             return std::make_unique<ExportedRows>(std::move(rows), database.connect());
           }),
           required("rows"), py::arg("database"), "Begins to read. Raises Unavailable.")
      .def_property_readonly("total", &ExportedRows::total, "How many rows there are.")
      .def(
          "next",
          [](ExportedRows& rows, std::int64_t limit) {
            std::string lines;
            {
              const py::gil_scoped_release unlocked;
              lines = rows.next(limit);
            }
            return py::bytes(lines);
          },
          py::arg("limit"), "The next rows as JSON lines; empty after the last. Raises Unavailable.");
}

}  // namespace

void bind_rows(py::module_& module) {
  py::native_enum<OnConflict>(module, "OnConflict", "enum.Enum")
      .value("FAIL", OnConflict::kFail)
      .value("SKIP", OnConflict::kSkip)
      .finalize();
  Class bound(module, "Repository", "Rows of one schema in one table.");
  bound.def(py::init([](std::shared_ptr<validation::Schema> schema) {
              return std::make_shared<Repository>(std::move(schema));
            }),
            required("schema"), "Raises ValueError for a schema without an id.");
  bind_reads(bound);
  bind_writes(bound);
  bind_export(module);
  bound.attr("MAX_BATCH") = Repository::kMaxBatch;
}

}  // namespace apiwright::bindings
