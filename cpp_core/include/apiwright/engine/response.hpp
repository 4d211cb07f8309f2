#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::engine {

/// A header as it goes out; the name a constant of the program, in lower case as ASGI and HTTP/2 have it.
struct Header {
  std::string_view name;
  std::string value;
};

/// A finished answer.
struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
};

/// A JSON answer.
[[nodiscard]] Response json_response(int status, std::string body);

/// How an answer shows an error.
struct ErrorStyle {
  std::string_view request_id;
  bool problem = false;    ///< RFC 9457 problem details instead of our envelope
  bool had_token = false;  ///< the request came with credentials: RFC 6750's `error="invalid_token"`
};

/// The answer for an error: contract.md's envelope, WWW-Authenticate on 401, Retry-After where known.
[[nodiscard]] Response error_response(const Error& error, const ErrorStyle& style);

/// The standard's phrase for a status, such as "Not Found".
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

}  // namespace apiwright::engine
