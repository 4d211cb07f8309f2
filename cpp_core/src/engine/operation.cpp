#include "apiwright/engine/operation.hpp"

#include <exception>
#include <functional>
#include <utility>

#include "apiwright/engine/query_string.hpp"

namespace apiwright::engine {
namespace {

// Whatever went wrong, as an Error fit for clients.
Error error_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& other) {
    return Error(ErrorCode::kInternal, "Something went wrong on our side.").caused_by(other.what());
  } catch (...) {
    return {ErrorCode::kInternal, "Something went wrong on our side."};
  }
}

const access::Principal* to_pointer(const std::optional<access::Principal>& principal) {
  return principal ? &*principal : nullptr;
}

}  // namespace

// A call under way; shared by the callbacks of its stages.
struct Operation::Pending {
  Call call;
  std::function<void(const std::exception_ptr&)> fail;
  Next ready = &Operation::execute;            // once the caller is known where that is needed, and a password hashed
  std::optional<tokens::AccessClaims> claims;  // none: anonymous
  Timestamp now{};                             // for who asks; the same in each run of a stage
  Input input;
  std::exception_ptr fault;  // of the input, told once the caller is known
  bool hashes = false;       // decided once the caller is known
  std::optional<std::string> password_hash;
  std::optional<access::Principal> principal;  // kept for an Admission
  std::optional<Response> answer;              // likewise
  Outcome outcome;
  Done done;
  Admitted told;

  // What goes wrong on the way to a next stage is the answer.
  template <typename Step>
  void attempt(const Step& step) const {
    try {
      step();
    } catch (...) {
      fail(std::current_exception());
    }
  }
};

std::optional<tokens::AccessClaims> Operation::identify(const Exchange& exchange) const {
  if (!admits_anonymous()) return exchange.claims();
  const auto* claims = exchange.claims_if_any();
  return claims == nullptr ? std::nullopt : std::optional(*claims);
}

std::optional<Response> Operation::answer_now(const Call& call) const {
  Pending pending;
  pending.call = call;
  pending.now = services_.clock.now();
  try {
    pending.claims = identify(*call.exchange);
    if (writes() || services_.database.is_remote()) return std::nullopt;
    read_input(pending);
    const auto run = [&](data::Connection& connection) { perform(connection, pending); };
    if (!services_.database.try_read(std::ref(run))) return std::nullopt;
    return std::move(pending.outcome.response);
  } catch (...) {
    return call.exchange->error_response(error_of(std::current_exception()));
  }
}

void Operation::answer(Call call, Done done) const {
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(call);
  pending->done = std::move(done);
  pending->fail = [at = pending.get()](const std::exception_ptr& failure) {
    at->done(at->call.exchange->error_response(error_of(failure)));
  };
  begin(pending);
}

void Operation::admit(Call call, Admitted told) const {
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(call);
  pending->told = std::move(told);
  pending->fail = [at = pending.get()](const std::exception_ptr& failure) { at->told(failure, {}); };
  pending->ready = &Operation::admitted;
  begin(pending);
}

void Operation::answer_within(data::Runner& runner, Call call, Admission admission, Told told) const {
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(call);
  pending->password_hash = std::move(admission.password_hash);
  pending->claims = identify(*pending->call.exchange);
  pending->now = services_.clock.now();
  submit(runner, writes(),
         {[this, pending, idempotent = admission.idempotent](data::Connection& connection) {
            read_input(*pending);
            pending->input.idempotent = idempotent;
            perform(connection, *pending);
          },
          [pending, told = std::move(told)](const std::exception_ptr& failure) {
            told(failure, std::move(pending->outcome));
          }});
}

void Operation::begin(const PendingPtr& pending) const {
  pending->attempt([&] {
    pending->claims = identify(*pending->call.exchange);
    if (pending->call.body.size() > Call::kShortBody) {
      on_reader(pending, &Operation::admit_and_read, &Operation::proceed);
    } else {
      read_input(*pending);
      proceed(pending);
    }
  });
}

data::Reading Operation::reading(const Call& /*call*/) const { return data::Reading::kOneMoment; }

void Operation::foresee(data::Connection& /*connection*/, const Input& /*input*/) const {}

bool Operation::may_set_password(const access::Principal*) const { return false; }

void Operation::read_input(Pending& pending) const {
  try {
    pending.input = read(pending.call);
  } catch (const Error&) {
    pending.fault = std::current_exception();
  }
}

