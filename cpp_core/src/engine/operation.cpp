#include "apiwright/engine/operation.hpp"

#include <exception>
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

}  // namespace

// A call under way; shared by the callbacks of its stages.
struct Operation::Pending {
  Call call;
  Done done;
  tokens::AccessClaims claims;
  Input input;
  std::exception_ptr fault;  // of the input, told once the caller is known
  bool hashes = false;       // decided once the caller is known
  Response response;

  void fail(const std::exception_ptr& failure) const { done(call.exchange->error_response(error_of(failure))); }
};

void Operation::answer(Call call, Done done) const {
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(call);
  pending->done = std::move(done);
  try {
    pending->claims = pending->call.exchange->claims();
    try {
      pending->input = read(pending->call);
    } catch (const Error&) {
      pending->fault = std::current_exception();
    }
    if (pending->input.password) {
      hash_then_execute(pending);
    } else {
      execute(pending);
    }
  } catch (...) {
    pending->fail(std::current_exception());
  }
}

bool Operation::may_set_password(const access::Principal&) const { return false; }

access::Principal Operation::admit(data::Connection& connection, const Pending& pending) const {
  auto principal = services_.sessions.authenticate(connection, pending.claims, services_.clock.now());
  authorise(principal);
  if (pending.fault) std::rethrow_exception(pending.fault);
  return principal;
}

void Operation::execute(const PendingPtr& pending) const {
  data::Work work{[this, pending](data::Connection& connection) {
                    const auto principal = admit(connection, *pending);
                    pending->response = run(connection, principal, pending->call, pending->input);
                  },
                  [pending](const std::exception_ptr& failure) {
                    if (failure) {
                      pending->fail(failure);
                    } else {
                      pending->done(std::move(pending->response));
                    }
                  }};
  if (writes()) {
    services_.database.submit_write(std::move(work));
  } else {
    services_.database.submit_read(std::move(work));
  }
}

// Hashing is dear: only for a caller who is known and may set this password.
void Operation::hash_then_execute(const PendingPtr& pending) const {
  services_.database.submit_read({[this, pending](data::Connection& connection) {
                                    pending->hashes = may_set_password(admit(connection, *pending));
                                  },
                                  [this, pending](const std::exception_ptr& failure) {
                                    try {
                                      if (failure) std::rethrow_exception(failure);
                                      if (pending->hashes) {
                                        hash(pending);
                                      } else {
                                        execute(pending);
                                      }
                                    } catch (...) {
                                      pending->fail(std::current_exception());
                                    }
                                  }});
}

void Operation::hash(const PendingPtr& pending) const {
  services_.hashing.submit_hash(std::move(*pending->input.password),
                                [this, pending](const std::exception_ptr& failure, std::string phc) {
                                  try {
                                    if (failure) std::rethrow_exception(failure);
                                    pending->input.body->set("password_hash", std::move(phc));
                                    execute(pending);
                                  } catch (...) {
                                    pending->fail(std::current_exception());
                                  }
                                });
}

}  // namespace apiwright::engine
