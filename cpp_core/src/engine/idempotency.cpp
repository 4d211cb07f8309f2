// Operations that may be asked for twice and are done once.

#include <utility>

#include "apiwright/engine/operation.hpp"

namespace apiwright::engine {
namespace {

using repositories::KeptAnswer;

KeptAnswer kept_of(const Response& response) {
  KeptAnswer kept{.status = response.status, .body = response.body};
  for (const auto& [name, value] : response.headers) {
    if (name == "location") kept.location = value;
    if (name == "etag") kept.etag = value;
  }
  return kept;
}

Response replayed(KeptAnswer kept) {
  auto response = kept.body.empty() ? Response{kept.status, {}, {}} : json_response(kept.status, std::move(kept.body));
  if (kept.etag) response.headers.push_back({"etag", std::move(*kept.etag)});
  if (kept.location) response.headers.push_back({"location", std::move(*kept.location)});
  response.headers.push_back({"idempotency-replayed", "true"});
  return response;
}

}  // namespace

// Of strangers nobody knows who sends a key again: an answer might be another's. A part of a batch has no key.
std::optional<repositories::IdempotentRequest> Operation::idempotent(const Call& call, std::string_view route) const {
  const auto key = call.part ? std::nullopt : call.exchange->idempotency_key();
  if (!key) return std::nullopt;
  const auto* claims = call.exchange->claims_if_any();
  if (claims == nullptr) {
    throw Error(ErrorCode::kValidationError, "The input is not valid.",
                {{"header.Idempotency-Key", "Is for who is signed in.", "unknown"}});
  }
  return services_.idempotency_keys.request(claims->subject, route, *key, call.query, call.body);
}

// Only who is signed in has a request that may be repeated.
std::optional<Response> Operation::kept_answer(data::Connection& connection, const access::Principal* principal,
                                               const Input& input, Timestamp now) const {
  if (!input.idempotent) return std::nullopt;
  auto kept = services_.idempotency_keys.find(connection, *input.idempotent, *principal, now);
  if (!kept) return std::nullopt;
  return replayed(std::move(*kept));
}

void Operation::keep_answer(data::Connection& connection, const access::Principal* principal, const Input& input,
                            const Response& response) const {
  if (!input.idempotent) return;
  services_.idempotency_keys.keep(connection, *input.idempotent, *principal, kept_of(response), services_.clock.now());
}

}  // namespace apiwright::engine
