#include "apiwright/engine/query_string.hpp"
#include "apiwright/engine/users.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using engine::Exchange;
using engine::Gateway;
using engine::Header;
using engine::Operation;
using engine::Response;
using QuotaPair = std::optional<std::pair<std::int64_t, std::int64_t>>;

// ASGI's form of headers.
py::list header_list(const std::vector<Header>& headers) {
  py::list list;
  for (const auto& header : headers) list.append(py::make_tuple(py::bytes(header.name), py::bytes(header.value)));
  return list;
}

py::tuple response_tuple(const Response& response) {
  return py::make_tuple(response.status, header_list(response.headers), py::bytes(response.body));
}

std::string_view bytes_view(const py::handle& object) {
  return std::string_view(py::reinterpret_borrow<py::bytes>(object));
}

// ASGI gives an iterable of pairs of bytes; the views live as long as `headers`.
std::vector<std::pair<std::string_view, std::string_view>> header_views(const py::sequence& headers) {
  std::vector<std::pair<std::string_view, std::string_view>> views;
  views.reserve(headers.size());
  for (const auto& header : headers) {
    const auto pair = py::reinterpret_borrow<py::sequence>(header);
    const py::object name = pair[0];
    const py::object value = pair[1];
    views.emplace_back(bytes_view(name), bytes_view(value));
  }
  return views;
}

std::optional<engine::Quota> quota(const QuotaPair& pair) {
  if (!pair) return std::nullopt;
  return engine::Quota{pair->first, std::chrono::seconds(pair->second)};
}

std::vector<engine::Network> networks(const std::vector<std::string>& texts) {
  std::vector<engine::Network> parsed;
  for (const auto& text : texts) {
    const auto network = engine::Network::parse(text);
    if (!network) throw py::value_error("not an address or network: " + text);
    parsed.push_back(*network);
  }
  return parsed;
}

Error error_from(const std::string& code, std::string message,
                 const std::vector<std::tuple<std::string, std::string, std::string>>& details,
                 std::optional<std::int64_t> retry_after, std::string cause) {
  std::vector<Detail> list;
  for (const auto& [field, text, detail_code] : details) list.push_back({field, text, detail_code});
  Error error(error_code_named(code), std::move(message), std::move(list));
  if (retry_after) error = std::move(error).retried_after(std::chrono::seconds(*retry_after));
  return std::move(error).caused_by(std::move(cause));
}

void bind_exchange(py::module_& module) {
  py::class_<Exchange, std::shared_ptr<Exchange>>(module, "Exchange", "One request on its way through.")
      .def_property_readonly("request_id", &Exchange::request_id)
      .def_property_readonly("client", &Exchange::client, "The address that asks, proxies looked through.")
      .def_property_readonly("origin", &Exchange::origin)
      .def("location", &Exchange::location, py::arg("path"), "A path of this application as clients name it.")
      .def("claims", &Exchange::claims, py::return_value_policy::copy,
           "The access token's claims. Raises Unauthorized, TokenExpired.")
      .def("refusal",
           [](Exchange& exchange) -> py::object {
             const auto response = exchange.refusal();
             return response ? py::object(response_tuple(*response)) : py::none();
           },
           "An answer to give at once, (status, headers, body), or None.")
      .def("require_media_type",
           [](const Exchange& exchange, const std::string& type) { exchange.require_media_type({type}); },
           py::arg("media_type"), "Raises UnsupportedMediaType.")
      .def("refuse_idempotency_key", &Exchange::refuse_idempotency_key, "Raises ValidationFailed when one was sent.")
      .def("count_login", &Exchange::count_login, py::arg("account"), "Counts an attempt. Raises RateLimited.")
      .def("error_response",
           [](const Exchange& exchange, const std::string& code, std::string message,
              const std::vector<std::tuple<std::string, std::string, std::string>>& details,
              std::optional<std::int64_t> retry_after, std::string cause) {
             return response_tuple(exchange.error_response(
                 error_from(code, std::move(message), details, retry_after, std::move(cause))));
           },
           py::arg("code"), py::arg("message"), py::arg("details"), py::arg("retry_after"), py::arg("cause"),
           "(status, headers, body) of the contract's envelope.")
      .def("common_headers",
           [](const Exchange& exchange, const py::sequence& present) {
             std::vector<std::string_view> names;
             for (const auto& [name, value] : header_views(present)) names.push_back(name);
             return header_list(exchange.common_headers(names));
           },
           py::arg("present"), "What the answer carries beside its own headers.")
      .def("log", &Exchange::log, py::arg("status"), py::arg("size"), "Writes the request's line to the log.");
}

