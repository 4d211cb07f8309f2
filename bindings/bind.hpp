#pragma once

#include <pybind11/native_enum.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>
#include <unistd.h>

#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/base/secret.hpp"
#include "apiwright/base/uuid.hpp"
#include "apiwright/data/database.hpp"
#include "apiwright/tasks/completion_queue.hpp"
#include "apiwright/validation/record.hpp"

namespace py = pybind11;

namespace apiwright::bindings {

// One function per core folder, called by module.cpp in this order.
void bind_base(py::module_& module);
void bind_tasks(py::module_& module);
void bind_validation(py::module_& module);
void bind_access(py::module_& module);
void bind_passwords(py::module_& module);
void bind_tokens(py::module_& module);
void bind_data(py::module_& module);
void bind_repositories(py::module_& module);
void bind_engine(py::module_& module);

// Parts of bind_repositories: the generic repository, and tables.
void bind_rows(py::module_& module);
void bind_tables(py::module_& module);

void register_errors();

/// The Python exception for whatever the core threw.
[[nodiscard]] py::object exception_object(const std::exception_ptr& failure);

/// An AppError's (field, message, code) triples.
using ErrorDetails = std::vector<std::tuple<std::string, std::string, std::string>>;

/// The core's error of an AppError's parts.
[[nodiscard]] Error error_from(const std::string& code, std::string message, const ErrorDetails& details,
                               std::optional<std::int64_t> retry_after, std::string cause);

/// The values of a record that are present, by their fields' names.
[[nodiscard]] py::dict values_of(const validation::Record& record);

/// A checked value in Python's own types: str, int, float, bool, decimal.Decimal, datetime (UTC), list, dict, None.
[[nodiscard]] py::object to_python(const validation::Value& value);
[[nodiscard]] validation::Value from_python(const py::handle& object);

/// Rules by the names of their fields.
using FieldRuleDict = std::map<std::string, access::Rule>;
[[nodiscard]] std::vector<access::FieldRule> field_rules(const FieldRuleDict& rules);

/// Text whose TypeError does not show it, unlike pybind11's, which shows every argument of the call.
struct HiddenText {
  std::string_view text;
};

/// Bytes whose TypeError does not show them.
struct HiddenBytes {
  std::string_view bytes;
};

/// A Secret to be used up; anything else is a TypeError that does not show it either.
struct HiddenSecret {
  Secret* secret = nullptr;
};

/// The UTF-8 of a str; none for anything else and for lone surrogates.
[[nodiscard]] std::optional<std::string_view> utf8_of(const py::handle& object);

/// A parameter that refuses None, for what is taken by shared_ptr.
[[nodiscard]] inline py::arg required(const char* name) { return py::arg(name).none(false); }

/// An object that borrows others, and those as long as it lives: also while only the core's threads use it.
template <typename T, typename... Borrowed>
[[nodiscard]] std::shared_ptr<T> with_what_it_borrows(std::shared_ptr<T> object,
                                                      std::shared_ptr<Borrowed>... borrowed) {
  T* const address = object.get();
  return {address, [object = std::move(object), ... borrowed = std::move(borrowed)](T*) mutable { object.reset(); }};
}

/// Owns what waits for its threads when it goes away. A process forked off has none of them: there it is left alone.
template <typename T>
struct DeleteWhereMade {
  pid_t maker = getpid();
  void operator()(T* object) const {
    if (getpid() == maker) delete object;
  }
};
template <typename T>
using Owned = std::unique_ptr<T, DeleteWhereMade<T>>;

/// Finished work on its way to a loop. Made on any thread without the GIL; read on the loop's, under it.
class Delivery : public tasks::Completion {
 public:
  explicit Delivery(std::uint64_t ticket) : ticket_(ticket) {}
  [[nodiscard]] std::uint64_t ticket() const noexcept { return ticket_; }
  /// The result as a Python object; throws what the work threw.
  [[nodiscard]] virtual py::object result() = 0;

