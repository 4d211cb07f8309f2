#include "apiwright/repositories/accounts.hpp"

#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using data::Connection;
using data::Database;
using repositories::Accounts;
using repositories::Credentials;
using repositories::NewUser;
using repositories::Origin;
using repositories::Refreshed;
using repositories::Sessions;
using repositories::SignedIn;
using repositories::Users;
using tokens::AccessClaims;

// A user as they see themselves.
py::bytes user_json(const validation::Record& user) {
  std::string body;
  json::Writer writer(body);
  const access::Principal oneself{user.at("id").as<Uuid>(), {}, {}};
  repositories::write_record(writer, user, &oneself);
  return body;
}

void bind_values(py::module_& module) {
  py::class_<Origin>(module, "Origin", "Where a sign-in came from.")
      .def(py::init<std::string, std::string>(), py::arg("user_agent"), py::arg("ip_address"));
  py::class_<NewUser>(module, "NewUser", "What signing up stores.")
      .def(py::init<std::string, std::string, std::string>(), py::kw_only(), py::arg("email"),
           py::arg("name"), py::arg("password_hash"));
  py::class_<Credentials>(module, "Credentials", "What sign-in knows of a user.")
      .def_readonly("user", &Credentials::user)
      .def_readonly("password_hash", &Credentials::password_hash)
      .def_readonly("active", &Credentials::active);
  py::class_<SignedIn>(module, "SignedIn", "A user who has been let in.")
      .def_property_readonly("user", [](const SignedIn& in) { return in.user.at("id").as<Uuid>(); })
      .def_property_readonly("user_json", [](const SignedIn& in) { return user_json(in.user); })
      .def_property_readonly("session", [](const SignedIn& in) { return in.session.id; })
      .def("refresh_token",
           [](const SignedIn& in, const Sessions& sessions) {
             return sessions.refresh_tokens().encode(in.session.refresh_token);
           },
           py::arg("sessions"));
  py::native_enum<Refreshed::Outcome>(module, "RefreshOutcome", "enum.Enum")
      .value("ROTATED", Refreshed::Outcome::kRotated)
      .value("REUSED", Refreshed::Outcome::kReused)
      .value("REFUSED", Refreshed::Outcome::kRefused)
      .finalize();
  py::class_<Refreshed>(module, "Refreshed", "What came of a refresh token.")
      .def_readonly("outcome", &Refreshed::outcome)
      .def_readonly("user", &Refreshed::user)
      .def_readonly("session", &Refreshed::session)
      .def("refresh_token",
           [](const Refreshed& refreshed, const Sessions& sessions) {
             return sessions.refresh_tokens().encode(refreshed.refresh_token);
           },
           py::arg("sessions"));
}

