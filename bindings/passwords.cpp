#include "apiwright/passwords/calibration.hpp"
#include "apiwright/passwords/hashing_pool.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using passwords::Claim;

/// (password, stored hash) pairs; anything else is a TypeError that shows none of them.
struct HiddenClaims {
  std::vector<Claim> claims;
};

Claim claim_of(const py::handle& pair) {
  if (!py::isinstance<py::tuple>(pair) || py::len(pair) != 2) throw py::type_error("expected pairs of str");
  const auto parts = py::reinterpret_borrow<py::tuple>(pair);
  const auto password = utf8_of(parts[0]);
  const auto phc = utf8_of(parts[1]);
  if (!password || !phc) throw py::type_error("expected pairs of str without lone surrogates");
  return {Secret(*password), std::string(*phc)};
}

}  // namespace
}  // namespace apiwright::bindings

namespace pybind11::detail {

template <>
struct type_caster<apiwright::bindings::HiddenClaims> {
  PYBIND11_TYPE_CASTER(apiwright::bindings::HiddenClaims, const_name("list[tuple[str, str]]"));
  bool load(handle source, bool) {
    if (!isinstance<list>(source)) throw type_error("expected a list of pairs of str");
    for (const auto& pair : reinterpret_borrow<list>(source)) {
      value.claims.push_back(apiwright::bindings::claim_of(pair));
    }
    return true;
  }
};

}  // namespace pybind11::detail

namespace apiwright::bindings {
namespace {

using passwords::Hasher;
using passwords::HashingPool;
using passwords::Parameters;
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

void start_verify_many(HashingPool& pool, QueuePtr queue, std::uint64_t ticket, HiddenClaims pairs) {
  pool.submit_verify_many(std::move(pairs.claims), [to = Ticket{std::move(queue), ticket}](std::exception_ptr failure,
                                                                                           std::vector<bool> matches) {
    to.deliver(std::move(failure), [matches = std::move(matches)] { return py::object(py::cast(matches)); });
  });
}

}  // namespace

void bind_passwords(py::module_& module) {
  auto passwords_module =
      module.def_submodule("passwords", "Argon2id (RFC 9106), and checking hashes of other systems.");
  py::class_<Hasher>(passwords_module, "Hasher", "Hashes and checks passwords.")
      .def(py::init([](std::uint32_t memory_kib, std::uint32_t passes, std::uint32_t tag_length) {
             return std::make_unique<Hasher>(
                 Parameters{.memory_kib = memory_kib, .passes = passes, .tag_length = tag_length});
           }),
           py::kw_only(), py::arg("memory_kib") = Parameters{}.memory_kib, py::arg("passes") = Parameters{}.passes,
           py::arg("tag_length") = Parameters{}.tag_length, "Takes the cost. Raises ValidationFailed.")
      .def(
          "hash", [](const Hasher& hasher, HiddenText password) { return hasher.hash(password.text); },
          py::arg("password"), Unlocked(), "A PHC string. Raises ValidationFailed.")
      .def(
          "verify",
          [](const Hasher& hasher, HiddenText password, HiddenText phc) { hasher.verify(password.text, phc.text); },
          py::arg("password"), py::arg("phc"), Unlocked(), "Returns when it matches. Raises InvalidCredentials.")
      .def(
          "verify_nobody", [](const Hasher& hasher, HiddenText password) { hasher.verify_nobody(password.text); },
          py::arg("password"), Unlocked(), "Takes as long as a mismatch. Always raises InvalidCredentials.")
      .def(
          "needs_rehash", [](const Hasher& hasher, HiddenText phc) { return hasher.needs_rehash(phc.text); },
          py::arg("phc"), "True when made at a lower cost than this hasher's, or by another system.");

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
      .def("start_verify_many", &start_verify_many, required("queue"), py::arg("ticket"), py::arg("pairs"),
           "Delivers a list of bool. Raises Unavailable, ValidationFailed, InternalError at once.")
      .def(
          "verify_many",
          [](HashingPool& pool, HiddenClaims pairs) { return pool.verify_many(std::move(pairs.claims)); },
          py::arg("pairs"), Unlocked(), "The same, waited for.")
      .def("waiting", &HashingPool::waiting, "How many wait for a thread.")
      .def("stop", &HashingPool::stop, Unlocked(), "Refuses what waits, lets what runs finish.");

  passwords_module.def(
      "calibrate",
      [](std::int64_t target_ms, std::uint32_t memory_kib) {
        const Parameters found = passwords::calibrate(std::chrono::milliseconds(target_ms), memory_kib);
        return std::pair(found.memory_kib, found.passes);
      },
      py::kw_only(), py::arg("target_ms"), py::arg("memory_kib"), Unlocked(),
      "(memory_kib, passes): the most passes whose hash takes no longer, measured. Raises ValidationFailed.");
}

}  // namespace apiwright::bindings
