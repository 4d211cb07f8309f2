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
  py::class_<Database>(data_module, "Database", "A database; opens nothing before its first use.")
      .def(py::init([](const std::string& url, std::size_t readers, std::size_t queue_limit,
                       std::int64_t wait_limit, std::int64_t busy_timeout) {
             return Database::open(url, {readers, queue_limit, std::chrono::milliseconds(wait_limit),
                                         std::chrono::milliseconds(busy_timeout)});
           }),
           py::arg("url"), py::kw_only(), py::arg("readers") = 2, py::arg("queue_limit") = 4096,
           py::arg("wait_limit_ms") = 10'000, py::arg("busy_timeout_ms") = 5'000)
      .def("stop",
           [](Database& database, std::int64_t grace) { database.stop(std::chrono::milliseconds(grace)); },
           py::arg("grace_ms"), Unlocked(), "Finishes what waits for up to that long, closes every connection.");

  py::class_<Migrations>(data_module, "Migrations", "The steps of a schema's history.")
      .def(py::init<std::string, const std::string&>(), py::arg("scope"), py::arg("folder"))
      .def("status", &status, py::arg("database"), "(version, name, applied at or None) each.")
      .def("up",
           [](const Migrations& migrations, Database& database) {
             return migrations.up(*database.connect(), SystemClock());
           },
           py::arg("database"), Unlocked(), "Applies what is pending; the names.")
      .def("down",
           [](const Migrations& migrations, Database& database, std::size_t steps) {
             return migrations.down(*database.connect(), steps);
           },
           py::arg("database"), py::arg("steps") = 1, Unlocked(), "Takes back the last ones; the names.")
      .def("pending",
           [](const Migrations& migrations, Database& database) {
             return migrations.pending(*database.connect());
           },
           py::arg("database"), Unlocked(), "How many are not applied.")
      .def("start_pending",
           [](const Migrations& migrations, QueuePtr queue, std::uint64_t ticket, Database& database) {
             database.submit_read(work_for(Ticket{std::move(queue), ticket}, [&migrations](data::Connection& connection) {
               return migrations.pending(connection);
             }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), "Delivers how many are not applied.");
}

}  // namespace apiwright::bindings
