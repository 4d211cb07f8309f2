#include "apiwright/passwords/hashing_pool.hpp"

#include <algorithm>
#include <future>
#include <utility>

#include "apiwright/base/error.hpp"
#include "passwords/hashing_memory.hpp"
#include "passwords/verification_batch.hpp"

namespace apiwright::passwords {
namespace {

// A hash holds a core for milliseconds: whatever else is asked of this process goes first.
constexpr int kNiceness = 10;
constexpr std::size_t kBytesPerKib = 1024;

/// Shared by a job's two functions, because std::function must be copyable and a Secret is not.
template <typename Done>
struct Request {
  Secret password;
  std::optional<std::string> phc;
  Done done;
};

std::optional<std::string> verify(const Hasher& hasher, const Secret& password, const std::optional<std::string>& phc) {
  if (!phc) {
    hasher.verify_nobody(password.reveal());
  }
  hasher.verify(password.reveal(), *phc);
  if (!hasher.needs_rehash(*phc)) {
    return std::nullopt;
  }
  try {
    return hasher.hash(password.reveal());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Calls `work` and hands what it gives or throws to `done`, outside the try: what `done` does is not the hash's
/// failure.
template <typename Result, typename Done, typename Work>
void finish(std::size_t kept_bytes, const Done& done, const Work& work) {
  Result result{};
  std::exception_ptr failure;
  try {
    const KeptHashingMemory memory(kept_bytes);
    result = work();
  } catch (...) {
    failure = std::current_exception();
  }
  done(std::move(failure), std::move(result));
}

void refuse_what_cannot_be_read(const std::vector<Claim>& claims) {
  if (claims.size() > HashingPool::kMaxClaims) {
    throw Error(ErrorCode::kValidationError, "Too many passwords in one batch.",
                {{"claims", "must have at most 10000 items", "max_items"}});
  }
  for (std::size_t index = 0; index < claims.size(); ++index) {
    if (Hasher::can_read(claims[index].phc)) continue;
    throw Error(ErrorCode::kInternal, "A stored password hash cannot be read.",
                {{"claims[" + std::to_string(index) + "].phc", "is not a hash that can be read", "format"}});
  }
}

}  // namespace

HashingPool::HashingPool(Hasher hasher, std::size_t threads, std::size_t queue_limit,
                         std::chrono::milliseconds wait_limit)
    : hasher_(std::move(hasher)),
      executor_({.name = "hashing",
                 .threads = threads,
                 .niceness = kNiceness,
                 .queue_limit = queue_limit,
                 .wait_limit = wait_limit,
                 .when_idle = release_hashing_memory}) {}

void HashingPool::submit_hash(Secret password, Hashed done) {
  const auto request =
      std::make_shared<Request<Hashed>>(Request<Hashed>{std::move(password), std::nullopt, std::move(done)});
  executor_.submit({.run =
                        [this, request] {
                          finish<std::string>(kept_bytes(), request->done,
                                              [&] { return hasher_.hash(request->password.reveal()); });
                        },
                    .refuse = [request](std::exception_ptr why) { request->done(std::move(why), {}); }});
}

void HashingPool::submit_verify(Secret password, std::optional<std::string> phc, Verified done) {
  const auto request =
      std::make_shared<Request<Verified>>(Request<Verified>{std::move(password), std::move(phc), std::move(done)});
  executor_.submit({.run =
                        [this, request] {
                          finish<std::optional<std::string>>(kept_bytes(), request->done, [&] {
                            return verify(hasher_, request->password, request->phc);
                          });
                        },
                    .refuse = [request](std::exception_ptr why) { request->done(std::move(why), std::nullopt); }});
}

void HashingPool::submit_verify_many(std::vector<Claim> claims, VerifiedMany done) {
  refuse_what_cannot_be_read(claims);
  const std::size_t strands = std::min(executor_.threads(), claims.size());
  const auto batch = std::make_shared<VerificationBatch>(std::move(claims), std::move(done));
  for (std::size_t strand = 0; strand < strands; ++strand) {
    try {
      submit_strand(batch);
    } catch (const Error&) {
      if (strand == 0) throw;
      break;  // those that found a place do all of it
    }
  }
  batch->leave();
}

void HashingPool::submit_strand(const std::shared_ptr<VerificationBatch>& batch) {
  batch->enter();
  try {
    executor_.submit({.run = [this, batch] { work(batch); },
                      .refuse =
                          [batch](std::exception_ptr why) {
                            batch->fail(std::move(why));
                            batch->leave();
                          }});
  } catch (const Error&) {
    batch->leave();
    throw;
  }
}

void HashingPool::work(const std::shared_ptr<VerificationBatch>& batch) {
  const auto verify_next = [&] {
    const KeptHashingMemory memory(kept_bytes());
    return batch->verify_next(hasher_);
  };
  while (verify_next()) {
    try {
      submit_strand(batch);
      break;
    } catch (const Error&) {
      if (stopping_) batch->fail(std::current_exception());  // else the queue is full: go on here
    }
  }
  batch->leave();
}

std::vector<bool> HashingPool::verify_many(std::vector<Claim> claims) {
  std::promise<std::vector<bool>> answer;
  submit_verify_many(std::move(claims), [&answer](const std::exception_ptr& failure, std::vector<bool> matches) {
    if (failure) {
      answer.set_exception(failure);
    } else {
      answer.set_value(std::move(matches));
    }
  });
  return answer.get_future().get();
}

std::size_t HashingPool::kept_bytes() const noexcept { return hasher_.parameters().memory_kib * kBytesPerKib; }

void HashingPool::stop() {
  stopping_ = true;
  executor_.stop(std::chrono::milliseconds::zero());
}

HashingPool::~HashingPool() { stop(); }

}  // namespace apiwright::passwords