void bind_sessions(py::module_& module) {
  py::class_<Users>(module, "Users", "The users' rows.")
      .def(py::init<>())
      .def_property_readonly("schema", [](const Users& users) {
        return std::const_pointer_cast<validation::Schema>(users.rows().schema());
      })
      .def("start_credentials",
           [](const Users& users, QueuePtr queue, std::uint64_t ticket, Database& database, std::string email) {
             database.submit_read(work_for(Ticket{std::move(queue), ticket},
                                           [&users, email = std::move(email)](Connection& connection) {
                                             return users.credentials(connection, email);
                                           }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("email"), "Delivers Credentials or None.");
  py::class_<Sessions>(module, "Sessions", "Sign-ins that live until they end.")
      .def(py::init([](const tokens::RefreshTokens& refresh_tokens, std::int64_t lifetime, std::int64_t grace) {
             return std::make_unique<Sessions>(refresh_tokens.copy(),
                                               Sessions::Options{std::chrono::milliseconds(lifetime),
                                                                 std::chrono::milliseconds(grace)});
           }),
           py::arg("refresh_tokens"), py::kw_only(), py::arg("lifetime_ms"), py::arg("grace_ms"))
      .def_property_readonly("schema", [](const Sessions& sessions) {
        return std::const_pointer_cast<validation::Schema>(sessions.rows().schema());
      })
      .def("start_refresh",
           [](const Sessions& sessions, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, std::string_view token) {
             database.submit_write(work_for(Ticket{std::move(queue), ticket},
                                            [&sessions, &clock, presented = sessions.refresh_tokens().decode(token)](
                                                Connection& connection) {
                                              return sessions.refresh(connection, presented, clock.now());
                                            }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("token"),
           "Delivers Refreshed. Raises Unauthorized at once when the token is not one of ours.");
}

}  // namespace

void bind_repositories(py::module_& module) {
  auto repositories_module = module.def_submodule("repositories", "Users, sessions and what joins them.");
  bind_values(repositories_module);
  bind_sessions(repositories_module);

  py::class_<Accounts>(repositories_module, "Accounts", "Signing up, in and out: one transaction each.")
      .def(py::init<const Users&, const Sessions&>(), py::arg("users"), py::arg("sessions"),
           py::keep_alive<1, 2>(), py::keep_alive<1, 3>())
      .def("start_sign_up",
           [](const Accounts& accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, NewUser user, Origin origin) {
             database.submit_write(work_for(
                 Ticket{std::move(queue), ticket},
                 [&accounts, &clock, user = std::move(user), origin = std::move(origin)](Connection& connection) {
                   return accounts.sign_up(connection, user, origin, clock.now());
                 }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("user"),
           py::arg("origin"), "Delivers SignedIn; a taken e-mail is Conflict.")
      .def("start_sign_in",
           [](const Accounts& accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, const Uuid& user, std::string verified, std::optional<std::string> rehashed,
              Origin origin) {
             database.submit_write(work_for(
                 Ticket{std::move(queue), ticket},
                 [&accounts, &clock, user, verified = std::move(verified), rehashed = std::move(rehashed),
                  origin = std::move(origin)](Connection& connection) {
                   return accounts.sign_in(connection, user, verified, rehashed, origin, clock.now());
                 }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("user"),
           py::arg("verified_hash"), py::arg("rehashed"), py::arg("origin"), "Delivers SignedIn.")
      .def("start_sign_out",
           [](const Accounts& accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, const AccessClaims& claims, bool everywhere) {
             database.submit_write(work_for(Ticket{std::move(queue), ticket},
                                            [&accounts, &clock, claims, everywhere](Connection& connection) {
                                              accounts.sign_out(connection, claims, everywhere, clock.now());
                                            }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("claims"),
           py::arg("everywhere"), "Delivers None; a dead session is Unauthorized.")
      .def("start_credentials",
           [](const Accounts& accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, const AccessClaims& claims) {
             database.submit_read(work_for(Ticket{std::move(queue), ticket},
                                           [&accounts, &clock, claims](Connection& connection) {
                                             return accounts.credentials(connection, claims, clock.now());
                                           }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("claims"),
           "Delivers the Credentials of whoever bears these claims.")
      .def("start_change_password",
           [](const Accounts& accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
              const Clock& clock, const AccessClaims& claims, std::string verified, std::string new_hash) {
             database.submit_write(work_for(
                 Ticket{std::move(queue), ticket},
                 [&accounts, &clock, claims, verified = std::move(verified),
                  new_hash = std::move(new_hash)](Connection& connection) {
                   accounts.change_password(connection, claims, verified, new_hash, clock.now());
                 }));
           },
           py::arg("queue"), py::arg("ticket"), py::arg("database"), py::arg("clock"), py::arg("claims"),
           py::arg("verified_hash"), py::arg("new_hash"), "Delivers None; the other sessions have ended.")
      .def("put_admin",
           [](const Accounts& accounts, Database& database, const Clock& clock, const NewUser& user) {
             std::optional<validation::Record> stored;
             {
               const py::gil_scoped_release unlocked;
               database.write([&](Connection& connection) {
                 stored = accounts.put_admin(connection, user, clock.now());
               });
             }
             return user_json(*stored);
           },
           py::arg("database"), py::arg("clock"), py::arg("user"), "Stores an active admin, or makes this user one; as JSON.");
}

}  // namespace apiwright::bindings
