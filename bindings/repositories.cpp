#include "apiwright/repositories/accounts.hpp"
#include "apiwright/repositories/idempotency_keys.hpp"
#include "apiwright/repositories/roles.hpp"

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

// A user as they see themselves; without `readable`, as the command line does.
py::bytes user_json(const validation::Record& user, const access::FieldGrants& readable = {}) {
  std::string body;
  json::Writer writer(body);
  repositories::write_record(writer, user, readable);
  return body;
}

void bind_values(py::module_& module) {
  py::class_<Origin>(module, "Origin", "Where a sign-in came from.")
      .def(py::init<std::string, std::string>(), py::arg("user_agent"), py::arg("ip_address"),
           "Shown to the user beside the session.");
  py::class_<NewUser>(module, "NewUser", "What signing up stores.")
      .def(py::init([](std::string email, std::string name, std::string password_hash,
                       std::optional<validation::Record> further) {
             return NewUser{std::move(email), std::move(name), std::move(password_hash), std::move(further)};
           }),
           py::kw_only(), py::arg("email"), py::arg("name"), py::arg("password_hash"), py::arg("further") = py::none(),
           "All of it checked before; the hash a PHC string. `further`: with the fields that the application added.");
  py::class_<Credentials>(module, "Credentials", "What sign-in knows of a user.")
      .def_readonly("user", &Credentials::user, "The user's id.")
      .def_readonly("password_hash", &Credentials::password_hash, "A PHC string; None: no sign-in with a password.")
      .def_readonly("active", &Credentials::active, "False: no sign-in at all.");
  py::class_<SignedIn>(module, "SignedIn", "A user who has been let in.")
      .def_property_readonly(
          "user", [](const SignedIn& in) { return in.user.at("id").as<Uuid>(); }, "The user's id.")
      .def_property_readonly(
          "user_json", [](const SignedIn& in) { return user_json(in.user, in.readable); },
          "The user as they see themselves.")
      .def_property_readonly(
          "session", [](const SignedIn& in) { return in.session.id; }, "The session's id.")
      .def(
          "refresh_token",
          [](const SignedIn& in, const Sessions& sessions) {
            return sessions.refresh_tokens().encode(in.session.refresh_token);
          },
          py::arg("sessions"), "The session's first one.");
  py::native_enum<Refreshed::Outcome>(module, "RefreshOutcome", "enum.Enum")
      .value("ROTATED", Refreshed::Outcome::kRotated)
      .value("REUSED", Refreshed::Outcome::kReused)
      .value("REFUSED", Refreshed::Outcome::kRefused)
      .finalize();
  py::class_<Refreshed>(module, "Refreshed", "What came of a refresh token.")
      .def_readonly("outcome", &Refreshed::outcome, "What came of it.")
      .def_readonly("user", &Refreshed::user, "The user's id, unless refused.")
      .def_readonly("session", &Refreshed::session, "The session's id, unless refused.")
      .def(
          "refresh_token",
          [](const Refreshed& refreshed, const Sessions& sessions) {
            return sessions.refresh_tokens().encode(refreshed.refresh_token);
          },
          py::arg("sessions"), "The successor, when rotated.");
}

