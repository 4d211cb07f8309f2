#include "apiwright/tasks/executor.hpp"

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::tasks {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::seconds kRetryAfter{1};
constexpr std::size_t kMaxThreadName = 15;
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24);  // keeps sums with now() in range

Error unavailable() {
  return Error::retry_later(ErrorCode::kUnavailable, "The server is busy. Try again shortly.", kRetryAfter);
}

/// Holds signals back from the threads started in its scope, so that they reach the host's main thread. Faults stay
/// deliverable: they belong to the thread that causes them.
class SignalsHeldBack {
 public:
  SignalsHeldBack() noexcept {
    sigset_t held;
    sigfillset(&held);
    for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS}) sigdelset(&held, fault);
    pthread_sigmask(SIG_SETMASK, &held, &before_);
  }
  ~SignalsHeldBack() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsHeldBack(const SignalsHeldBack&) = delete;
  SignalsHeldBack& operator=(const SignalsHeldBack&) = delete;

 private:
  sigset_t before_{};
};

void name_this_thread(const std::string& name) {
  const std::string cut = name.substr(0, kMaxThreadName);
#ifdef __APPLE__
  pthread_setname_np(cut.c_str());
#else
  pthread_setname_np(pthread_self(), cut.c_str());
#endif
}

// On Linux a nice value belongs to a thread, not to the process. Where it cannot be set, the work is done all the same.
void stand_back([[maybe_unused]] int niceness) {
#ifdef __linux__
  if (niceness > 0) setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), niceness);
#endif
}

}  // namespace

struct Executor::State {
  struct Waiting {
    Job job;
    SteadyClock::time_point since;
  };

  explicit State(ExecutorOptions given) : options(std::move(given)) {
    options.threads = std::max<std::size_t>(options.threads, 1);
    options.wait_limit = std::min(options.wait_limit, kLongest);
  }

  void start_threads();
  void work();
  void settle(const Waiting& taken) const;
  [[nodiscard]] std::deque<Waiting> take_what_is_left(std::chrono::milliseconds grace);

  ExecutorOptions options;
  std::mutex stop_mutex;  ///< held through stop(), so that a second one returns after the first
  mutable std::mutex mutex;
  std::condition_variable changed;  ///< a job came, or stopping
  std::condition_variable emptied;  ///< the queue did, while stopping
  std::deque<Waiting> queue;
  std::vector<std::thread> workers;
  std::size_t running = 0;
  bool stopping = false;
};

void Executor::State::start_threads() {
  const SignalsHeldBack held;
  workers.reserve(options.threads);
  try {
    while (workers.size() < options.threads) workers.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // With some threads the executor works, slower; the next submit tries for the rest.
    if (workers.empty()) throw unavailable();
  }
}

void Executor::State::work() {
  name_this_thread(options.name);
  stand_back(options.niceness);
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return stopping || !queue.empty(); });
    if (queue.empty()) return;
    std::optional<Waiting> taken = std::move(queue.front());
    queue.pop_front();
    if (stopping && queue.empty()) emptied.notify_all();
    ++running;
    lock.unlock();
    settle(*taken);
    taken.reset();  // what the job holds is let go before the next is taken, and outside the lock
    lock.lock();
    if (queue.empty() && options.when_idle) {
      lock.unlock();
      options.when_idle();
      lock.lock();
    }
    --running;
  }
}

void Executor::State::settle(const Waiting& taken) const {
  if (SteadyClock::now() - taken.since > options.wait_limit) {
    taken.job.refuse(std::make_exception_ptr(unavailable()));
  } else {
    taken.job.run();
  }
}

std::deque<Executor::State::Waiting> Executor::State::take_what_is_left(std::chrono::milliseconds grace) {
  std::unique_lock lock(mutex);
  stopping = true;
  changed.notify_all();
  emptied.wait_for(lock, std::min(grace, kLongest), [this] { return queue.empty(); });
  return std::exchange(queue, {});
}

Executor::Executor(ExecutorOptions options) : state_(std::make_unique<State>(std::move(options))) {}

Executor::~Executor() { stop(std::chrono::milliseconds(0)); }

void Executor::submit(Job job) {
  {
    const std::scoped_lock lock(state_->mutex);
    const ExecutorOptions& options = state_->options;
    const std::size_t held = state_->queue.size() + state_->running;
    if (state_->stopping || held >= options.threads + options.queue_limit) throw unavailable();
    if (state_->workers.size() < options.threads) state_->start_threads();
    state_->queue.push_back({std::move(job), SteadyClock::now()});
  }
  state_->changed.notify_one();
}

void Executor::stop(std::chrono::milliseconds grace) {
  const std::scoped_lock one_at_a_time(state_->stop_mutex);
  for (State::Waiting& left : state_->take_what_is_left(grace)) {
    left.job.refuse(std::make_exception_ptr(unavailable()));
  }
  for (std::thread& worker : state_->workers) {
    if (worker.joinable()) worker.join();
  }
}

std::size_t Executor::waiting() const {
  const std::scoped_lock lock(state_->mutex);
  return state_->queue.size();
}

std::size_t Executor::threads() const noexcept { return state_->options.threads; }

}  // namespace apiwright::tasks
