#include "apiwright/base/timestamp.hpp"
#include "apiwright/data/migrations.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using data::Database;
using data::Migrations;
using Unlocked = py::call_guard<py::gil_scoped_release>;

py::list status(const Migrations& migrations, Database& database) {
  std::vector<data::MigrationStatus> rows;
  {
    const py::gil_scoped_release unlocked;
    rows = migrations.status(*database.connect());
  }
  py::list list;
  for (const auto& row : rows) {
    list.append(py::make_tuple(row.migration.version, row.migration.name,
                               row.applied_at ? py::object(to_python(*row.applied_at)) : py::none()));
  }
  return list;
}

}  // namespace

void bind_data(py::module_& module) {
  auto data_module = module.def_submodule("data", "Databases and migrations.");
  py::class_<Database, Owned<Database>>(data_module, "Database", "A database; opens nothing before its first use.",
                                        py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const std::string& url, std::size_t readers, std::size_t queue_limit, std::int64_t wait_limit,
                       std::int64_t busy_timeout) {
             const data::DatabaseOptions options{readers, queue_limit, std::chrono::milliseconds(wait_limit),
                                                 std::chrono::milliseconds(busy_timeout)};
             return Owned<Database>(Database::open(url, options).release());
           }),
           py::arg("url"), py::kw_only(), py::arg("readers") = 2, py::arg("queue_limit") = 4096,
           py::arg("wait_limit_ms") = 10'000, py::arg("busy_timeout_ms") = 5'000,
           "Checks the URL alone. Raises ValidationFailed.")
      .def(
          "stop", [](Database& database, std::int64_t grace) { database.stop(std::chrono::milliseconds(grace)); },
          py::arg("grace_ms"), Unlocked(), "Finishes what waits for up to that long, closes every connection.");

  py::class_<Migrations, std::shared_ptr<Migrations>>(data_module, "Migrations", "The steps of a schema's history.")
      .def(py::init<std::string, const std::string&>(), py::arg("scope"), py::arg("folder"),
           "Reads the folder. Raises ValidationFailed.")
      .def("status", &status, py::arg("database"),
           "(version, name, applied at or None) each. Raises Unavailable, Unprocessable.")
      .def(
          "up",
          [](const Migrations& migrations, Database& database) {
            return migrations.up(*database.connect(), SystemClock());
          },
          py::arg("database"), Unlocked(), "Applies what is pending; the names. Raises Unavailable, Unprocessable.")
      .def(
          "down",
          [](const Migrations& migrations, Database& database, std::size_t steps) {
            return migrations.down(*database.connect(), steps);
          },
          py::arg("database"), py::arg("steps") = 1, Unlocked(),
          "Takes back the last ones; the names. Raises Unavailable, Unprocessable.")
      .def(
          "pending",
          [](const Migrations& migrations, Database& database) { return migrations.pending(*database.connect()); },
          py::arg("database"), Unlocked(), "How many are not applied. Raises Unavailable, Unprocessable.")
      .def(
          "start_pending",
          [](std::shared_ptr<Migrations> migrations, QueuePtr queue, std::uint64_t ticket, Database& database) {
            database.submit_read(work_for(Ticket{std::move(queue), ticket},
                                          [migrations = std::move(migrations)](data::Connection& connection) {
                                            return migrations->pending(connection);
                                          }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"),
          "Delivers how many are not applied. Raises Unavailable when too many wait.");
}

}  // namespace apiwright::bindings
