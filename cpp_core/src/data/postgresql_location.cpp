#include "data/postgresql_location.hpp"

#include <libpq-fe.h>

#include <array>
#include <map>
#include <memory>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

struct FreeOptions {
  void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

using Parameters = std::map<std::string, std::string>;

constexpr std::array<std::pair<const char*, const char*>, 6> kUnlessTold = {{
    {"connect_timeout", "5"},  // seconds, for each host
    {"fallback_application_name", "apiwright"},
    {"keepalives_idle", "10"},
    {"keepalives_interval", "5"},
    {"keepalives_count", "3"},
    {"tcp_user_timeout", "30000"},  // ms without an acknowledgement of what was sent
}};

[[noreturn]] void refuse(const std::string& setting, const char* reason) {
  throw Error(ErrorCode::kValidationError, setting + ": " + reason,
              {{.field = setting, .message = reason, .code = "format"}});
}

// What libpq says of a bad one quotes it, the password included.
Parameters parameters_of(const std::string& url, const std::string& setting) {
  const std::unique_ptr<PQconninfoOption, FreeOptions> options(PQconninfoParse(url.c_str(), nullptr));
  if (!options)
    refuse(setting, "It must be postgresql://user:password@host:port/database?parameter=value, percent-encoded.");
  Parameters parameters;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) parameters.emplace(option->keyword, option->val);
  }
  return parameters;
}

std::string quoted(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  text += '\'';
  return text;
}

}  // namespace

bool is_postgresql_url(std::string_view url) noexcept {
  return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

std::string parse_postgresql_url(std::string_view url, const std::string& setting) {
  if (!is_postgresql_url(url)) refuse(setting, "It must begin with postgresql://.");
  if (url.find('\0') != std::string_view::npos) refuse(setting, "It has a character that no URL has.");
  auto parameters = parameters_of(std::string(url), setting);
  if (parameters["dbname"].empty()) refuse(setting, "It names no database: postgresql://host/database.");
  for (const auto& [keyword, value] : kUnlessTold) parameters.emplace(keyword, value);
  parameters["client_encoding"] = "UTF8";
  std::string conninfo;
  for (const auto& [keyword, value] : parameters) conninfo += keyword + "=" + quoted(value) + " ";
  return conninfo;
}

}  // namespace apiwright::data
