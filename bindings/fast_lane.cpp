#include "fast_lane.hpp"

#include "apiwright/engine/router.hpp"
#include "asgi.hpp"
#include "count.hpp"

namespace apiwright::bindings {
namespace {

using engine::Call;
using engine::Exchange;
using engine::Gateway;
using engine::Operation;
using engine::Response;

// Ready to send, and in the log.
Response finish(const Exchange& exchange, Response response) {
  auto finished = exchange.finished(std::move(response));
  exchange.log(finished.status, finished.body.size());
  return finished;
}

// A decoded path that servers may have read differently: stock routing judges it. Its `$` also matches before a last
// line feed, which makes `/users/me\n` the route `/users/me`.
bool is_doubtful(std::string_view parameter) {
  return parameter.find('\0') != std::string_view::npos || parameter.find("\xEF\xBF\xBD") != std::string_view::npos ||
         parameter == ".." || parameter.ends_with('\n');
}

bool takes_body(std::string_view method) { return method != "GET" && method != "HEAD" && method != "DELETE"; }

/// A request that could not be answered at once: it waits for its body, or for a thread.
class OpenCall {
 public:
  OpenCall(py::object lane, const Operation& operation, std::shared_ptr<Count> count, Call call, bool takes_body)
      : lane_(std::move(lane)),
        operation_(operation),
        count_(std::move(count)),
        call_(std::move(call)),
        takes_body_(takes_body) {}

  [[nodiscard]] bool takes_body() const { return takes_body_; }

  void start(QueuePtr queue, std::uint64_t ticket, const py::bytes& body) {
    Call call = call_;
    call.body = body;
    const py::gil_scoped_release unlocked;
    operation_.answer(std::move(call), [to = Ticket{std::move(queue), ticket}, one = count_->one(),
                                        exchange = call_.exchange](Response response) {
      auto finished = finish(*exchange, std::move(response));
      to.deliver(nullptr, [finished = std::move(finished)]() -> py::object { return answer_messages(finished); });
    });
  }

  [[nodiscard]] py::tuple refuse(const Error& error) const {
    return answer_messages(finish(*call_.exchange, call_.exchange->error_response(error)));
  }

  [[nodiscard]] py::tuple abandon() const {
    return answer_messages(finish(*call_.exchange, Response{499, {}, {}}));  // as nginx logs it
  }

 private:
  py::object lane_;  // lives as long as what it opened
  const Operation& operation_;
  std::shared_ptr<Count> count_;
  Call call_;
  bool takes_body_;
};

/// The requests that need no Python: found in the core's router, answered by their operations.
class FastLane {
 public:
  FastLane(std::shared_ptr<Gateway> gateway, const py::list& routes)
      : gateway_(std::move(gateway)), routes_(py::reinterpret_steal<py::list>(PySequence_List(routes.ptr()))) {}
  FastLane(const FastLane&) = delete;
  FastLane& operator=(const FastLane&) = delete;
  ~FastLane() {  // NOLINT(bugprone-exception-escape): a lock that cannot be taken ends the process anyway
    const py::gil_scoped_release unlocked;
    count_->wait_for_none();
  }

  void add(std::string_view method, std::string_view path, const CountedOperation& counted) {
    router_.add(method, path, counted.operation);
  }

  [[nodiscard]] bool covers(const py::list& routes) const {
    const auto size = routes.size();
    if (size != routes_.size()) return false;
    for (Py_ssize_t index = 0; index < static_cast<Py_ssize_t>(size); ++index) {
      if (PyList_GET_ITEM(routes.ptr(), index) != PyList_GET_ITEM(routes_.ptr(), index)) return false;
    }
    return true;
  }

  // Routes know their application, which has this lane: the garbage collector must see through it.
  static void show_collector(PyHeapTypeObject* heap_type) {
    auto& type = heap_type->ht_type;
    type.tp_flags |= Py_TPFLAGS_HAVE_GC;
    type.tp_traverse = [](PyObject* self, visitproc visit, void* arg) {
      Py_VISIT(Py_TYPE(self));
      if (py::detail::is_holder_constructed(self)) Py_VISIT(py::handle(self).cast<FastLane&>().routes_.ptr());
      return 0;
    };
    type.tp_clear = [](PyObject* self) {
      if (py::detail::is_holder_constructed(self)) py::handle(self).cast<FastLane&>().routes_ = py::list();
      return 0;
    };
  }

