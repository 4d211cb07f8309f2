#include "apiwright/engine/batch.hpp"
#include "apiwright/engine/query_string.hpp"
#include "apiwright/engine/resource_operations.hpp"
#include "apiwright/engine/roles.hpp"
#include "apiwright/engine/users.hpp"
#include "asgi.hpp"
#include "count.hpp"
#include "fast_lane.hpp"

namespace apiwright::bindings {
namespace {

using engine::Exchange;
using engine::Gateway;
using engine::Response;
using engine::Services;
/// By field, what it was and what it becomes.
using TransitionRuleDict = std::map<std::tuple<std::string, std::string, std::string>, access::Rule>;
/// A path and the field that names its row.
using NestedPair = std::optional<std::pair<std::string, std::string>>;
using QuotaPair = std::optional<std::pair<std::int64_t, std::int64_t>>;

py::tuple response_tuple(const Response& response) {
  return py::make_tuple(response.status, header_list(response.headers), py::bytes(response.body));
}

// Operations with a count of the work under way in them, which goes on without Python's objects: they wait for its end.
template <typename Operations>
class Counted {
 public:
  template <typename... Arguments>
  explicit Counted(Arguments&&... arguments) : operations_(std::forward<Arguments>(arguments)...) {}
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  ~Counted() { count_->wait_for_none(); }

  [[nodiscard]] CountedOperation at(std::string_view name) const { return {operations_.at(name), count_}; }
  /// Of what is one operation.
  [[nodiscard]] CountedOperation operation() const { return {operations_, count_}; }
  [[nodiscard]] const Operations& operator*() const noexcept { return operations_; }

