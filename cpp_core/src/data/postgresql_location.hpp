#pragma once

#include <string>
#include <string_view>

namespace apiwright::data {

/// What libpq connects with for `postgresql://user:password@host:port/database?sslmode=verify-full&…` (percent-encoded;
/// several hosts; or `postgres://`): the URL's parameters are libpq's own, TLS among them. What it leaves open: UTF-8,
/// 5 s to connect, and probes that find a dead peer within half a minute. Holds the password.
/// Throws Error(kValidationError) naming `setting`, and saying nothing of its content. Connects to nothing.
[[nodiscard]] std::string parse_postgresql_url(std::string_view url, const std::string& setting = "DATABASE_URL");

/// True for what begins as such a URL does.
[[nodiscard]] bool is_postgresql_url(std::string_view url) noexcept;

}  // namespace apiwright::data