  [[nodiscard]] static py::object open(const py::object& self, const py::dict& scope, const py::list& routes) {
    auto& lane = self.cast<FastLane&>();
    if (!lane.covers(routes)) return py::none();
    auto request = AsgiRequest::read(scope);
    if (!request) return py::none();
    const auto match = lane.router_.find(request->head.method, request->path);
    if (!match || is_doubtful(match->parameter)) return py::none();
    return lane.answer_or_call(self, *request, scope, *match);
  }

 private:
  py::object answer_or_call(const py::object& self, AsgiRequest& request, const py::dict& scope,
                            const engine::Router::Match& match) {
    const HeaderViews headers(scope[AsgiNames::get().headers]);
    request.head.headers = headers.views();
    const auto exchange = gateway_->begin(request.head);
    Call call{exchange, std::string(request.query), {}, {}};
    if (!match.parameter.empty()) call.id = match.parameter;
    const auto response = [&] {
      const py::gil_scoped_release unlocked;
      return answer_now(*exchange, *match.operation, call);
    }();
    if (response) return answer_messages(*response);
    return py::cast(std::make_unique<OpenCall>(self, *match.operation, count_, std::move(call),
                                               bindings::takes_body(request.head.method)));
  }

  static std::optional<Response> answer_now(Exchange& exchange, const Operation& operation, const Call& call) {
    auto response = exchange.refusal();
    if (!response) response = operation.answer_now(call);
    if (response) response = finish(exchange, std::move(*response));
    return response;
  }

  std::shared_ptr<Gateway> gateway_;
  engine::Router router_;
  py::list routes_;  // held, so that no other route comes to be where one was
  std::shared_ptr<Count> count_ = std::make_shared<Count>();
};

}  // namespace

void bind_fast_lane(py::module_& engine_module) {
  py::class_<OpenCall>(engine_module, "OpenCall", "A request that waits for its body, or for a thread.")
      .def_property_readonly("takes_body", &OpenCall::takes_body, "False for GET, HEAD and DELETE.")
      .def("start", &OpenCall::start, required("queue"), py::arg("ticket"), py::arg("body"),
           "Delivers the two messages of the answer; never an exception.")
      .def(
          "refuse",
          [](const OpenCall& call, const std::string& code, std::string message, const ErrorDetails& details,
             std::optional<std::int64_t> retry_after, std::string cause) {
            return call.refuse(error_from(code, std::move(message), details, retry_after, std::move(cause)));
          },
          py::arg("code"), py::arg("message"), py::arg("details"), py::arg("retry_after"), py::arg("cause"),
          "The two messages of an error's answer.")
      .def("abandon", &OpenCall::abandon, "The two messages for a client that left before its body was there.");

  py::class_<FastLane, Owned<FastLane>>(engine_module, "FastLane", "Answers requests that need no Python.",
                                        py::custom_type_setup(&FastLane::show_collector))
      .def(py::init([](std::shared_ptr<Gateway> gateway, const py::list& routes) {
             return Owned<FastLane>(new FastLane(std::move(gateway), routes));
           }),
           required("gateway"), py::arg("routes"),
           "For an application with these routes. Going away, waits for what is under way.")
      .def("add", &FastLane::add, py::arg("method"), py::arg("path"), py::arg("operation"), py::keep_alive<1, 4>(),
           "Routes added first answer first. Raises ValueError for a path that is no template.")
      .def("covers", &FastLane::covers, py::arg("routes"), "True while the application's routes are still those.")
      .def_static("open", &FastLane::open, py::arg("lane"), py::arg("scope"), py::arg("routes"),
                  "The two messages of the answer, an OpenCall to be started, or None: not for this lane.");
}

}  // namespace apiwright::bindings
