#include "data/migration_files.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "apiwright/base/digest.hpp"
#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

constexpr std::size_t kVersionDigits = 4;
constexpr std::string_view kUpEnding = ".up.sql";
constexpr std::string_view kDownEnding = ".down.sql";

/// `0001_users.up.sql`, taken apart.
struct FileName {
  std::int64_t version = 0;
  std::string name;
  bool up = false;
};

struct Halves {
  std::string name;
  std::optional<std::string> up;
  std::optional<std::string> down;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name_letter(char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_'; }

std::optional<FileName> parse_name(std::string_view text) {
  FileName file{.up = text.ends_with(kUpEnding)};
  if (!file.up && !text.ends_with(kDownEnding)) return {};
  text.remove_suffix(file.up ? kUpEnding.size() : kDownEnding.size());
  if (text.size() < kVersionDigits + 2 || text[kVersionDigits] != '_') return {};
  const auto digits = text.substr(0, kVersionDigits);
  file.name = text.substr(kVersionDigits + 1);
  if (!std::all_of(digits.begin(), digits.end(), is_digit)) return {};
  if (!std::all_of(file.name.begin(), file.name.end(), is_name_letter)) return {};
  for (const char digit : digits) file.version = file.version * 10 + (digit - '0');
  return file;
}

std::optional<std::string> read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return {};
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (file.bad()) return {};
  return text;
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const auto byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 0xFU];
  }
  return text;
}

/// Gathers the halves by version, and everything that is wrong with them.
class Collector {
 public:
  void add(const std::filesystem::path& path) {
    const auto file_name = path.filename().string();
    auto file = parse_name(file_name);
    if (!file) return blame(file_name, "The name must be like 0001_users.up.sql.", "format");
    auto& halves = by_version_[file->version];
    if (halves.name.empty()) halves.name = file->name;
    if (halves.name != file->name) return blame(file_name, "The version is taken by another migration.", "duplicate");
    auto text = read_text(path);
    if (!text) return blame(file_name, "The file cannot be read.", "format");
    (file->up ? halves.up : halves.down) = std::move(text);
  }

  std::vector<Migration> finish() {
    std::vector<Migration> migrations;
    for (auto& [version, halves] : by_version_) {
      const auto stem = stem_of(version, halves.name);
      if (version != static_cast<std::int64_t>(migrations.size()) + 1) {
        blame(stem, "The versions must rise from 0001 without a gap.", "format");
      }
      if (!halves.up) blame(stem + std::string(kUpEnding), "The file is missing.", "required");
      if (!halves.down) blame(stem + std::string(kDownEnding), "The file is missing.", "required");
      migrations.push_back({.version = version,
                            .name = halves.name,
                            .up = std::move(halves.up).value_or(""),
                            .down = std::move(halves.down).value_or("")});
    }
    refuse_when_wrong();
    for (auto& migration : migrations) migration.checksum = checksum_of(migration);
    return migrations;
  }

  void blame(std::string file, std::string message, std::string code) {
    wrong_.push_back({.field = std::move(file), .message = std::move(message), .code = std::move(code)});
  }

  void refuse_when_wrong() {
    if (wrong_.empty()) return;
    std::sort(wrong_.begin(), wrong_.end(), [](const auto& a, const auto& b) { return a.field < b.field; });
    throw Error(ErrorCode::kValidationError, "The migrations cannot be used: " + wrong_.front().field + ".", wrong_);
  }

 private:
  // The NUL keeps a text from moving from one half to the other unnoticed.
  static std::string checksum_of(const Migration& migration) {
    return hex(blake2b(migration.up + '\0' + migration.down));
  }

  std::map<std::int64_t, Halves> by_version_;
  std::vector<Detail> wrong_;
};

}  // namespace

std::string stem_of(std::int64_t version, const std::string& name) {
  const auto digits = std::to_string(version);
  return std::string(kVersionDigits - digits.size(), '0') + digits + "_" + name;
}

std::vector<Migration> read_migrations(const std::filesystem::path& folder) {
  Collector collector;
  std::error_code error;
  auto entry = std::filesystem::directory_iterator(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".sql") collector.add(entry->path());
  }
  if (error) {
    collector.blame(folder.filename().string(), "The folder cannot be read.", "required");
    collector.refuse_when_wrong();
  }
  return collector.finish();
}

}  // namespace apiwright::data
