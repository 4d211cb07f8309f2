#include "apiwright/tokens/key_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/secret.hpp"
#include "tokens/jwk.hpp"
#include "tokens/registered_claims.hpp"

namespace apiwright::tokens {
namespace {

[[noreturn]] void fail(std::string cause) {
  throw Error(ErrorCode::kValidationError, "The file of token keys cannot be used.").caused_by(std::move(cause));
}

/// A descriptor that is closed.
class File {
 public:
  // A pipe in the file's place must not hold the process up.
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) fail("it cannot be opened");
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { ::close(descriptor_); }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  int descriptor_;
};

/// A key that others can read or plant is no secret: the very file that is read is looked at.
void require_private(int descriptor) {
  struct stat facts {};
  if (::fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) fail("it is not a file");
  if (facts.st_uid != ::geteuid() && facts.st_uid != 0) fail("it belongs to another user");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0) fail("it is open to other users of this machine: chmod 600");
}

/// To be wiped by the caller.
std::string read_all(int descriptor) {
  std::string text(KeyFile::kMaxBytes + 1, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0) fail("it cannot be read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == text.size()) fail("it has more than 64 KiB");
  text.resize(size);
  return text;
}

std::optional<Timestamp> read_date(const json::Object& jwk, std::string_view name, std::string_view at) {
  const json::Value* const value = json::find(jwk, name);
  if (value == nullptr) return std::nullopt;
  const auto* const seconds = value->as<std::int64_t>();
  if (seconds == nullptr || *seconds < 0 || *seconds > kMaxNumericDate) {
    refuse_key(member_path(at, name), "Must be whole seconds since 1970.", "format");
  }
  return Timestamp(std::chrono::seconds(*seconds));
}

DatedKey read_dated_key(const json::Value& value, const std::string& at) {
  const auto* const jwk = value.as<json::Object>();
  if (jwk == nullptr) refuse_key(at, "Must be an object.", "type");
  return {.key = read_private_key(*jwk, at),
          .active_from = read_date(*jwk, "active_from", at),
          .retired_at = read_date(*jwk, "retired_at", at)};
}

std::vector<DatedKey> read_keys(const json::Object& document) {
  const json::Value* const list = json::find(document, "keys");
  const auto* const array = list == nullptr ? nullptr : list->as<json::Array>();
  if (array == nullptr) refuse_key("keys", "Must be an array.", "type");
  if (array->empty()) refuse_key("keys", "Must not be empty.", "min_length");
  std::vector<DatedKey> keys;
  keys.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    keys.push_back(read_dated_key((*array)[i], "keys[" + std::to_string(i) + ']'));
  }
  return keys;
}

Keyring ring_of(const std::vector<const DatedKey*>& chosen) {
  std::vector<VerifyingKey> others;
  others.reserve(chosen.size());
  for (const DatedKey* const dated : chosen) others.push_back(dated->key.verifying_key());
  others.erase(others.begin());
  return Keyring(chosen.front()->key, std::move(others));
}

/// A document whose texts are wiped.
class SecretDocument {
 public:
  explicit SecretDocument(json::Value value) noexcept : value_(std::move(value)) {}
  SecretDocument(const SecretDocument&) = delete;
  SecretDocument& operator=(const SecretDocument&) = delete;
  ~SecretDocument() { json::wipe(value_); }
  [[nodiscard]] const json::Object& object() const noexcept { return *value_.as<json::Object>(); }

 private:
  json::Value value_;
};

std::string cause_of(const Error& error) {
  if (!error.cause().empty()) return error.cause();
  if (error.details().empty()) return error.message();
  return error.details().front().field + ": " + error.details().front().message;
}

}  // namespace

std::vector<DatedKey> read_key_set(std::string_view json) {
  auto keys = read_keys(SecretDocument(read_jwk(json, KeyFile::kMaxBytes)).object());
  std::vector<const DatedKey*> all;
  all.reserve(keys.size());
  for (const DatedKey& key : keys) all.push_back(&key);
  static_cast<void>(ring_of(all));  // for its checks
  return keys;
}

KeyFile::KeyFile(std::string path, Keyring before, std::chrono::seconds lifetime, Timestamp now, Report report)
    : path_(std::move(path)),
      lifetime_(lifetime),
      report_(std::move(report)),
      looked_at_(now.time_since_epoch().count()),
      ring_id_(before.id()),
      ring_(std::move(before)) {
  version_ = version_of(path_);
  if (version_) read_file();
  choose_ring(now);
}

Keyring KeyFile::ring(Timestamp now) {
  look(now);
  const std::scoped_lock lock(mutex_);
  return ring_;
}

std::uint64_t KeyFile::ring_id(Timestamp now) {
  look(now);
  return ring_id_.load(std::memory_order_acquire);
}

void KeyFile::look(Timestamp now) {
  constexpr auto kInterval = Timestamp::duration(kLookInterval).count();
  const Timestamp::rep moment = now.time_since_epoch().count();
  Timestamp::rep last = looked_at_.load(std::memory_order_relaxed);
  // A clock that was set back must not end the looking.
  if (moment - last < kInterval && moment >= last - kInterval) return;
  if (!looked_at_.compare_exchange_strong(last, moment, std::memory_order_relaxed)) return;
  std::string news;
  {
    const std::scoped_lock lock(mutex_);
    news = look_at_file();
    choose_ring(now);
  }
  if (!news.empty()) report_(now, "The file of token keys cannot be used, the last good keys remain: " + news);
}

std::string KeyFile::look_at_file() {
  const auto version = version_of(path_);
  std::string failure;
  if (version) {
    if (version == version_) return {};
    failure = read_file_or_say_why();
  } else if (!keys_.empty()) {
    failure = "it is gone";
  }
  version_ = failure.empty() ? version : std::nullopt;  // what failed is tried again
  if (failure == failure_) return {};
  failure_ = failure;
  return failure;
}

std::string KeyFile::read_file_or_say_why() {
  try {
    read_file();
  } catch (const Error& error) {
    return cause_of(error);
  }
  return {};
}

void KeyFile::read_file() {
  const File file(path_);
  require_private(file.descriptor());
  std::string text = read_all(file.descriptor());
  try {
    std::vector<DatedKey> keys = read_key_set(text);
    chosen_.clear();
    keys_ = std::move(keys);
  } catch (const Error& error) {
    wipe(text);
    fail(cause_of(error));
  }
  wipe(text);
}

void KeyFile::choose_ring(Timestamp now) {
  if (keys_.empty()) return;
  const auto first = std::find_if(keys_.begin(), keys_.end(), [&](const DatedKey& dated) {
    return !dated.active_from || *dated.active_from <= now;
  });
  const DatedKey* const active = first == keys_.end() ? &keys_.front() : &*first;
  std::vector<const DatedKey*> chosen{active};
  for (const DatedKey& dated : keys_) {
    const bool is_over = dated.retired_at && *dated.retired_at + lifetime_ <= now;
    if (&dated != active && !is_over) chosen.push_back(&dated);
  }
  if (chosen == chosen_) return;
  ring_ = ring_of(chosen);
  chosen_ = std::move(chosen);
  ring_id_.store(ring_.id(), std::memory_order_release);
}

std::optional<KeyFile::Version> KeyFile::version_of(const std::string& path) {
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
  return Version{.device = facts.st_dev,
                 .inode = facts.st_ino,
                 .size = facts.st_size,
                 .changed_ns = facts.st_ctim.tv_sec * kNanoseconds + facts.st_ctim.tv_nsec};
}

}  // namespace apiwright::tokens
