#include "apiwright/base/clock.hpp"
#include "apiwright/engine/log.hpp"
#include "apiwright/tokens/access_tokens.hpp"
#include "apiwright/tokens/api_keys.hpp"
#include "apiwright/tokens/jwt.hpp"
#include "apiwright/tokens/key_file.hpp"
#include "apiwright/tokens/opaque_tokens.hpp"
#include "apiwright/tokens/refresh_tokens.hpp"
#include "bind.hpp"

namespace apiwright::bindings {
namespace {

using tokens::AccessClaims;
using tokens::AccessTokens;
using tokens::ApiKeys;
using tokens::FixedKeys;
using tokens::Jwt;
using tokens::KeyFile;
using tokens::Keyring;
using tokens::KeySource;
using tokens::OpaqueTokens;
using tokens::RefreshTokens;
using tokens::SigningKey;
using tokens::VerifyingKey;
using Unlocked = py::call_guard<py::gil_scoped_release>;

template <typename Member>
auto epoch_seconds(Member AccessClaims::*member) {
  return [member](const AccessClaims& claims) {
    return std::chrono::floor<std::chrono::seconds>(claims.*member).time_since_epoch().count();
  };
}

py::bytes bytes_of(const Digest& digest) { return py::bytes(as_text(digest)); }

void bind_keys(py::module_& module) {
  py::class_<VerifyingKey>(module, "VerifyingKey", "What checks signatures.")
      .def_static("from_jwk", &VerifyingKey::from_jwk, py::arg("json"),
                  "From a public JWK. Raises MalformedJson, ValidationFailed.")
      .def("public_jwk", &VerifyingKey::public_jwk, "JSON. Raises ValidationFailed for HS256.")
      .def_property_readonly("kid", &VerifyingKey::kid, "Empty: unnamed.")
      .def_property_readonly(
          "algorithm", [](const VerifyingKey& key) { return name_of(key.algorithm()); }, "EdDSA or HS256.");

  py::class_<SigningKey>(module, "SigningKey", "What signs.")
      .def(py::init([](std::string_view algorithm, HiddenBytes key, std::optional<std::string> kid) {
             const std::span bytes(reinterpret_cast<const std::uint8_t*>(key.bytes.data()),  // NOLINT
                                   key.bytes.size());
             return SigningKey(tokens::parse_algorithm(algorithm), bytes, std::move(kid));
           }),
           py::arg("algorithm"), py::arg("key"), py::kw_only(), py::arg("kid") = py::none(),
           "Of these bytes. Raises ValidationFailed.")
      .def_static(
          "generate",
          [](std::string_view algorithm, std::optional<std::string> kid) {
            return SigningKey::generate(tokens::parse_algorithm(algorithm), std::move(kid));
          },
          py::arg("algorithm"), py::kw_only(), py::arg("kid") = py::none(), "A new one. Raises ValidationFailed.")
      .def_static(
          "from_jwk", [](HiddenText json) { return SigningKey::from_jwk(json.text); }, py::arg("json"),
          "From a private JWK. Raises MalformedJson, ValidationFailed.")
      .def(
          "to_jwk", [](const SigningKey& key) { return py::str(std::string(key.to_jwk().reveal())); },
          "JSON with the secret.")
      .def("public_jwk", &SigningKey::public_jwk, "JSON. Raises ValidationFailed for HS256.")
      .def("verifying_key", &SigningKey::verifying_key, py::return_value_policy::copy, "Its other half.")
      .def_property_readonly("kid", &SigningKey::kid, "Empty: unnamed.")
      .def_property_readonly(
          "algorithm", [](const SigningKey& key) { return name_of(key.algorithm()); }, "EdDSA or HS256.");

  py::class_<Keyring>(module, "Keyring", "The keys that tokens are checked with, one of which may sign.")
      .def(py::init<SigningKey, std::vector<VerifyingKey>>(), py::arg("active"),
           py::arg("retired") = std::vector<VerifyingKey>{}, "Raises ValidationFailed.")
      .def_static("from_jwks", &Keyring::from_jwks, py::arg("json"),
                  "Keys that only verify. Raises MalformedJson, ValidationFailed.")
      .def("jwks", &Keyring::jwks, "JSON of the public keys.")
      .def(
          "keys", [](const Keyring& ring) { return std::vector<VerifyingKey>(ring.keys().begin(), ring.keys().end()); },
          "Every key, the active one first.")
      .def_property_readonly("can_sign", &Keyring::can_sign, "False when it only verifies.");
}

void bind_key_sources(py::module_& module) {
  py::class_<KeySource, std::shared_ptr<KeySource>>(module, "KeySource", "Where the keyring of the moment comes from.")
      .def(
          "jwks", [](KeySource& keys, const Clock& clock) { return keys.ring(clock.now()).jwks(); }, py::arg("clock"),
          "JSON of the public keys.");
  py::class_<FixedKeys, KeySource, std::shared_ptr<FixedKeys>>(module, "FixedKeys", "One keyring for good.")
      .def(py::init([](HiddenText secret_key) {
             return std::make_shared<FixedKeys>(Keyring::unnamed(derive_key(secret_key.text, Purpose::kAccessTokens)));
           }),
           py::arg("secret_key"), "The HS256 key of access tokens derived from `secret_key`.");
  py::class_<KeyFile, KeySource, std::shared_ptr<KeyFile>>(module, "KeyFile",
                                                           "Keys in a file that is replaced while it is used.")
      .def(py::init(
               [](std::string path, HiddenText secret_key, std::int64_t lifetime, const Clock& clock, bool log_json) {
                 return std::make_shared<KeyFile>(
                     std::move(path), Keyring::unnamed(derive_key(secret_key.text, Purpose::kAccessTokens)),
                     std::chrono::seconds(lifetime), clock.now(),
                     [log = engine::Log({.json = log_json})](Timestamp now, std::string_view reason) {
                       log.failure(now, "-", reason);
                     });
               }),
           py::arg("path"), py::arg("secret_key"), py::kw_only(), py::arg("lifetime"), py::arg("clock"),
           py::arg("log_json"),
           "Until there is a file, the key derived from `secret_key` signs. Raises ValidationFailed, with its cause.");
  module.def(
      "check_key_set", [](HiddenText json) { static_cast<void>(tokens::read_key_set(json.text)); }, py::arg("json"),
      "Raises MalformedJson, ValidationFailed for what a KeyFile would refuse.");
  module.def(
      "derived_jwk",
      [](HiddenText secret_key) {
        const Keyring ring = Keyring::unnamed(derive_key(secret_key.text, Purpose::kAccessTokens));
        return py::str(std::string(ring.active().to_jwk().reveal()));
      },
      py::arg("secret_key"), "The private JWK of FixedKeys.");
}

void bind_jwt(py::module_& module) {
  py::class_<Jwt>(module, "Jwt", "Signed tokens with any claims.")
      .def(py::init([](const Keyring& ring, std::string issuer, std::vector<std::string> audience, std::string typ,
                       std::int64_t lifetime, std::int64_t leeway, std::vector<std::string> required) {
             return Jwt(ring, {.issuer = std::move(issuer),
                               .audiences = std::move(audience),
                               .typ = std::move(typ),
                               .lifetime = std::chrono::seconds(lifetime),
                               .leeway = std::chrono::seconds(leeway),
                               .required = std::move(required)});
           }),
           py::arg("ring"), py::kw_only(), py::arg("issuer"), py::arg("audience"), py::arg("typ"), py::arg("lifetime"),
           py::arg("leeway"), py::arg("required"), "Empty texts and lists ask nothing. Raises ValidationFailed.")
      .def(
          "issue",
          [](const Jwt& jwt, HiddenText claims, const Clock& clock) { return jwt.issue(claims.text, clock.now()); },
          py::arg("claims"), py::arg("clock"), Unlocked(),
          "A token of these claims, given as JSON. Raises MalformedJson, ValidationFailed.")
      .def(
          "verify",
          [](const Jwt& jwt, HiddenText token, const Clock& clock) { return jwt.verify(token.text, clock.now()); },
          py::arg("token"), py::arg("clock"), Unlocked(), "Its claims as JSON. Raises Unauthorized, TokenExpired.");
}

void bind_opaque(py::module_& module) {
  py::class_<OpaqueTokens>(module, "OpaqueTokens", "Payloads that their bearers can read but not change.")
      .def(py::init([](HiddenText secret_key, std::string_view purpose) {
             return std::make_unique<OpaqueTokens>(derive_key(secret_key.text, Purpose::kOpaqueTokens), purpose);
           }),
           py::arg("secret_key"), py::arg("purpose"), "Derives its key from both. Raises ValidationFailed.")
      .def(
          "seal", [](const OpaqueTokens& tokens, HiddenBytes payload) { return tokens.seal(payload.bytes); },
          py::arg("payload"), "The one text of this payload. Raises ValidationFailed over 4096 bytes.")
      .def(
          "open", [](const OpaqueTokens& tokens, HiddenText text) { return py::bytes(tokens.open(text.text)); },
          py::arg("text"), "The payload. Raises Unauthorized.");

  py::class_<ApiKeys>(module, "ApiKeys", "API keys of one prefix.")
      .def(py::init<std::string_view>(), py::arg("prefix"), "Raises ValidationFailed.")
      .def(
          "generate", [](const ApiKeys& keys) { return py::str(std::string(keys.generate().reveal())); }, "A new key.")
      .def(
          "id_of", [](const ApiKeys& keys, HiddenText text) { return keys.id_of(text.text); }, py::arg("text"),
          "The key's public part. Raises Unauthorized.")
      .def(
          "digest", [](const ApiKeys& keys, HiddenText text) { return bytes_of(keys.digest(text.text)); },
          py::arg("text"), "32 bytes to store. Raises Unauthorized.");
}

}  // namespace

void bind_tokens(py::module_& module) {
  auto tokens_module = module.def_submodule("tokens", "Keys, signed tokens, opaque tokens, API keys.");
  bind_keys(tokens_module);
  bind_key_sources(tokens_module);
  bind_jwt(tokens_module);
  bind_opaque(tokens_module);
  py::class_<AccessClaims>(tokens_module, "AccessClaims", "What an access token says.")
      .def_readonly("subject", &AccessClaims::subject, "The user's id.")
      .def_readonly("session", &AccessClaims::session, "The session's id.")
      .def_readonly("id", &AccessClaims::id, "The token's own id.")
      .def_property_readonly("issued_at", epoch_seconds(&AccessClaims::issued_at), "Seconds since 1970.")
      .def_property_readonly("expires_at", epoch_seconds(&AccessClaims::expires_at), "Seconds since 1970.");

  py::class_<AccessTokens, std::shared_ptr<AccessTokens>>(tokens_module, "AccessTokens",
                                                          "Issues and checks JWTs, typ at+jwt.")
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
      .def_static(
          "of",
          [](std::shared_ptr<KeySource> keys, std::string issuer, std::string audience, std::int64_t lifetime) {
            return std::make_shared<AccessTokens>(
                std::move(keys), tokens::AccessTokenOptions{.issuer = std::move(issuer),
                                                            .audience = std::move(audience),
                                                            .lifetime = std::chrono::seconds(lifetime)});
          },
          required("keys"), py::kw_only(), py::arg("issuer"), py::arg("audience"), py::arg("lifetime"),
          "With these keys; times in seconds. Raises ValidationFailed.")
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
