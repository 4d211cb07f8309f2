#include "apiwright/engine/response.hpp"

#include <utility>

#include "apiwright/json/writer.hpp"

namespace apiwright::engine {
namespace {

constexpr std::size_t kUsualHeaders = 21;  // with those that every answer carries: the list grows but once

void write_details(json::Writer& writer, const Error& error);

std::string problem_body(const Error& error, const ErrorStyle& style) {
  std::string body;
  json::Writer writer(body);
  const int status = http_status(error.code());
  writer.begin_object()
      .member("type", "about:blank")
      .member("title", reason_phrase(status))
      .member("status", std::int64_t{status})
      .member("detail", error.message())
      .member("code", name_of(error.code()));
  write_details(writer, error);
  writer.member("requestId", style.request_id).end_object();
  return body;
}

std::string envelope(const Error& error, const ErrorStyle& style) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("error").begin_object();
  writer.member("code", name_of(error.code())).member("message", error.message());
  write_details(writer, error);
  writer.member("requestId", style.request_id).end_object().end_object();
  return body;
}

void write_details(json::Writer& writer, const Error& error) {
  writer.key("details").begin_array();
  for (const auto& detail : error.details()) {
    writer.begin_object()
        .member("field", detail.field)
        .member("message", detail.message)
        .member("code", detail.code)
        .end_object();
  }
  writer.end_array();
}

// What RFC 6750 §3 lets stand inside error_description: no quote, no backslash, no control character.
std::string description_of(const std::string& message) {
  std::string text;
  for (const char character : message) {
    const bool plain = character >= ' ' && character <= '~' && character != '"' && character != '\\';
    text += plain ? character : '?';
  }
  return text;
}

// RFC 6750 §3: no error code when the request carried no credentials at all.
std::string challenge(const Error& error, bool had_token) {
  std::string value = "Bearer realm=\"apiwright\"";
  if (had_token && error.code() != ErrorCode::kInvalidCredentials) {
    value += ", error=\"invalid_token\", error_description=\"" + description_of(error.message()) + "\"";
  }
  return value;
}

}  // namespace

Response json_response(int status, std::string body) {
  Response response{status, {}, std::move(body)};
  response.headers.reserve(kUsualHeaders);
  response.headers.push_back({"content-type", "application/json"});
  return response;
}

Response error_response(const Error& error, const ErrorStyle& style) {
  const int status = http_status(error.code());
  Response response{status, {}, style.problem ? problem_body(error, style) : envelope(error, style)};
  response.headers.push_back({"content-type", style.problem ? "application/problem+json" : "application/json"});
  response.headers.push_back({"cache-control", "no-store"});
  if (status == 401) {
    response.headers.push_back({"www-authenticate", challenge(error, style.had_token)});
  }
  if (const auto wait = error.retry_after()) {
    response.headers.push_back({"retry-after", std::to_string(wait->count())});
  }
  return response;
}

std::string_view reason_phrase(int status) noexcept {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Error";
  }
}

}  // namespace apiwright::engine
