#include "passwords/verification_batch.hpp"

#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::passwords {
namespace {

bool verifies(const Hasher& hasher, const Claim& claim) {
  try {
    hasher.verify(claim.password.reveal(), claim.phc);
    return true;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kInvalidCredentials) return false;
    throw;
  }
}

}  // namespace

VerificationBatch::VerificationBatch(std::vector<Claim> claims, HashingPool::VerifiedMany done)
    : claims_(std::move(claims)), matches_(claims_.size()), done_(std::move(done)) {}

void VerificationBatch::leave() {
  if (--strands_ != 0) return;
  if (failure_) {
    done_(failure_, {});
  } else {
    done_(nullptr, {matches_.begin(), matches_.end()});
  }
}

bool VerificationBatch::verify_next(const Hasher& hasher) {
  if (over()) return false;
  const std::size_t index = next_++;
  if (index >= claims_.size()) return false;
  try {
    matches_[index] = verifies(hasher, claims_[index]) ? 1 : 0;
  } catch (...) {
    fail(std::current_exception());
  }
  claims_[index].password = Secret();
  return !over();
}

void VerificationBatch::fail(std::exception_ptr why) {
  const std::scoped_lock lock(mutex_);
  if (!failure_) failure_ = std::move(why);
  failed_ = true;
}

}  // namespace apiwright::passwords