 private:
  std::shared_ptr<Count> count_ = std::make_shared<Count>();
  Operations operations_;
};

/// Tells a loop what a step of an operation came to; the operation stays as long.
template <typename Result>
auto told_to(QueuePtr queue, std::uint64_t ticket, const CountedOperation& counted) {
  return [to = Ticket{std::move(queue), ticket}, one = counted.count->one()](const std::exception_ptr& failure,
                                                                             Result result) {
    to.deliver(failure, [result = std::move(result)]() mutable { return py::cast(std::move(result)); });
  };
}

std::vector<access::TransitionRule> transition_rules(const TransitionRuleDict& rules) {
  std::vector<access::TransitionRule> found;
  found.reserve(rules.size());
  for (const auto& [step, rule] : rules) {
    const auto& [field, from, to] = step;
    found.push_back({field, from, to, rule});
  }
  return found;
}

std::optional<engine::Nested> nested_of(const NestedPair& pair) {
  if (!pair) return std::nullopt;
  return engine::Nested{pair->first, pair->second};
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

void bind_exchange(py::module_& module) {
  py::class_<Exchange, std::shared_ptr<Exchange>>(module, "Exchange", "One request on its way through.")
      .def_property_readonly("request_id", &Exchange::request_id, "The client's own when well-formed.")
      .def_property_readonly("client", &Exchange::client, "The address that asks, proxies looked through.")
      .def_property_readonly("origin", &Exchange::origin, "Where a sign-in by this request comes from.")
      .def("location", &Exchange::location, py::arg("path"), "A path of this application as clients name it.")
      .def("claims", &Exchange::claims, py::return_value_policy::copy,
           "The access token's claims. Raises Unauthorized, TokenExpired.")
      .def(
          "refusal",
          [](Exchange& exchange) -> py::object {
            const auto response = exchange.refusal();
            return response ? py::object(response_tuple(*response)) : py::none();
          },
          "An answer to give at once, (status, headers, body), or None.")
      .def(
          "require_media_type",
          [](const Exchange& exchange, const std::string& type) { exchange.require_media_type({type}); },
          py::arg("media_type"), "Raises UnsupportedMediaType.")
      .def("refuse_idempotency_key", &Exchange::refuse_idempotency_key, "Raises ValidationFailed when one was sent.")
      .def("count_anonymous", &Exchange::count_anonymous,
           "Counts for the address too what a token had counted for a user. Raises RateLimited.")
      .def("count_login", &Exchange::count_login, py::arg("account"), "Counts an attempt. Raises RateLimited.")
      .def(
          "error_response",
          [](const Exchange& exchange, const std::string& code, std::string message, const ErrorDetails& details,
             std::optional<std::int64_t> retry_after, std::string cause) {
            const auto error = error_from(code, std::move(message), details, retry_after, std::move(cause));
            const auto response = [&] {
              const py::gil_scoped_release unlocked;  // a cause is written to the log, whose reader may be slow
              return exchange.error_response(error);
            }();
            return response_tuple(response);
          },
          py::arg("code"), py::arg("message"), py::arg("details"), py::arg("retry_after"), py::arg("cause"),
          "(status, headers, body) of the contract's envelope.")
      .def(
          "common_headers",
          [](const Exchange& exchange, const py::object& present) {
            const HeaderViews headers(present);
            std::vector<std::string_view> names;
            for (const auto& [name, value] : headers.views()) names.push_back(name);
            return header_list(exchange.common_headers(names));
          },
          py::arg("present"), "What the answer carries beside its own headers. Raises TypeError.")
      .def("log", &Exchange::log, py::arg("status"), py::arg("size"), py::call_guard<py::gil_scoped_release>(),
           "Writes the request's line to the log.");
}

void bind_gateway(py::module_& module) {
  py::class_<Gateway, std::shared_ptr<Gateway>>(module, "Gateway", "What every request passes before the application.")
      .def(py::init([](std::shared_ptr<tokens::AccessTokens> access_tokens, std::shared_ptr<Clock> clock,
                       const QuotaPair& anonymous, const QuotaPair& authenticated, const QuotaPair& login,
                       std::uint64_t body_limit, std::vector<std::string> cors_origins,
                       const std::vector<std::string>& trusted_proxies, bool strict_transport, bool log_json,
                       bool log_requests) {
             auto gateway = std::make_shared<Gateway>(engine::GatewayOptions{quota(anonymous),
                                                                             quota(authenticated),
                                                                             quota(login),
                                                                             body_limit,
                                                                             std::move(cors_origins),
                                                                             networks(trusted_proxies),
                                                                             strict_transport,
                                                                             {log_json, log_requests}},
                                                      *access_tokens, *clock);
             return with_what_it_borrows(std::move(gateway), std::move(access_tokens), std::move(clock));
           }),
           required("access_tokens"), required("clock"), py::kw_only(), py::arg("anonymous"), py::arg("authenticated"),
           py::arg("login"), py::arg("body_limit"), py::arg("cors_origins"), py::arg("trusted_proxies"),
           py::arg("strict_transport"), py::arg("log_json"), py::arg("log_requests"),
           "Limits are (requests, seconds) or None. Raises ValueError for what is no address or network.")
      .def(
          "begin",
          [](const std::shared_ptr<Gateway>& gateway, std::string_view method, const py::bytes& path,
             std::string_view root_path, std::string_view peer, const py::object& headers) {
            const HeaderViews read(headers);
            auto exchange = gateway->begin({method, std::string_view(path), root_path, peer, read.views()});
            return with_what_it_borrows(std::move(exchange), gateway);
          },
          py::arg("method"), py::arg("path"), py::arg("root_path"), py::arg("peer"), py::arg("headers"),
          "Identifies and counts a request; paths percent-encoded, `headers` as in ASGI. Raises TypeError.");
}

void bind_steps(py::module_& module) {
  using engine::Admission;
  using engine::Outcome;
  py::class_<Admission>(module, "Admission", "A caller who may ask, and what they sent.")
      .def_readonly("principal", &Admission::principal, "None: nobody is signed in.")
      .def_readonly("body", &Admission::body, "Checked, without a password; None where there is none.")
      .def_readonly("password_hash", &Admission::password_hash, "Of the password that was sent, if it may be set.")
      .def_property_readonly(
          "answer",
          [](const Admission& admission) {
            return admission.answer ? py::object(response_tuple(*admission.answer)) : py::none();
          },
          "What the same request was answered before, as Outcome's; None: it is to be done.");
  py::class_<Outcome>(module, "Outcome", "What came of a write.")
      .def_property_readonly(
          "answer", [](const Outcome& outcome) { return response_tuple(outcome.response); }, "(status, headers, body).")
      .def_readonly("replayed", &Outcome::replayed, "True: nothing was done, the answer was given before.")
      .def_readonly("before", &Outcome::before, "The row as it was, or None.")
      .def_readonly("after", &Outcome::after, "The row as it is now, or None.");
}

using OperationClass = py::class_<CountedOperation>;

void bind_services(py::module_& module) {
  py::class_<engine::Cursors>(module, "Cursors", "Seals the cursors of lists.")
      .def(py::init([](HiddenText secret_key) {
             return std::make_unique<engine::Cursors>(derive_key(secret_key.text, Purpose::kCursors));
           }),
           py::arg("secret_key"), "Derives its key from `secret_key`.");
  py::class_<Services>(module, "Services", "What operations work with.")
      .def(py::init([](const Clock& clock, data::Database& database, passwords::HashingPool& hashing,
                       const repositories::Sessions& sessions, const engine::Cursors& cursors,
                       const repositories::IdempotencyKeys& idempotency_keys) {
             return std::make_unique<Services>(Services{clock, database, hashing, sessions, cursors, idempotency_keys});
           }),
           py::arg("clock"), py::arg("database"), py::arg("hashing"), py::arg("sessions"), py::arg("cursors"),
           py::arg("idempotency_keys"), py::keep_alive<1, 2>(), py::keep_alive<1, 3>(), py::keep_alive<1, 4>(),
           py::keep_alive<1, 5>(), py::keep_alive<1, 6>(), py::keep_alive<1, 7>(), "All of it lives as long.");
}

void bind_answers(OperationClass& bound) {
  bound
      .def(
          "identify",
          [](const CountedOperation& counted, const Exchange& exchange) {
            return counted.operation.identify(exchange);
          },
          py::arg("exchange"),
          "The token's claims; None where anonymous callers may ask. Raises Unauthorized, TokenExpired.")
      .def(
          "start",
          [](const CountedOperation& counted, QueuePtr queue, std::uint64_t ticket, std::shared_ptr<Exchange> exchange,
             const py::bytes& query, const py::bytes& body, std::optional<std::string> id) {
            engine::Call call{std::move(exchange), query, body, std::move(id)};
            const py::gil_scoped_release unlocked;
            counted.operation.answer(std::move(call), [to = Ticket{std::move(queue), ticket},
                                                       one = counted.count->one()](Response response) {
              to.deliver(nullptr,
                         [response = std::move(response)]() -> py::object { return response_tuple(response); });
            });
          },
          required("queue"), py::arg("ticket"), required("exchange"), py::arg("query"), py::arg("body"), py::arg("id"),
          "Delivers (status, headers, body); never an exception.")
      .def(
          "answer_now",
          [](const CountedOperation& counted, std::shared_ptr<Exchange> exchange, const py::bytes& query,
             std::optional<std::string> id) -> py::object {
            const engine::Call call{std::move(exchange), query, {}, std::move(id)};
            const auto response = [&] {
              const py::gil_scoped_release unlocked;
              return counted.operation.answer_now(call);
            }();
            return response ? py::object(response_tuple(*response)) : py::none();
          },
          required("exchange"), py::arg("query"), py::arg("id"),
          "The answer where it costs little: a refusal, a small read. None otherwise: start it then.");
}

void bind_steps_of(OperationClass& bound) {
  bound
      .def(
          "start_admit",
          [](const CountedOperation& counted, QueuePtr queue, std::uint64_t ticket, std::shared_ptr<Exchange> exchange,
             const py::bytes& query, const py::bytes& body, std::optional<std::string> id) {
            engine::Call call{std::move(exchange), query, body, std::move(id)};
            const py::gil_scoped_release unlocked;
            counted.operation.admit(std::move(call), told_to<engine::Admission>(std::move(queue), ticket, counted));
          },
          required("queue"), py::arg("ticket"), required("exchange"), py::arg("query"), py::arg("body"), py::arg("id"),
          "Delivers the Admission of a caller who may ask this, or raises what an answer would be.")
      .def(
          "start_within",
          [](const CountedOperation& counted, QueuePtr queue, std::uint64_t ticket, data::Runner& runner,
             std::shared_ptr<Exchange> exchange, const py::bytes& query, const py::bytes& body,
             std::optional<std::string> id, std::optional<engine::Admission> admission) {
            engine::Call call{std::move(exchange), query, body, std::move(id)};
            const py::gil_scoped_release unlocked;
            counted.operation.answer_within(runner, std::move(call), std::move(admission).value_or(engine::Admission{}),
                                            told_to<engine::Outcome>(std::move(queue), ticket, counted));
          },
          required("queue"), py::arg("ticket"), py::arg("runner"), required("exchange"), py::arg("query"),
          py::arg("body"), py::arg("id"), py::arg("admission"),
          "All of it as one work of `runner`; None: nobody was admitted before. Delivers the Outcome, or raises what "
          "an answer would be.");
}

void bind_relations(py::module_& module) {
  using engine::Collection;
  using engine::Relation;
  py::class_<Collection, std::shared_ptr<Collection>>(module, "Collection", "Rows as those of others lead to them.")
      .def(py::init([](const std::shared_ptr<validation::Schema>& schema, const access::Rule& read,
                       const access::Rule& list, const FieldRuleDict& readable) {
             return std::make_shared<Collection>(schema, read, list, field_rules(readable));
           }),
           required("schema"), py::kw_only(), py::arg("read"), py::arg("list"), py::arg("readable"),
           "Seen through their own rules. Raises ValueError.");
  py::class_<Relation>(module, "Relation", "How rows lead to rows of another collection.")
      .def(py::init([](std::string name, std::string field, const std::shared_ptr<Collection>& target, bool to_many,
                       engine::Relations inner) {
             return Relation{std::move(name), std::move(field), to_many, target, std::move(inner)};
           }),
           py::arg("name"), py::arg("field"), required("target"), py::kw_only(), py::arg("to_many"), py::arg("inner"),
           "`field` is the reference: the rows' own, or to many the target's. `inner`: what the target's lead to.");
  module.def("users_read_rule", &engine::users_read_rule, "Who may read which users.");
  module.def("users_list_rule", &engine::users_list_rule, "Who may list users.");
}

void bind_resource_operations(py::module_& module) {
  using Resources = Counted<engine::ResourceOperations>;
  py::class_<Resources, Owned<Resources>>(module, "ResourceOperations", "The operations on a declared resource.",
                                          py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Services& services, const std::shared_ptr<validation::Schema>& schema, std::string path,
                       const access::Rule& read, const access::Rule& list, const access::Rule& create,
                       const access::Rule& update, const access::Rule& remove, const FieldRuleDict& readable,
                       const FieldRuleDict& writable, const TransitionRuleDict& transitions, bool require_if_match,
                       engine::Relations relations, const NestedPair& nested) {
             return Owned<Resources>(new Resources(
                 services,
                 engine::Declaration{schema, std::move(path), read, list, create, update, remove, field_rules(readable),
                                     field_rules(writable), transition_rules(transitions), require_if_match,
                                     std::move(relations), nested_of(nested)}));
           }),
           py::arg("services"), required("schema"), py::arg("path"), py::kw_only(), py::arg("read"), py::arg("list"),
           py::arg("create"), py::arg("update"), py::arg("remove"), py::arg("readable"), py::arg("writable"),
           py::arg("transitions") = TransitionRuleDict{}, py::arg("require_if_match"),
           py::arg("relations") = engine::Relations{}, py::arg("nested") = NestedPair{}, py::keep_alive<1, 2>(),
           "Going away, waits for what is under way. Raises ValueError.")
      .def("at", &Resources::at, py::arg("name"), py::keep_alive<0, 1>(),
           "The operation of that name. Raises ValueError.")
      .def(
          "explain",
          [](const Resources& resources, data::Runner& runner, const std::string& action,
             const std::optional<access::Principal>& principal) {
            engine::Explanation found;
            const py::gil_scoped_release unlocked;
            runner.read([&](data::Connection& connection) {
              found = (*resources).explain(connection, action, principal ? &*principal : nullptr);
            });
            return std::tuple(std::move(found.predicate), std::move(found.sql), std::move(found.plan));
          },
          py::arg("runner"), py::arg("action"), py::arg("principal"),
          "A rule for one principal, None for nobody: its predicate, SQL, the database's plan. Raises ValueError.");
}

void bind_own_operations(py::module_& module) {
  using engine::SessionOperations;
  using engine::UserOperations;
  using Users = Counted<UserOperations>;
  py::class_<Users, Owned<Users>>(module, "UserOperations", "The operations on users.",
                                  py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Services& services, const repositories::Users& users,
                       const repositories::Accounts& accounts, const engine::Relations& relations) {
             return Owned<Users>(new Users(services, users, accounts, relations));
           }),
           py::arg("services"), py::arg("users"), py::arg("accounts"), py::kw_only(),
           py::arg("relations") = engine::Relations{}, py::keep_alive<1, 2>(), py::keep_alive<1, 3>(),
           py::keep_alive<1, 4>(), "Going away, waits for what is under way. Raises ValueError.")
      .def("at", &Users::at, py::arg("name"), py::keep_alive<0, 1>(), "The operation of that name. Raises ValueError.");

  using Sessions = Counted<SessionOperations>;
  py::class_<Sessions, Owned<Sessions>>(module, "SessionOperations", "The operations on one's own sessions.",
                                        py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Services& services) { return Owned<Sessions>(new Sessions(services)); }),
           py::arg("services"), py::keep_alive<1, 2>(), "Going away, waits for what is under way.")
      .def("at", &Sessions::at, py::arg("name"), py::keep_alive<0, 1>(),
           "The operation of that name. Raises ValueError.");
}

