#include "apiwright/engine/exchange.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "apiwright/engine/idempotency_key.hpp"

namespace apiwright::engine {
namespace {

constexpr std::size_t kMaxRequestIdLength = 64;
constexpr std::size_t kMaxUserAgentLength = 255;
constexpr std::size_t kMaxLoggedPath = 2048;
constexpr std::string_view kBearer = "bearer ";

char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character - 'A' + 'a') : character;
}

bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() &&
         std::equal(start.begin(), start.end(), text.begin(), [](char a, char b) { return a == lower(b); });
}

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= kMaxRequestIdLength && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

Error over_limit(const Allowance& allowance, const char* message = "Too many requests. Come back later.") {
  return Error::retry_later(ErrorCode::kRateLimited, message, allowance.retry_after);
}

// Load balancers ask often, and must not be told to come back later.
bool is_probe(std::string_view path) { return path == "/health" || path == "/health/live" || path == "/health/ready"; }

std::string media_type_of(std::string_view header) {
  std::string type(header.substr(0, header.find(';')));
  while (!type.empty() && (type.back() == ' ' || type.back() == '\t')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), lower);
  return type;
}

// Problem details are sent to whoever names them, with a weight above 0 (RFC 9110 §12.5.1).
bool accepts_problem(std::string_view header) {
  constexpr std::string_view kProblem = "application/problem+json";
  std::string text(header);
  std::transform(text.begin(), text.end(), text.begin(), lower);
  const auto at = text.find(kProblem);
  if (at == std::string::npos) return false;
  auto parameters = text.substr(at + kProblem.size(), text.find(',', at) - at - kProblem.size());
  std::erase_if(parameters, [](char c) { return c == ' ' || c == '\t'; });
  const auto weight = parameters.find(";q=0");
  return weight == std::string::npos || parameters.find_first_of("123456789", weight + 3) != std::string::npos;
}

// Cut at 255 characters; what is not ASCII text is left out, since a header has no encoding.
std::string user_agent_of(std::string_view header) {
  std::string text;
  for (const char character : header.substr(0, kMaxUserAgentLength)) {
    if (character >= ' ' && character <= '~') text += character;
  }
  return text;
}

// Several lines of a list are one (RFC 9110 §5.3). What is far too long is cut, and still too long to be good.
void add_line(std::optional<std::string>& list, std::string_view value) {
  if (list && list->size() <= TagList::kMaxLength) list->append(", ");
  if (!list) list.emplace();
  list->append(value.substr(0, TagList::kMaxLength + 1));
}

}  // namespace

Exchange::Exchange(Gateway& gateway, const RequestHead& head)
    : gateway_(gateway),
      received_(gateway.clock_.now()),
      method_(head.method),
      path_(head.path.substr(0, kMaxLoggedPath)),
      root_path_(head.root_path) {
  for (const auto& [name, value] : head.headers) read_header(name, value);
  if (request_id_.empty()) request_id_ = Uuid::generate(received_).to_string();
  client_ = client_address(head.peer, forwarded_for_, gateway.options_.trusted_proxies);
  identify();
  count_request();
}

void Exchange::read_header(std::string_view name, std::string_view value) {
  if (name == "authorization") {
    twice_authorized_ = twice_authorized_ || !authorization_.empty();
    brought_authorization_ = true;
    authorization_ = value;
  } else if (name == "content-type") {
    content_type_ = media_type_of(value);
  } else if (name == "content-length") {
    std::uint64_t length = 0;
    const auto result = std::from_chars(value.data(), value.data() + value.size(), length);
    if (result.ec == std::errc() || result.ec == std::errc::result_out_of_range) {
      content_length_ = result.ec == std::errc() ? length : UINT64_MAX;
    }
  } else if (name == "accept") {
    problem_ = problem_ || accepts_problem(value);
  } else if (name == "x-request-id") {
    if (is_request_id(value)) request_id_ = value;
  } else if (name == "user-agent") {
    user_agent_ = user_agent_of(value);
  } else if (name == "x-forwarded-for") {
    forwarded_for_ += (forwarded_for_.empty() ? "" : ",") + std::string(value);
  } else if (name == "idempotency-key") {
    idempotency_key_ = idempotency_key_ ? std::string() : std::string(value);
  } else if (name == "if-match") {
    add_line(conditional_.if_match, value);
  } else if (name == "if-none-match") {
    add_line(conditional_.if_none_match, value);
  } else if (name == "origin") {
    cors_origin_ = value;
  } else if (name == "access-control-request-method") {
    cors_method_ = value;
  }
}

void Exchange::identify() {
  if (!starts_with_ignoring_case(authorization_, kBearer)) return;
  try {
    if (twice_authorized_) throw Error(ErrorCode::kUnauthorized, "Send one Authorization header.");
    claims_ = gateway_.access_tokens_.verify(std::string_view(authorization_).substr(kBearer.size()), received_);
  } catch (const Error&) {
    token_error_ = std::current_exception();
  }
}

