#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "apiwright/engine/exchange.hpp"
#include "bind.hpp"

namespace apiwright::bindings {

/// ASGI's headers, an iterable of pairs of bytes; a list or tuple of them is read in place. The views live as long as
/// this. Throws a TypeError for anything else.
class HeaderViews {
 public:
  explicit HeaderViews(const py::handle& headers);
  [[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& views() const { return views_; }

 private:
  void add(const py::handle& header);
  std::string_view bytes(const py::handle& object);

  std::vector<py::object> held_;
  std::vector<std::pair<std::string_view, std::string_view>> views_;
};

/// ASGI's form of headers: a list of pairs of bytes. Pairs are immutable: those that most answers have are made once.
[[nodiscard]] py::list header_list(const std::vector<engine::Header>& headers);

/// The texts that every scope and message has; made once, and never destroyed.
struct AsgiNames {
  [[nodiscard]] static const AsgiNames& get();

  py::str type = interned("type");
  py::str method = interned("method");
  py::str path = interned("path");
  py::str raw_path = interned("raw_path");
  py::str root_path = interned("root_path");
  py::str query_string = interned("query_string");
  py::str headers = interned("headers");
  py::str client = interned("client");
  py::str status = interned("status");
  py::str body = interned("body");
  py::str response_start = interned("http.response.start");
  py::str response_body = interned("http.response.body");

 private:
  static py::str interned(const char* text);
};

/// What a scope of type `http` says of its request. Views live as long as the scope.
struct AsgiRequest {
  std::string_view path;  ///< decoded, after the root path
  std::string_view query;
  engine::RequestHead head;

  /// None for a scope that only stock routing can judge: without a raw path, or with a root path that would have to be
  /// encoded.
  [[nodiscard]] static std::optional<AsgiRequest> read(const py::dict& scope);
};

/// The two messages of a finished answer.
[[nodiscard]] py::tuple answer_messages(const engine::Response& response);

}  // namespace apiwright::bindings
