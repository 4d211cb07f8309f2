#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "apiwright/base/timestamp.hpp"

namespace apiwright::engine {

struct LogOptions {
  bool json = true;      ///< one JSON object per line; else a line for a person's eyes
  bool requests = true;  ///< a line for each request; failures are always written
  int descriptor = 2;    ///< standard error
};

/// What is logged of one request: never its query, headers or body.
struct RequestLine {
  Timestamp time;
  std::string_view request_id;
  std::string_view method;
  std::string_view path;
  std::string_view client;
  std::string_view user;  ///< empty: anonymous
  int status = 0;
  std::uint64_t bytes = 0;  ///< of the answer's body
  std::int64_t microseconds = 0;
};

/// Writes each line with one write(2), so that lines of several threads and processes stay whole. Thread-safe,
/// immutable.
class Log {
 public:
  explicit Log(LogOptions options) : options_(options) {}

  void request(const RequestLine& line) const;
  /// Why a request failed on our side; for operators alone.
  void failure(Timestamp time, std::string_view request_id, std::string_view cause) const;

  /// The lines themselves, with their line feed.
  [[nodiscard]] std::string format(const RequestLine& line) const;
  [[nodiscard]] std::string format_failure(Timestamp time, std::string_view request_id, std::string_view cause) const;

 private:
  void write(std::string_view line) const;
  LogOptions options_;
};

}  // namespace apiwright::engine