void bind_gateway(py::module_& module) {
  py::class_<Gateway>(module, "Gateway", "What every request passes before the application.")
      .def(py::init([](const tokens::AccessTokens& access_tokens, const Clock& clock, const QuotaPair& anonymous,
                       const QuotaPair& authenticated, const QuotaPair& login, std::uint64_t body_limit,
                       std::vector<std::string> cors_origins, const std::vector<std::string>& trusted_proxies,
                       bool strict_transport, bool log_json, bool log_requests) {
             return std::make_unique<Gateway>(
                 engine::GatewayOptions{quota(anonymous), quota(authenticated), quota(login), body_limit,
                                        std::move(cors_origins), networks(trusted_proxies), strict_transport,
                                        {log_json, log_requests}},
                 access_tokens, clock);
           }),
           py::arg("access_tokens"), py::arg("clock"), py::kw_only(), py::arg("anonymous"), py::arg("authenticated"),
           py::arg("login"), py::arg("body_limit"), py::arg("cors_origins"), py::arg("trusted_proxies"),
           py::arg("strict_transport"), py::arg("log_json"), py::arg("log_requests"), py::keep_alive<1, 2>(),
           py::keep_alive<1, 3>())
      .def("begin",
           [](Gateway& gateway, std::string_view method, const py::bytes& path, std::string_view root_path,
              std::string_view peer, const py::sequence& headers) {
             return gateway.begin({method, std::string_view(path), root_path, peer, header_views(headers)});
           },
           py::arg("method"), py::arg("path"), py::arg("root_path"), py::arg("peer"), py::arg("headers"),
           "Identifies and counts a request; paths percent-encoded, `headers` as in ASGI.");
}

void bind_operations(py::module_& module) {
  using engine::Services;
  using engine::SessionOperations;
  using engine::UserOperations;

  py::class_<Services>(module, "Services", "What operations work with.")
      .def(py::init([](const Clock& clock, data::Database& database, passwords::HashingPool& hashing,
                       const repositories::Sessions& sessions) {
             return std::make_unique<Services>(Services{clock, database, hashing, sessions});
           }),
           py::arg("clock"), py::arg("database"), py::arg("hashing"), py::arg("sessions"), py::keep_alive<1, 2>(),
           py::keep_alive<1, 3>(), py::keep_alive<1, 4>(), py::keep_alive<1, 5>());

  py::class_<Operation>(module, "Operation", "The whole of a request, from bytes to an answer.")
      .def("start",
           [](const Operation& operation, QueuePtr queue, std::uint64_t ticket, std::shared_ptr<Exchange> exchange,
              std::string query, std::string body, std::optional<std::string> id) {
             operation.answer({std::move(exchange), std::move(query), std::move(body), std::move(id)},
                              [to = Ticket{std::move(queue), ticket}](Response response) {
                                to.deliver(nullptr, [response = std::move(response)]() -> py::object {
                                  return response_tuple(response);
                                });
                              });
           },
           py::arg("queue"), py::arg("ticket"), py::arg("exchange"), py::arg("query"), py::arg("body"), py::arg("id"),
           "Delivers (status, headers, body); never an exception.");

  py::class_<UserOperations>(module, "UserOperations", "The operations on users.")
      .def(py::init<const Services&, const repositories::Users&, const repositories::Accounts&>(),
           py::arg("services"), py::arg("users"), py::arg("accounts"), py::keep_alive<1, 2>(), py::keep_alive<1, 3>(),
           py::keep_alive<1, 4>())
      .def("at", &UserOperations::at, py::arg("name"), py::return_value_policy::reference_internal);

  py::class_<SessionOperations>(module, "SessionOperations", "The operations on one's own sessions.")
      .def(py::init<const Services&>(), py::arg("services"), py::keep_alive<1, 2>())
      .def("at", &SessionOperations::at, py::arg("name"), py::return_value_policy::reference_internal);
}

}  // namespace

void bind_engine(py::module_& module) {
  auto engine_module = module.def_submodule("engine", "The whole of a request.");
  bind_exchange(engine_module);
  bind_gateway(engine_module);
  bind_operations(engine_module);
  engine_module.def("refuse_parameters",
                    [](const py::bytes& query) { engine::refuse_parameters(std::string_view(query)); },
                    py::arg("query"), "Raises ValidationFailed when the query string has any parameter.");
}

}  // namespace apiwright::bindings
