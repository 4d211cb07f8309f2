#include "apiwright/passwords/hashing_pool.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using passwords::Hasher;
using passwords::HashingPool;
using Unlocked = py::call_guard<py::gil_scoped_release>;

void start_hash(HashingPool& pool, QueuePtr queue, std::uint64_t ticket, HiddenSecret password) {
  pool.submit_hash(std::move(*password.secret),
                   [to = Ticket{std::move(queue), ticket}](std::exception_ptr failure, std::string phc) {
                     to.deliver(std::move(failure), [phc = std::move(phc)]() -> py::object { return py::str(phc); });
                   });
}

void start_verify(HashingPool& pool, QueuePtr queue, std::uint64_t ticket, HiddenSecret password,
                  std::optional<std::string> phc) {
  pool.submit_verify(
      std::move(*password.secret), std::move(phc),
      [to = Ticket{std::move(queue), ticket}](std::exception_ptr failure, std::optional<std::string> rehashed) {
        to.deliver(std::move(failure), [rehashed = std::move(rehashed)] { return py::object(py::cast(rehashed)); });
      });
}

}  // namespace

void bind_passwords(py::module_& module) {
  auto passwords_module = module.def_submodule("passwords", "Argon2id (RFC 9106).");
  py::class_<Hasher>(passwords_module, "Hasher", "Hashes and checks passwords.")
      .def(py::init([](std::uint32_t memory_kib, std::uint32_t iterations) {
             return std::make_unique<Hasher>(passwords::Parameters{memory_kib, iterations});
           }),
           py::kw_only(), py::arg("memory_kib") = passwords::Parameters{}.memory_kib,
           py::arg("iterations") = passwords::Parameters{}.iterations, "Takes the cost. Raises ValidationFailed.")
      .def(
          "hash", [](const Hasher& hasher, HiddenText password) { return hasher.hash(password.text); },
          py::arg("password"), Unlocked(), "A PHC string. Raises ValidationFailed.")
      .def(
          "verify",
          [](const Hasher& hasher, HiddenText password, HiddenText phc) { hasher.verify(password.text, phc.text); },
          py::arg("password"), py::arg("phc"), Unlocked(), "Returns when it matches. Raises InvalidCredentials.")
      .def("needs_rehash", &Hasher::needs_rehash, py::arg("phc"),
           "True when made with a lower cost than this hasher's.");

  py::class_<HashingPool, Owned<HashingPool>>(passwords_module, "HashingPool",
                                              "Hashes on its own threads, at most so many at once.",
                                              py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Hasher& hasher, std::size_t threads, std::size_t queue_limit, std::int64_t wait_limit) {
             return Owned<HashingPool>(
                 new HashingPool(hasher, threads, queue_limit, std::chrono::milliseconds(wait_limit)));
           }),
           py::arg("hasher"), py::kw_only(), py::arg("threads"), py::arg("queue_limit"), py::arg("wait_limit_ms"),
           "Starts no thread before the first hash.")
      .def("start_hash", &start_hash, required("queue"), py::arg("ticket"), py::arg("password"),
           "Delivers a PHC string, or ValidationFailed; empties `password`. Raises Unavailable when too many wait.")
      .def("start_verify", &start_verify, required("queue"), py::arg("ticket"), py::arg("password"), py::arg("phc"),
           "Delivers a new PHC string to store, or None; empties `password`. Raises Unavailable at once when too many "
           "wait.")
      .def("waiting", &HashingPool::waiting, "How many wait for a thread.")
      .def("stop", &HashingPool::stop, Unlocked(), "Refuses what waits, lets what runs finish.");
}

}  // namespace apiwright::bindings