void bind_role_operations(py::module_& module) {
  using Roles = Counted<engine::RoleOperations>;
  py::class_<Roles, Owned<Roles>>(module, "RoleOperations", "The operations on roles.",
                                  py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Services& services) { return Owned<Roles>(new Roles(services)); }), py::arg("services"),
           py::keep_alive<1, 2>(), "Going away, waits for what is under way.")
      .def("at", &Roles::at, py::arg("name"), py::keep_alive<0, 1>(), "The operation of that name. Raises ValueError.");
}

engine::Router router_of(const py::tuple& parts) {
  using Part = std::tuple<std::string, std::string, std::reference_wrapper<const CountedOperation>>;
  engine::Router router;
  try {
    for (const auto& [method, path, counted] : parts.cast<std::vector<Part>>()) {
      router.add(method, path, counted.get().operation);
    }
  } catch (const py::cast_error&) {
    throw py::type_error("each part is (method, path, Operation)");
  }
  return router;
}

void bind_batch(py::module_& module) {
  using Batch = Counted<engine::Batch>;
  py::class_<Batch, Owned<Batch>>(module, "Batch", "Several changes as one.", py::release_gil_before_calling_cpp_dtor())
      .def(py::init([](const Services& services, const py::tuple& parts) {
             return Owned<Batch>(new Batch(services, router_of(parts)));
           }),
           py::arg("services"), py::arg("parts"), py::keep_alive<1, 2>(), py::keep_alive<1, 3>(),
           "`parts`: (method, path, Operation) of each that a batch may hold. Going away, waits for what is under way.")
      .def_property_readonly("operation", py::cpp_function(&Batch::operation, py::keep_alive<0, 1>()))
      .def_property_readonly_static(
          "SCHEMA",
          [](const py::object&) { return std::const_pointer_cast<validation::Schema>(engine::Batch::schema()); },
          "Of its body.");
}

}  // namespace

void bind_engine(py::module_& module) {
  auto engine_module = module.def_submodule("engine", "The whole of a request.");
  bind_exchange(engine_module);
  bind_gateway(engine_module);
  bind_steps(engine_module);
  bind_services(engine_module);
  OperationClass operation(engine_module, "Operation", "The whole of a request, from bytes to an answer.");
  bind_answers(operation);
  bind_steps_of(operation);
  bind_relations(engine_module);
  bind_resource_operations(engine_module);
  bind_own_operations(engine_module);
  bind_role_operations(engine_module);
  bind_batch(engine_module);
  bind_fast_lane(engine_module);
  engine_module.def(
      "parse_flag",
      [](const py::bytes& query, std::string_view name) { return engine::parse_flag(std::string_view(query), name); },
      py::arg("query"), py::arg("name"), "The query's one parameter, true or false. Raises ValidationFailed.");
  engine_module.def(
      "refuse_parameters", [](const py::bytes& query) { engine::refuse_parameters(std::string_view(query)); },
      py::arg("query"), "Raises ValidationFailed when the query string has any parameter.");
}

}  // namespace apiwright::bindings