void Exchange::count_request() {
  if (is_probe(path_) || (is_preflight() && origin_allowed())) return;
  auto& limiter = claims_ ? gateway_.authenticated_ : gateway_.anonymous_;
  count("burst", limiter, claims_ ? claims_->subject.to_string() : address_key(client_));
}

bool Exchange::is_preflight() const { return method_ == "OPTIONS" && !cors_origin_.empty() && !cors_method_.empty(); }

bool Exchange::origin_allowed() const {
  const auto& origins = gateway_.options_.cors_origins;
  return !cors_origin_.empty() &&
         std::any_of(origins.begin(), origins.end(), [&](const auto& o) { return o == "*" || o == cors_origin_; });
}

repositories::Origin Exchange::origin() const { return {user_agent_, client_}; }

const tokens::AccessClaims& Exchange::claims() const {
  if (token_error_) std::rethrow_exception(token_error_);
  if (!claims_) {
    throw Error(ErrorCode::kUnauthorized, "Sign in first: send an access token as Bearer.");
  }
  return *claims_;
}

const tokens::AccessClaims* Exchange::claims_if_any() const { return brought_authorization_ ? &claims() : nullptr; }

void Exchange::require_media_type(std::initializer_list<std::string_view> accepted) const {
  if (std::find(accepted.begin(), accepted.end(), content_type_) != accepted.end()) return;
  std::string names;
  for (const auto& name : accepted) names += (names.empty() ? "" : " or ") + std::string(name);
  throw Error(ErrorCode::kUnsupportedMediaType, "Send the body as " + names + ".");
}

std::optional<std::string> Exchange::idempotency_key() const {
  if (!idempotency_key_) return std::nullopt;
  if (auto key = parse_idempotency_key(*idempotency_key_)) return key;
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{"header.Idempotency-Key", "Must be one key, of 1 to 255 printable ASCII characters.", "format"}});
}

void Exchange::refuse_idempotency_key() const {
  if (!idempotency_key_) return;
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{"header.Idempotency-Key", "Is not supported here.", "unknown"}});
}

std::optional<Response> Exchange::refusal() {
  if (is_preflight() && origin_allowed()) return Response{204, {}, {}};
  for (const auto& limit : limits_) {
    if (limit.allowance.allowed) continue;
    return error_response(over_limit(limit.allowance));
  }
  if (content_length_.value_or(0) > gateway_.options_.body_limit) {
    return error_response({ErrorCode::kPayloadTooLarge, "The body is too large."});
  }
  return std::nullopt;
}

void Exchange::count_anonymous() {
  if (!claims_) return;
  const auto allowance = count("address", gateway_.anonymous_, address_key(client_));
  if (!allowance.allowed) throw over_limit(allowance);
}

void Exchange::count_login(std::string_view email) {
  const auto allowance = count("login", gateway_.login_, address_key(client_) + '\0' + std::string(email));
  if (!allowance.allowed) throw over_limit(allowance, "Too many attempts to sign in. Come back later.");
}

Allowance Exchange::count(std::string_view name, std::optional<RateLimiter>& limiter, std::string_view key) {
  if (!limiter) return {};
  const auto allowance = limiter->take(key, gateway_.clock_.now());
  limits_.push_back({name, limiter->quota(), allowance});
  return allowance;
}

Response Exchange::error_response(const Error& error) const {
  if (!error.cause().empty()) {
    gateway_.log_.failure(gateway_.clock_.now(), request_id_, error.cause());
  }
  return engine::error_response(error, {request_id_, problem_, !authorization_.empty()});
}

void Exchange::log(int status, std::uint64_t bytes) const {
  if (logged_.test_and_set()) return;
  const auto took = std::chrono::steady_clock::now() - started_;
  const auto user = claims_ ? claims_->subject.to_string() : std::string();
  gateway_.log_.request({received_, request_id_, method_, path_, client_, user, status, bytes,
                         std::chrono::duration_cast<std::chrono::microseconds>(took).count()});
}

Gateway::Gateway(GatewayOptions options, const tokens::AccessTokens& access_tokens, const Clock& clock)
    : options_(std::move(options)), access_tokens_(access_tokens), clock_(clock), log_(options_.log) {
  if (options_.anonymous) anonymous_.emplace(*options_.anonymous);
  if (options_.authenticated) authenticated_.emplace(*options_.authenticated);
  if (options_.login) login_.emplace(*options_.login);
}

std::shared_ptr<Exchange> Gateway::begin(const RequestHead& head) { return std::make_shared<Exchange>(*this, head); }

}  // namespace apiwright::engine
