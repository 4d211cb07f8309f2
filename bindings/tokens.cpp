#include "apiwright/base/clock.hpp"
#include "apiwright/tokens/access_tokens.hpp"
#include "apiwright/tokens/refresh_tokens.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using tokens::AccessClaims;
using tokens::AccessTokens;
using tokens::RefreshTokens;

template <typename Member>
auto epoch_seconds(Member AccessClaims::*member) {
  return [member](const AccessClaims& claims) {
    return std::chrono::floor<std::chrono::seconds>(claims.*member).time_since_epoch().count();
  };
}

}  // namespace

void bind_tokens(py::module_& module) {
  auto tokens_module = module.def_submodule("tokens", "Access tokens (RFC 9068) and refresh tokens.");
  py::class_<AccessClaims>(tokens_module, "AccessClaims", "What an access token says.")
      .def_readonly("subject", &AccessClaims::subject, "The user's id.")
      .def_readonly("session", &AccessClaims::session, "The session's id.")
      .def_readonly("id", &AccessClaims::id, "The token's own id.")
      .def_property_readonly("issued_at", epoch_seconds(&AccessClaims::issued_at), "Seconds since 1970.")
      .def_property_readonly("expires_at", epoch_seconds(&AccessClaims::expires_at), "Seconds since 1970.");

  py::class_<AccessTokens, std::shared_ptr<AccessTokens>>(tokens_module, "AccessTokens",
                                                          "Issues and checks JWTs, typ at+jwt, HS256.")
      .def(py::init([](HiddenText secret_key, std::string issuer, std::string audience, std::int64_t lifetime,
                       std::int64_t leeway) {
             return std::make_shared<AccessTokens>(
                 derive_key(secret_key.text, Purpose::kAccessTokens),
                 tokens::AccessTokenOptions{std::move(issuer), std::move(audience), std::chrono::seconds(lifetime),
                                            std::chrono::seconds(leeway)});
           }),
           py::arg("secret_key"), py::kw_only(), py::arg("issuer") = "apiwright", py::arg("audience") = "apiwright",
           py::arg("lifetime") = 900, py::arg("leeway") = 0,
           "Derives its key from `secret_key`; times in seconds. Raises ValidationFailed.")
      .def(
          "issue",
          [](const AccessTokens& access, const Uuid& subject, const Uuid& session, const Clock& clock) {
            return access.issue(subject, session, clock.now());
          },
          py::arg("subject"), py::arg("session"), py::arg("clock"), "A signed token.")
      .def(
          "verify",
          [](const AccessTokens& access, HiddenText token, const Clock& clock) {
            return access.verify(token.text, clock.now());
          },
          py::arg("token"), py::arg("clock"), "Its claims. Raises Unauthorized, TokenExpired.")
      .def_property_readonly(
          "lifetime", [](const AccessTokens& access) { return access.lifetime().count(); }, "Seconds.");

  py::class_<RefreshTokens>(tokens_module, "RefreshTokens", "Opaque refresh tokens.")
      .def(py::init([](HiddenText secret_key) {
             return std::make_unique<RefreshTokens>(derive_key(secret_key.text, Purpose::kRefreshTokens));
           }),
           py::arg("secret_key"), "Derives its key from `secret_key`.");
}

}  // namespace apiwright::bindings