std::optional<access::Principal> Operation::principal_of(data::Connection& connection, const Pending& pending) const {
  if (pending.principal) return pending.principal;
  std::optional<access::Principal> principal;
  if (pending.claims) {
    principal = services_.sessions.authenticate(connection, *pending.claims, pending.now);
  }
  authorise(to_pointer(principal));
  if (pending.fault) std::rethrow_exception(pending.fault);
  return principal;
}

void Operation::perform(data::Connection& connection, Pending& pending) const {
  if (connection.gathers()) foresee(connection, pending.input);
  const auto principal = principal_of(connection, pending);
  if (auto answer = kept_answer(connection, to_pointer(principal), pending.input, pending.now)) {
    pending.outcome = {.response = std::move(*answer), .replayed = true};
    return;
  }
  if (pending.password_hash && pending.input.password)
    pending.input.body->set("password_hash", std::move(*pending.password_hash));
  pending.outcome = run(connection, to_pointer(principal), pending.call, pending.input);
  keep_answer(connection, to_pointer(principal), pending.input, pending.outcome.response);
}

// Hashing is dear: only for a caller who is known and may set this password.
void Operation::proceed(const PendingPtr& pending) const {
  if (pending->input.password) {
    on_reader(pending, &Operation::decide_hashing, &Operation::hash_or_execute);
  } else {
    (this->*pending->ready)(pending);
  }
}

void Operation::on_reader(const PendingPtr& pending, Stage stage, Next next) const {
  pending->now = services_.clock.now();
  services_.database.submit_read(
      {.run = [this, pending, stage](data::Connection& connection) { (this->*stage)(connection, *pending); },
       .done =
           [this, pending, next](const std::exception_ptr& failure) {
             pending->attempt([&] {
               if (failure) std::rethrow_exception(failure);
               (this->*next)(pending);
             });
           },
       .reading = data::Reading::kBrief});
}

void Operation::admit_and_read(data::Connection& connection, Pending& pending) const {
  static_cast<void>(principal_of(connection, pending));
  read_input(pending);
}

void Operation::decide_hashing(data::Connection& connection, Pending& pending) const {
  const auto principal = principal_of(connection, pending);
  pending.hashes = may_set_password(to_pointer(principal)) &&
                   !kept_answer(connection, to_pointer(principal), pending.input, pending.now);
}

void Operation::hash_or_execute(const PendingPtr& pending) const {
  if (!pending->hashes) {
    (this->*pending->ready)(pending);
    return;
  }
  services_.hashing.submit_hash(std::move(*pending->input.password),
                                [this, pending](const std::exception_ptr& failure, std::string phc) {
                                  pending->attempt([&] {
                                    if (failure) std::rethrow_exception(failure);
                                    pending->password_hash = std::move(phc);
                                    (this->*pending->ready)(pending);
                                  });
                                });
}

void Operation::submit(data::Runner& runner, bool writes, data::Work work) {
  if (writes) {
    runner.submit_write(std::move(work));
  } else {
    runner.submit_read(std::move(work));
  }
}

// Who asks is looked up before a write, where that is cheaper than in its transaction.
void Operation::execute(const PendingPtr& pending) const {
  if (writes() && pending->claims && services_.database.is_remote()) {
    on_reader(pending, &Operation::identify_principal, &Operation::perform_and_tell);
  } else {
    perform_and_tell(pending);
  }
}

void Operation::identify_principal(data::Connection& connection, Pending& pending) const {
  pending.principal = principal_of(connection, pending);
}

void Operation::perform_and_tell(const PendingPtr& pending) const {
  pending->now = services_.clock.now();
  submit(services_.database, writes(),
         {.run = [this, pending](data::Connection& connection) { perform(connection, *pending); },
          .done =
              [pending](const std::exception_ptr& failure) {
                if (failure) {
                  pending->fail(failure);
                } else {
                  pending->done(std::move(pending->outcome.response));
                }
              },
          .reading = reading(pending->call)});
}

void Operation::admitted(const PendingPtr& pending) const {
  on_reader(pending, &Operation::keep_principal, &Operation::tell_admission);
}

void Operation::keep_principal(data::Connection& connection, Pending& pending) const {
  pending.principal = principal_of(connection, pending);
  pending.answer = kept_answer(connection, to_pointer(pending.principal), pending.input, pending.now);
}

void Operation::tell_admission(const PendingPtr& pending) const {
  pending->told(nullptr, {std::move(pending->principal), std::move(pending->input.body),
                          std::move(pending->password_hash), pending->input.idempotent, std::move(pending->answer)});
}

}  // namespace apiwright::engine
