#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/tokens/key_source.hpp"

namespace apiwright::tokens {

/// A key of a key file, with the times that its JWK's members of the same names give in seconds since 1970.
struct DatedKey {
  SigningKey key;
  std::optional<Timestamp> active_from;  ///< until then it only verifies
  std::optional<Timestamp> retired_at;   ///< since then it only verifies, and that for one lifetime of a token
};

/// The keys of a private JWK set. Throws Error(kMalformedJson), Error(kValidationError) naming the member, also for an
/// empty set and whatever a Keyring refuses.
[[nodiscard]] std::vector<DatedKey> read_key_set(std::string_view json);

/// Keys kept in a file that several processes read and that is replaced while they run: a private JWK set, of which the
/// first key that is active signs and the others verify. A rotation lets its new key sign only 2 seconds later; since
/// each process looks at the file once a second while it is asked for keys, all know a key before any signs with it,
/// and no token is refused meanwhile. Thread-safe; asking costs two loads, once a second a stat(2), and after a change
/// the reading of the file.
class KeyFile final : public KeySource {
 public:
  static constexpr std::size_t kMaxBytes = std::size_t{64} * 1024;
  static constexpr std::chrono::seconds kLookInterval{1};

  /// Told, once for each, why the file cannot be used; the last good keys remain in use. Must not throw.
  using Report = std::function<void(Timestamp now, std::string_view reason)>;

  /// Reads the file. While there is none, `before` is used: the first rotation then disturbs no running process.
  /// `lifetime` is the longest of a token. Throws Error(kValidationError), its cause saying why, when there is a file
  /// that is no key set, is not a regular file of this user (or root) for the owner alone, or has more than 64 KiB.
  KeyFile(std::string path, Keyring before, std::chrono::seconds lifetime, Timestamp now, Report report);

  [[nodiscard]] Keyring ring(Timestamp now) override;
  [[nodiscard]] std::uint64_t ring_id(Timestamp now) override;

 private:
  /// Which file it was, and which state of it.
  struct Version {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;
    std::int64_t changed_ns = 0;
    friend bool operator==(const Version&, const Version&) = default;
  };

  void look(Timestamp now);
  /// Why the file cannot be used, when that is news.
  [[nodiscard]] std::string look_at_file();
  [[nodiscard]] std::string read_file_or_say_why();
  void read_file();
  void choose_ring(Timestamp now);
  [[nodiscard]] static std::optional<Version> version_of(const std::string& path);

  const std::string path_;
  const std::chrono::seconds lifetime_;
  const Report report_;
  std::atomic<Timestamp::rep> looked_at_;
  std::atomic<std::uint64_t> ring_id_;
  std::mutex mutex_;  ///< of all that follows
  Keyring ring_;
  std::vector<DatedKey> keys_;
  std::vector<const DatedKey*> chosen_;  ///< of keys_, the one that signs first
  std::optional<Version> version_;
  std::string failure_;
};

}  // namespace apiwright::tokens
