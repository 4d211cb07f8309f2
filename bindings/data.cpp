#include "apiwright/base/timestamp.hpp"
#include "apiwright/data/migrations.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using data::Database;
using data::InteractiveTransaction;
using data::Migrations;
using data::Runner;
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

std::chrono::milliseconds milliseconds(std::int64_t count) { return std::chrono::milliseconds(count); }

// What is told when a step of a transaction is over: None, or what went wrong.
std::function<void(std::exception_ptr)> told(QueuePtr queue, std::uint64_t ticket) {
  return [ticket = Ticket{std::move(queue), ticket}](const std::exception_ptr& failure) {
    ticket.deliver(failure, []() -> py::object { return py::none(); });
  };
}

void bind_transaction(py::module_& module) {
  py::class_<InteractiveTransaction, Runner, Owned<InteractiveTransaction>>(
      module, "Transaction", "An open transaction; rolled back when it goes away uncommitted.")
      .def("commit", &InteractiveTransaction::commit, Unlocked(),
           "Returns when all of it is durable. Raises Timeout, Unavailable, ValueError when it is over.")
      .def("rollback", &InteractiveTransaction::rollback, Unlocked(),
           "Undoes all of it. Raises ValueError after commit.")
      .def(
          "start_commit",
          [](InteractiveTransaction& transaction, QueuePtr queue, std::uint64_t ticket) {
            transaction.submit_commit(told(std::move(queue), ticket));
          },
          required("queue"), py::arg("ticket"), "Delivers None when all of it is durable. Raises as commit.")
      .def(
          "start_rollback",
          [](InteractiveTransaction& transaction, QueuePtr queue, std::uint64_t ticket) {
            transaction.submit_rollback(told(std::move(queue), ticket));
          },
          required("queue"), py::arg("ticket"), "Delivers None when all of it is undone. Raises as rollback.");
}

Owned<InteractiveTransaction> begin(Database& database, std::int64_t time_limit) {
  return Owned<InteractiveTransaction>(database.begin(milliseconds(time_limit)).release());
}

void start_begin(Database& database, QueuePtr queue, std::uint64_t ticket, std::int64_t time_limit) {
  database.submit_begin(milliseconds(time_limit), [ticket = Ticket{std::move(queue), ticket}](
                                                      auto begun, const std::exception_ptr& failure) {
    ticket.deliver(failure, [transaction = Owned<InteractiveTransaction>(begun.release())]() mutable {
      return py::cast(std::move(transaction));
    });
  });
}

void bind_database(py::module_& module) {
  const py::class_<Runner, Owned<Runner>> runner(module, "Runner",
                                                 "What runs works: a database, or an open transaction.");
  bind_transaction(module);
  py::class_<Database, Runner, Owned<Database>>(module, "Database", "A database; opens nothing before its first use.",
                                                py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const std::string& url, std::size_t readers, std::size_t writers, std::size_t queue_limit,
                       std::int64_t wait_limit, std::int64_t busy_timeout, std::string direct_url, bool prepare) {
             const data::DatabaseOptions options{.readers = readers,
                                                 .writers = writers,
                                                 .queue_limit = queue_limit,
                                                 .wait_limit = milliseconds(wait_limit),
                                                 .busy_timeout = milliseconds(busy_timeout),
                                                 .direct_url = std::move(direct_url),
                                                 .prepare = prepare};
             return Owned<Database>(Database::open(url, options).release());
           }),
           py::arg("url"), py::kw_only(), py::arg("readers") = 2, py::arg("writers") = 4, py::arg("queue_limit") = 4096,
           py::arg("wait_limit_ms") = 10'000, py::arg("busy_timeout_ms") = 5'000, py::arg("direct_url") = "",
           py::arg("prepare") = true, "Checks the URL alone. Raises ValidationFailed.")
      .def("begin", &begin, py::arg("time_limit_ms"), Unlocked(),
           "Opens a transaction, waiting for the writer. Raises Unavailable.")
      .def("start_begin", &start_begin, required("queue"), py::arg("ticket"), py::arg("time_limit_ms"),
           "Delivers an open Transaction. Raises Unavailable when too many wait.")
      .def(
          "stop", [](Database& database, std::int64_t grace) { database.stop(milliseconds(grace)); },
          py::arg("grace_ms"), Unlocked(), "Finishes what waits for up to that long, closes every connection.");
}

void bind_migrations(py::module_& module) {
  py::class_<Migrations, std::shared_ptr<Migrations>>(module, "Migrations", "The steps of a schema's history.")
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

}  // namespace

void bind_data(py::module_& module) {
  auto data_module = module.def_submodule("data", "Databases and migrations.");
  bind_database(data_module);
  bind_migrations(data_module);
}

}  // namespace apiwright::bindings
