#include "apiwright/tasks/completion_queue.hpp"

#include <fcntl.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/eventfd.h>
#endif

#include <algorithm>
#include <array>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::tasks {
namespace {

struct Ends {
  int read;
  int write;
};

[[noreturn]] void fail() { throw Error(ErrorCode::kInternal, "The system has no descriptor left."); }

#ifdef __linux__

Ends open_ends() {
  const int descriptor = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (descriptor < 0) fail();
  return {descriptor, descriptor};
}

#else

void make_quiet_and_private(int descriptor) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

Ends open_ends() {
  std::array<int, 2> pair{};
  if (pipe(pair.data()) != 0) fail();
  make_quiet_and_private(pair[0]);
  make_quiet_and_private(pair[1]);
  return {pair[0], pair[1]};
}

#endif

thread_local WakeUpOnce* innermost = nullptr;

}  // namespace

WakeUpOnce::WakeUpOnce() noexcept : outer_(std::exchange(innermost, this)) {}

WakeUpOnce::~WakeUpOnce() {
  innermost = outer_;
  for (const auto& queue : queues_) queue->signal();
}

bool WakeUpOnce::remember(CompletionQueue& queue) {
  const auto known = [&](const auto& other) { return other.get() == &queue; };
  if (std::any_of(queues_.begin(), queues_.end(), known)) return true;
  auto held = queue.weak_from_this().lock();
  if (!held) return false;
  queues_.push_back(std::move(held));
  return true;
}

CompletionQueue::CompletionQueue() {
  const Ends ends = open_ends();
  read_end_ = ends.read;
  write_end_ = ends.write;
}

CompletionQueue::~CompletionQueue() {
  close();
  ::close(read_end_);
  if (write_end_ != read_end_) ::close(write_end_);
}

// The signal comes after the lock is given back: a pusher that stands back (a niced thread) could lose its core in
// between, and the loop it has woken would wait for it. So every push signals, and a drain may find nothing.
void CompletionQueue::push(std::unique_ptr<Completion> completion) {
  {
    const std::scoped_lock lock(mutex_);
    if (closed_) return;
    waiting_.push_back(std::move(completion));
  }
  if (innermost == nullptr || !innermost->remember(*this)) signal();
}

std::vector<std::unique_ptr<Completion>> CompletionQueue::drain() {
  quiet();  // first: what is pushed from here on signals anew
  const std::scoped_lock lock(mutex_);
  return std::exchange(waiting_, {});
}

void CompletionQueue::close() {
  // Destroyed after the lock is released: a completion's destructor is the host's code.
  std::vector<std::unique_ptr<Completion>> dropped;
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  dropped.swap(waiting_);
}

// Both ignore the result: the descriptor is non-blocking, and a full or an empty one is what was wanted.
void CompletionQueue::signal() const noexcept {
  const std::uint64_t one = 1;  // an eventfd takes exactly eight bytes
  [[maybe_unused]] const auto written = ::write(write_end_, &one, sizeof one);
}

void CompletionQueue::quiet() const noexcept {
  std::array<std::uint64_t, 64> taken{};  // an eventfd gives one number, a pipe all that was written
  [[maybe_unused]] const auto bytes = ::read(read_end_, taken.data(), sizeof taken);
}

}  // namespace apiwright::tasks
