#include "apiwright/passwords/hashing_pool.hpp"

#include <memory>
#include <utility>

#include "apiwright/base/error.hpp"
#include "passwords/hashing_memory.hpp"

namespace apiwright::passwords {
namespace {

// A hash holds a core for milliseconds: whatever else is asked of this process goes first.
constexpr int kNiceness = 10;

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
void finish(const Done& done, const Work& work) {
  Result result{};
  std::exception_ptr failure;
  try {
    const KeptHashingMemory memory;
    result = work();
  } catch (...) {
    failure = std::current_exception();
  }
  done(std::move(failure), std::move(result));
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
                          finish<std::string>(request->done, [&] { return hasher_.hash(request->password.reveal()); });
                        },
                    .refuse = [request](std::exception_ptr why) { request->done(std::move(why), {}); }});
}

void HashingPool::submit_verify(Secret password, std::optional<std::string> phc, Verified done) {
  const auto request =
      std::make_shared<Request<Verified>>(Request<Verified>{std::move(password), std::move(phc), std::move(done)});
  executor_.submit({.run =
                        [this, request] {
                          finish<std::optional<std::string>>(
                              request->done, [&] { return verify(hasher_, request->password, request->phc); });
                        },
                    .refuse = [request](std::exception_ptr why) { request->done(std::move(why), std::nullopt); }});
}

void HashingPool::stop() { executor_.stop(std::chrono::milliseconds::zero()); }

}  // namespace apiwright::passwords
