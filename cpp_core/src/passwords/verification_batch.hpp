#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <vector>

#include "apiwright/passwords/hashing_pool.hpp"

namespace apiwright::passwords {

/// Claims that are verified by several strands of work at once, and what came of them. Thread-safe. A strand enters
/// before it starts; when the last one has left, `done` is called there. Whoever makes the batch has entered.
class VerificationBatch {
 public:
  VerificationBatch(std::vector<Claim> claims, HashingPool::VerifiedMany done);

  void enter() noexcept { ++strands_; }
  void leave();

  /// Verifies the next claim, and wipes its password. Whether there may be another.
  [[nodiscard]] bool verify_next(const Hasher& hasher);

  /// Ends the batch: `done` gets the first reason given.
  void fail(std::exception_ptr why);

 private:
  [[nodiscard]] bool over() const noexcept { return failed_ || next_ >= claims_.size(); }

  std::vector<Claim> claims_;
  std::vector<unsigned char> matches_;  // not of bool, whose neighbours share a byte
  HashingPool::VerifiedMany done_;
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> strands_ = 1;
  std::atomic<bool> failed_ = false;
  std::mutex mutex_;
  std::exception_ptr failure_;
};

}  // namespace apiwright::passwords
