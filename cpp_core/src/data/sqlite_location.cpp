#include "data/sqlite_location.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <mutex>
#include <optional>
#include <system_error>

#include "apiwright/base/error.hpp"
#include "data/sqlite_handle.hpp"

namespace apiwright::data {
namespace {

constexpr std::string_view kPrefix = "sqlite://";

[[noreturn]] void refuse(const char* reason, const char* code) {
  throw Error(ErrorCode::kValidationError, std::string("DATABASE_URL: ") + reason,
              {{.field = "DATABASE_URL", .message = reason, .code = code}});
}

std::optional<char> decode_escape(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 2 || error != std::errc{} || end != digits.data() + digits.size() || value == 0) return {};
  return static_cast<char>(value);
}

std::string decode_percent(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto byte = decode_escape(text.substr(i + 1, 2));
    if (!byte) refuse("A % must be followed by two hexadecimal digits, not 00.", "format");
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

std::string path_of(std::string_view url) {
  if (!url.starts_with(kPrefix)) refuse("It must begin with sqlite:/// here.", "format");
  auto rest = url.substr(kPrefix.size());
  if (rest.empty() || rest == "/" || rest == "/:memory:") {
    refuse("A database in memory cannot be shared by several connections: name a file, sqlite:///./apiwright.db.",
           "format");
  }
  if (rest.front() != '/') refuse("Three slashes begin a relative path, four an absolute one.", "format");
  if (rest.find_first_of(std::string_view("?#\0", 3)) != std::string_view::npos) {
    refuse("It takes no parameters; write ? as %3F and # as %23 in a file's name.", "format");
  }
  return decode_percent(rest.substr(1));
}

}  // namespace

std::filesystem::path parse_sqlite_url(std::string_view url) {
  std::error_code error;
  auto path = std::filesystem::absolute(path_of(url), error);
  if (error || !std::filesystem::is_directory(path.parent_path(), error)) {
    refuse("The folder of the database file does not exist.", "reference");
  }
  if (!path.has_filename() || std::filesystem::is_directory(path, error)) {
    refuse("It names a folder, not a file.", "format");
  }
  return path;
}

void create_private_file(const std::filesystem::path& path) {
  // Closing any descriptor of a file drops this process's locks on it, SQLite's too: so only a missing file is opened,
  // and no connection of ours can open it in between.
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::error_code error;
  if (std::filesystem::exists(path, error)) return;
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);  // NOLINT
  if (file < 0) throw_cannot_open();
  ::close(file);
}

}  // namespace apiwright::data
