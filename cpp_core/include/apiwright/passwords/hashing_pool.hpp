#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apiwright/base/secret.hpp"
#include "apiwright/passwords/hasher.hpp"
#include "apiwright/tasks/executor.hpp"

namespace apiwright::passwords {

class VerificationBatch;

/// A password, and the stored hash that it is held against.
struct Claim {
  Secret password;
  std::string phc;
};

/// Hashes on its own threads: at most `threads` hashes, and so `threads` times the hasher's memory, at once, with a
/// bounded queue before them. Thread-safe. Threads start with the first job. A thread keeps the memory of its hashes,
/// no more than the hasher's, while jobs wait; hashes of other systems take theirs for themselves.
///
/// `done` is called exactly once, on a thread of the pool or on the one that stops it; it must not throw. Its first
/// argument is null when all went well; else it is what the Hasher threw, or Error(kUnavailable) when the job waited
/// longer than `wait_limit` or the pool stopped. Passwords are wiped when their job is over.
class HashingPool {
 public:
  using Hashed = std::function<void(std::exception_ptr, std::string phc)>;
  using Verified = std::function<void(std::exception_ptr, std::optional<std::string> rehashed)>;
  using VerifiedMany = std::function<void(std::exception_ptr, std::vector<bool> matches)>;

  static constexpr std::size_t kMaxClaims = 10'000;  ///< in one batch

  HashingPool(Hasher hasher, std::size_t threads, std::size_t queue_limit, std::chrono::milliseconds wait_limit);
  ~HashingPool();  ///< stop()
  HashingPool(const HashingPool&) = delete;
  HashingPool& operator=(const HashingPool&) = delete;

  /// Hasher::hash. Throws Error(kUnavailable) with retry_after, `done` uncalled, when the queue is full or the pool
  /// stops.
  void submit_hash(Secret password, Hashed done);

  /// Hasher::verify, or verify_nobody without a `phc`. After a match `rehashed` is the string to store instead of a
  /// `phc` that needs_rehash(); when making it fails, the match stands and the next sign-in tries again. Throws as
  /// above.
  void submit_verify(Secret password, std::optional<std::string> phc, Verified done);

  /// Hasher::verify for each claim, in their order: whether it matched. Takes at most one place of the queue for each
  /// thread, and lets what else waits come first after each hash. Of no claims `done` gets its answer at once, on this
  /// thread. Throws Error(kUnavailable) as above, and at once, before any hash, Error(kValidationError) for more than
  /// kMaxClaims and Error(kInternal) naming the claim whose `phc` cannot be read.
  void submit_verify_many(std::vector<Claim> claims, VerifiedMany done);

  /// The same, waited for; never on a thread of the pool. Throws what `done` would get, too.
  [[nodiscard]] std::vector<bool> verify_many(std::vector<Claim> claims);

  [[nodiscard]] const Hasher& hasher() const noexcept { return hasher_; }
  [[nodiscard]] std::size_t waiting() const { return executor_.waiting(); }

  /// Refuses what waits at once, lets what runs finish (one hash each), joins. Idempotent; the destructor does it too.
  void stop();

 private:
  void submit_strand(const std::shared_ptr<VerificationBatch>& batch);
  void work(const std::shared_ptr<VerificationBatch>& batch);
  [[nodiscard]] std::size_t kept_bytes() const noexcept;

  Hasher hasher_;
  std::atomic<bool> stopping_ = false;
  tasks::Executor executor_;
};

}  // namespace apiwright::passwords
