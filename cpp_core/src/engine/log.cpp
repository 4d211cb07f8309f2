#include "apiwright/engine/log.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>

#include "apiwright/base/text.hpp"
#include "apiwright/json/writer.hpp"

namespace apiwright::engine {
namespace {

std::string milliseconds(std::int64_t microseconds) {
  std::array<char, 32> text{};
  const int length = std::snprintf(text.data(), text.size(), "%.3f",  // NOLINT(cppcoreguidelines-pro-type-vararg)
                                   static_cast<double>(microseconds) / 1000.0);
  return {text.data(), static_cast<std::size_t>(length)};
}

// A terminal must not be steered by what a client sent.
std::string printable(std::string_view text) {
  std::string out;
  for (const char character : text) {
    out += character >= ' ' && character <= '~' ? character : '?';
  }
  return out;
}

// The same for UTF-8 that JSON escapes further: DEL and the C1 controls, which terminals obey and JSON leaves alone.
std::string without_controls(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_c1 = text[at] == '\xc2' && static_cast<unsigned char>(text[at + 1]) < 0xa0;
    if (is_c1) ++at;
    out += is_c1 || text[at] == '\x7f' ? '?' : text[at];
  }
  return out;
}

}  // namespace

std::string Log::format(const RequestLine& line) const {
  std::string out;
  if (!options_.json) {
    out = format_timestamp(line.time).substr(11, 12) + ' ' + std::to_string(line.status) + ' ' +
          printable(line.method) + ' ' + printable(line.path) + ' ' + milliseconds(line.microseconds) + " ms\n";
    return out;
  }
  json::Writer writer(out);
  writer.begin_object()
      .member("time", format_timestamp(line.time))
      .member("level", "info")
      .member("logger", "apiwright.request")
      .member("message", "request")
      .member("requestId", line.request_id)
      .member("method", printable(line.method))
      .member("path", printable(line.path))
      .member("status", std::int64_t{line.status})
      .member("bytes", static_cast<std::int64_t>(line.bytes))
      .key("durationMs")
      .raw(milliseconds(line.microseconds))
      .member("client", printable(line.client));
  if (!line.user.empty()) writer.member("user", line.user);
  writer.end_object();
  return out + '\n';
}

std::string Log::format_failure(Timestamp time, std::string_view request_id, std::string_view cause) const {
  const std::string clean = is_utf8(cause) ? without_controls(cause) : printable(cause);
  if (!options_.json) {
    return format_timestamp(time).substr(11, 12) + " error " + printable(clean) + " (request " +
           std::string(request_id) + ")\n";
  }
  std::string out;
  json::Writer writer(out);
  writer.begin_object()
      .member("time", format_timestamp(time))
      .member("level", "error")
      .member("logger", "apiwright.core")
      .member("message", clean)
      .member("requestId", request_id)
      .end_object();
  return out + '\n';
}

void Log::request(const RequestLine& line) const {
  if (options_.requests) write(format(line));
}

void Log::failure(Timestamp time, std::string_view request_id, std::string_view cause) const {
  write(format_failure(time, request_id, cause));
}

void Log::write(std::string_view line) const {
  while (!line.empty()) {
    const auto written = ::write(options_.descriptor, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // Nobody reads the log: the request matters more.
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace apiwright::engine
