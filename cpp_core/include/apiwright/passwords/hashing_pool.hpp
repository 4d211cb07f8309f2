#pragma once

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "apiwright/base/secret.hpp"
#include "apiwright/passwords/hasher.hpp"
#include "apiwright/tasks/executor.hpp"

namespace apiwright::passwords {

/// Hashes on its own threads: at most `threads` hashes, and so `threads` times the hasher's memory, at once, with a
/// bounded queue before them. Thread-safe. Threads start with the first job.
///
/// `done` is called exactly once, on a thread of the pool or on the one that stops it; it must not throw. Its first
/// argument is null when all went well; else it is what the Hasher threw, or Error(kUnavailable) when the job waited
/// longer than `wait_limit` or the pool stopped. Passwords are wiped when their job is over.
class HashingPool {
 public:
  using Hashed = std::function<void(std::exception_ptr, std::string phc)>;
  using Verified = std::function<void(std::exception_ptr, std::optional<std::string> rehashed)>;

  HashingPool(Hasher hasher, std::size_t threads, std::size_t queue_limit, std::chrono::milliseconds wait_limit);

  /// Hasher::hash. Throws Error(kUnavailable) with retry_after, `done` uncalled, when the queue is full or the pool
  /// stops.
  void submit_hash(Secret password, Hashed done);

  /// Hasher::verify, or verify_nobody without a `phc`. After a match `rehashed` is the string to store instead of a
  /// `phc` that needs_rehash(); when making it fails, the match stands and the next sign-in tries again. Throws as
  /// above.
  void submit_verify(Secret password, std::optional<std::string> phc, Verified done);

  [[nodiscard]] const Hasher& hasher() const noexcept { return hasher_; }
  [[nodiscard]] std::size_t waiting() const { return executor_.waiting(); }

  /// Refuses what waits at once, lets what runs finish (one hash each), joins. Idempotent; the destructor does it too.
  void stop();

 private:
  Hasher hasher_;
  tasks::Executor executor_;
};

}  // namespace apiwright::passwords