void bind_sessions(py::module_& module) {
  py::class_<Users, std::shared_ptr<Users>>(module, "Users", "The users' rows.")
      .def(py::init([](const std::shared_ptr<validation::Schema>& schema, const FieldRuleDict& readable,
                       const FieldRuleDict& writable) {
             return std::make_shared<Users>(schema, field_rules(readable), field_rules(writable));
           }),
           required("schema"), py::kw_only(), py::arg("readable") = FieldRuleDict{},
           py::arg("writable") = FieldRuleDict{},
           "`schema` is a users_schema(), the rules are of the fields added to it. Raises ValueError.")
      .def(
          "start_credentials",
          [](std::shared_ptr<Users> users, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::string email) {
            database.submit_read(work_for(Ticket{std::move(queue), ticket},
                                          [users = std::move(users), email = std::move(email)](Connection& connection) {
                                            return users->credentials(connection, email);
                                          }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), py::arg("email"),
          "Delivers Credentials or None. Raises Unavailable when too many wait.");
  py::class_<Sessions, std::shared_ptr<Sessions>>(module, "Sessions", "Sign-ins that live until they end.")
      .def(py::init([](const tokens::RefreshTokens& refresh_tokens, std::int64_t lifetime, std::int64_t grace) {
             return std::make_shared<Sessions>(
                 refresh_tokens.copy(),
                 Sessions::Options{std::chrono::milliseconds(lifetime), std::chrono::milliseconds(grace)});
           }),
           py::arg("refresh_tokens"), py::kw_only(), py::arg("lifetime_ms"), py::arg("grace_ms"),
           "A session lives so long after its last refresh; a superseded token gets its successor so long.")
      .def(
          "start_refresh",
          [](std::shared_ptr<Sessions> sessions, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, HiddenText token) {
            const auto presented = sessions->refresh_tokens().decode(token.text);
            database.submit_write(
                work_for(Ticket{std::move(queue), ticket},
                         [sessions = std::move(sessions), clock = std::move(clock), presented](Connection& connection) {
                           return sessions->refresh(connection, presented, clock->now());
                         }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("token"),
          "Delivers Refreshed. Raises Unauthorized when the token is not one of ours, Unavailable when too many wait.")
      .def(
          "start_authenticate",
          [](std::shared_ptr<Sessions> sessions, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, const tokens::AccessClaims& claims) {
            database.submit_read(
                work_for(Ticket{std::move(queue), ticket},
                         [sessions = std::move(sessions), clock = std::move(clock), claims](Connection& connection) {
                           return sessions->authenticate(connection, claims, clock->now());
                         }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("claims"),
          "Delivers the Principal. Raises Unavailable when too many wait.");
}

void bind_idempotency_keys(py::module_& module) {
  using repositories::IdempotencyKeys;
  py::class_<IdempotencyKeys>(module, "IdempotencyKeys", "Answers to requests with an Idempotency-Key.")
      .def(py::init([](HiddenText secret_key) {
             return std::make_unique<IdempotencyKeys>(derive_key(secret_key.text, Purpose::kIdempotency));
           }),
           py::arg("secret_key"), "Derives its key from `secret_key`.");
}

using AccountsClass = py::class_<Accounts, std::shared_ptr<Accounts>>;

void bind_signing_in(AccountsClass& bound) {
  bound
      .def(py::init([](std::shared_ptr<Users> users, std::shared_ptr<Sessions> sessions) {
             auto accounts = std::make_shared<Accounts>(*users, *sessions);
             return with_what_it_borrows(std::move(accounts), std::move(users), std::move(sessions));
           }),
           required("users"), required("sessions"), "Works with these.")
      .def(
          "start_sign_up",
          [](std::shared_ptr<Accounts> accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, NewUser user, Origin origin) {
            database.submit_write(
                work_for(Ticket{std::move(queue), ticket},
                         [accounts = std::move(accounts), clock = std::move(clock), user = std::move(user),
                          origin = std::move(origin)](Connection& connection) {
                           return accounts->sign_up(connection, user, origin, clock->now());
                         }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("user"),
          py::arg("origin"),
          "Delivers SignedIn, or Conflict for a taken e-mail. Raises Unavailable when too many wait.")
      .def(
          "start_sign_in",
          [](std::shared_ptr<Accounts> accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, const Uuid& user, std::string verified, std::optional<std::string> rehashed,
             Origin origin) {
            database.submit_write(work_for(
                Ticket{std::move(queue), ticket},
                [accounts = std::move(accounts), clock = std::move(clock), user, verified = std::move(verified),
                 rehashed = std::move(rehashed), origin = std::move(origin)](Connection& connection) {
                  return accounts->sign_in(connection, user, verified, rehashed, origin, clock->now());
                }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("user"),
          py::arg("verified_hash"), py::arg("rehashed"), py::arg("origin"),
          "Delivers SignedIn, or InvalidCredentials when the user changed. Raises Unavailable when too many wait.");
}

void bind_signed_in(AccountsClass& bound) {
  bound
      .def(
          "start_sign_out",
          [](std::shared_ptr<Accounts> accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, const AccessClaims& claims, bool everywhere) {
            database.submit_write(work_for(
                Ticket{std::move(queue), ticket},
                [accounts = std::move(accounts), clock = std::move(clock), claims, everywhere](Connection& connection) {
                  accounts->sign_out(connection, claims, everywhere, clock->now());
                }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("claims"),
          py::arg("everywhere"),
          "Delivers None, or Unauthorized for an ended session. Raises Unavailable when too many wait.")
      .def(
          "start_credentials",
          [](std::shared_ptr<Accounts> accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, const AccessClaims& claims) {
            database.submit_read(
                work_for(Ticket{std::move(queue), ticket},
                         [accounts = std::move(accounts), clock = std::move(clock), claims](Connection& connection) {
                           return accounts->credentials(connection, claims, clock->now());
                         }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("claims"),
          "Delivers their bearer's Credentials, or Unauthorized. Raises Unavailable when too many wait.")
      .def(
          "start_change_password",
          [](std::shared_ptr<Accounts> accounts, QueuePtr queue, std::uint64_t ticket, Database& database,
             std::shared_ptr<Clock> clock, const AccessClaims& claims, std::string verified, std::string new_hash) {
            database.submit_write(
                work_for(Ticket{std::move(queue), ticket},
                         [accounts = std::move(accounts), clock = std::move(clock), claims,
                          verified = std::move(verified), new_hash = std::move(new_hash)](Connection& connection) {
                           accounts->change_password(connection, claims, verified, new_hash, clock->now());
                         }));
          },
          required("queue"), py::arg("ticket"), py::arg("database"), required("clock"), py::arg("claims"),
          py::arg("verified_hash"), py::arg("new_hash"),
          "Delivers None, the other sessions ended, or Conflict. Raises Unavailable when too many wait.");
}

// For the command line.
void bind_tools(AccountsClass& bound) {
  bound
      .def(
          "principal",
          [](const Accounts& accounts, Database& database, const std::string& email) {
            std::optional<access::Principal> found;
            const py::gil_scoped_release unlocked;
            database.read([&](Connection& connection) { found = accounts.principal(connection, email); });
            return found;
          },
          py::arg("database"), py::arg("email"), "The active user with this e-mail as rules see them, or None.")
      .def(
          "put_admin",
          [](const Accounts& accounts, Database& database, const Clock& clock, const NewUser& user) {
            std::optional<validation::Record> stored;
            {
              const py::gil_scoped_release unlocked;
              database.write(
                  [&](Connection& connection) { stored = accounts.put_admin(connection, user, clock.now()); });
            }
            return user_json(*stored);
          },
          py::arg("database"), py::arg("clock"), py::arg("user"),
          "Stores an active admin, or makes this user one; as JSON. Raises Unavailable.");
}

}  // namespace

void bind_repositories(py::module_& module) {
  auto repositories_module =
      module.def_submodule("repositories", "Rows of any schema; users, sessions and what joins them.");
  bind_values(repositories_module);
  bind_sessions(repositories_module);
  bind_idempotency_keys(repositories_module);
  repositories_module.def(
      "users_schema",
      [](std::vector<validation::Field> more) {
        return std::const_pointer_cast<validation::Schema>(repositories::users_schema(std::move(more)));
      },
      py::arg("more") = std::vector<validation::Field>{},
      "What a user's row holds, with fields of the application's own. Raises ValueError.");
  repositories_module.def(
      "sessions_schema", [] { return std::const_pointer_cast<validation::Schema>(repositories::sessions_schema()); },
      "What a session's row holds.");
  repositories_module.def(
      "roles_schema", [] { return std::const_pointer_cast<validation::Schema>(repositories::roles_schema()); },
      "What a role's row holds.");
  repositories_module.def(
      "list_operators",
      [](const validation::Field& field) {
        std::vector<std::string> names;
        for (const auto operation : repositories::operators_of(field)) {
          names.emplace_back(repositories::name_of(operation));
        }
        return names;
      },
      py::arg("field"), "How lists may compare a filterable field, such as `eq` and `gte`.");

  AccountsClass bound(repositories_module, "Accounts", "Signing up, in and out: one transaction each.");
  bind_signing_in(bound);
  bind_signed_in(bound);
  bind_tools(bound);
  bind_rows(repositories_module);
  bind_tables(repositories_module);
}

}  // namespace apiwright::bindings