 private:
  std::uint64_t ticket_;
};

template <typename Make>
class DeliveryOf final : public Delivery {
 public:
  DeliveryOf(std::uint64_t ticket, std::exception_ptr failure, Make make)
      : Delivery(ticket), failure_(std::move(failure)), make_(std::move(make)) {}
  [[nodiscard]] py::object result() override {
    if (failure_) std::rethrow_exception(failure_);
    return make_();
  }

 private:
  std::exception_ptr failure_;
  Make make_;
};

/// Where a result belongs: a loop's queue, and the number under which that loop waits for it.
struct Ticket {
  std::shared_ptr<tasks::CompletionQueue> queue;
  std::uint64_t number;

  /// `make` gives the Python object, under the GIL; it must hold none itself.
  template <typename Make>
  void deliver(std::exception_ptr failure, Make make) const {
    queue->push(std::make_unique<DeliveryOf<Make>>(number, std::move(failure), std::move(make)));
  }
};

using QueuePtr = std::shared_ptr<tasks::CompletionQueue>;

/// Work that runs `run` (Connection& → T) and delivers its result.
template <typename Run>
[[nodiscard]] data::Work work_for(const Ticket& ticket, Run run) {
  using Result = std::invoke_result_t<Run&, data::Connection&>;
  if constexpr (std::is_void_v<Result>) {
    return {std::move(run), [ticket](const std::exception_ptr& failure) {
              ticket.deliver(failure, []() -> py::object { return py::none(); });
            }};
  } else {
    auto result = std::make_shared<std::optional<Result>>();
    return {[run = std::move(run), result](data::Connection& connection) mutable { result->emplace(run(connection)); },
            [ticket, result](const std::exception_ptr& failure) {
              ticket.deliver(failure, [result] { return py::cast(std::move(**result)); });
            }};
  }
}

}  // namespace apiwright::bindings

namespace pybind11::detail {

/// A Uuid is a str of 36 characters in Python.
template <>
struct type_caster<apiwright::Uuid> {
  PYBIND11_TYPE_CASTER(apiwright::Uuid, const_name("str"));
  bool load(handle source, bool) {
    const auto text = apiwright::bindings::utf8_of(source);
    const auto parsed = text ? apiwright::Uuid::parse(*text) : std::nullopt;
    if (parsed) value = *parsed;
    return parsed.has_value();
  }
  static handle cast(const apiwright::Uuid& uuid, return_value_policy, handle) {
    return pybind11::str(uuid.to_string()).release();
  }
};

template <>
struct type_caster<apiwright::bindings::HiddenText> {
  PYBIND11_TYPE_CASTER(apiwright::bindings::HiddenText, const_name("str"));
  bool load(handle source, bool) {
    const auto text = apiwright::bindings::utf8_of(source);
    if (!text) throw type_error("expected a str without lone surrogates");
    value.text = *text;
    return true;
  }
};

template <>
struct type_caster<apiwright::bindings::HiddenBytes> {
  PYBIND11_TYPE_CASTER(apiwright::bindings::HiddenBytes, const_name("bytes"));
  bool load(handle source, bool) {
    if (!isinstance<bytes>(source)) throw type_error("expected bytes");
    value.bytes = reinterpret_borrow<bytes>(source);  // NOLINT(bugprone-dangling-handle): no view, a reference counted
    return true;
  }
};

template <>
struct type_caster<apiwright::bindings::HiddenSecret> {
  PYBIND11_TYPE_CASTER(apiwright::bindings::HiddenSecret, const_name("apiwright._core.base.Secret"));
  bool load(handle source, bool) {
    if (!isinstance<apiwright::Secret>(source)) throw type_error("expected a Secret");
    value.secret = source.cast<apiwright::Secret*>();
    return true;
  }
};

}  // namespace pybind11::detail
