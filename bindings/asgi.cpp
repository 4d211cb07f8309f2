#include "asgi.hpp"

#include <pybind11/gil_safe_call_once.h>

#include <algorithm>
#include <string>
#include <unordered_map>

namespace apiwright::bindings {
namespace {

py::object sequence(const py::handle& object, const char* complaint) {
  auto fast = py::reinterpret_steal<py::object>(PySequence_Fast(object.ptr(), complaint));
  if (!fast) throw py::error_already_set();
  return fast;
}

// Borrowed from the scope; none when it is missing.
py::handle item(const py::dict& scope, const py::str& name) {
  PyObject* found = PyDict_GetItemWithError(scope.ptr(), name.ptr());
  if (found == nullptr && PyErr_Occurred() != nullptr) throw py::error_already_set();
  return found;
}

std::optional<std::string_view> text_item(const py::dict& scope, const py::str& name) {
  const auto found = item(scope, name);
  return found ? utf8_of(found) : std::nullopt;
}

std::string_view bytes_item(const py::dict& scope, const py::str& name) {
  const auto found = item(scope, name);
  if (!found || PyBytes_Check(found.ptr()) == 0) return {};
  return {PyBytes_AS_STRING(found.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(found.ptr()))};
}

// The first of `client`'s (host, port).
std::string_view peer_of(const py::dict& scope, const AsgiNames& names) {
  const auto client = item(scope, names.client);
  if (!client || PyTuple_Check(client.ptr()) == 0 || PyTuple_GET_SIZE(client.ptr()) == 0) return {};
  return utf8_of(PyTuple_GET_ITEM(client.ptr(), 0)).value_or(std::string_view{});
}

bool needs_no_encoding(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/-_.~").find(c) != std::string_view::npos;
  });
}

// As Starlette cuts it off: whole segments only.
std::string_view after_root(std::string_view path, std::string_view root) {
  if (!path.starts_with(root)) return path;
  const auto rest = path.substr(root.size());
  return rest.empty() || rest.front() == '/' ? rest : path;
}

py::bytes as_bytes(std::string_view text) { return {text.data(), text.size()}; }

// The pair last made for each name: the same again for a header that does not change. Under the GIL.
class HeaderPairs {
 public:
  const py::tuple& pair(const engine::Header& header) {
    auto& last = last_[header.name.data()];  // names are constants: their address tells them apart
    if (!last.pair || last.value != header.value) {
      last.pair = py::make_tuple(as_bytes(header.name), as_bytes(header.value));
      last.value = header.value;
    }
    return last.pair;
  }

  static HeaderPairs& get() {
    PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<HeaderPairs> storage;
    return storage.call_once_and_store_result([] { return HeaderPairs(); }).get_stored();
  }

 private:
  struct Last {
    std::string value;
    py::tuple pair{py::reinterpret_steal<py::tuple>(py::handle())};
  };
  std::unordered_map<const char*, Last> last_;
};

}  // namespace

HeaderViews::HeaderViews(const py::handle& headers) {
  held_.push_back(sequence(headers, "headers must be iterable"));
  PyObject* const list = held_.back().ptr();
  const Py_ssize_t count = PySequence_Fast_GET_SIZE(list);
  views_.reserve(static_cast<std::size_t>(count));
  for (Py_ssize_t index = 0; index < count; ++index) add(PySequence_Fast_GET_ITEM(list, index));
}

void HeaderViews::add(const py::handle& header) {
  const auto pair = sequence(header, "a header must be a pair of bytes");
  if (PySequence_Fast_GET_SIZE(pair.ptr()) != 2) throw py::type_error("a header must be a pair of bytes");
  const auto name = bytes(PySequence_Fast_GET_ITEM(pair.ptr(), 0));
  views_.emplace_back(name, bytes(PySequence_Fast_GET_ITEM(pair.ptr(), 1)));
}

std::string_view HeaderViews::bytes(const py::handle& object) {
  if (PyBytes_Check(object.ptr()) == 0) throw py::type_error("a header must be a pair of bytes");
  held_.push_back(py::reinterpret_borrow<py::object>(object));
  return {PyBytes_AS_STRING(object.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(object.ptr()))};
}

py::list header_list(const std::vector<engine::Header>& headers) {
  auto& pairs = HeaderPairs::get();
  py::list list(headers.size());
  Py_ssize_t index = 0;
  for (const auto& header : headers) PyList_SET_ITEM(list.ptr(), index++, pairs.pair(header).inc_ref().ptr());
  return list;
}

const AsgiNames& AsgiNames::get() {
  PYBIND11_CONSTINIT static py::gil_safe_call_once_and_store<AsgiNames> storage;
  return storage.call_once_and_store_result([] { return AsgiNames(); }).get_stored();
}

py::str AsgiNames::interned(const char* text) {
  return py::reinterpret_steal<py::str>(PyUnicode_InternFromString(text));
}

std::optional<AsgiRequest> AsgiRequest::read(const py::dict& scope) {
  const auto& names = AsgiNames::get();
  const auto method = text_item(scope, names.method);
  const auto path = text_item(scope, names.path);
  const auto root = text_item(scope, names.root_path).value_or(std::string_view{});
  const auto raw_path = bytes_item(scope, names.raw_path);
  if (!method || !path || raw_path.empty() || !needs_no_encoding(root)) return std::nullopt;
  AsgiRequest request;
  request.path = after_root(*path, root);
  request.query = bytes_item(scope, names.query_string);
  request.head = {*method, raw_path, root, peer_of(scope, names), {}};
  return request;
}

py::tuple answer_messages(const engine::Response& response) {
  const auto& names = AsgiNames::get();
  py::dict start;
  start[names.type] = names.response_start;
  start[names.status] = response.status;
  start[names.headers] = header_list(response.headers);
  py::dict body;
  body[names.type] = names.response_body;
  body[names.body] = as_bytes(response.body);
  return py::make_tuple(std::move(start), std::move(body));
}

}  // namespace apiwright::bindings
