#include "data/postgresql_session.hpp"

#include <Poco/Exception.h>

#include <chrono>
#include <mutex>
#include <utility>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::data {
namespace {

using Poco::Data::PostgreSQL::SessionHandle;

constexpr std::chrono::seconds kRetryAfter{1};

/// Handles whose connections were lost. Thread-safe.
class LostHandles {
 public:
  std::unique_ptr<SessionHandle> take_or_make() {
    const std::lock_guard lock(mutex_);
    if (handles_.empty()) return std::make_unique<SessionHandle>();
    auto handle = std::move(handles_.back());
    handles_.pop_back();
    return handle;
  }

  void keep(std::unique_ptr<SessionHandle> handle) {
    const std::lock_guard lock(mutex_);
    handles_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<SessionHandle>> handles_;
};

LostHandles& lost_handles() {
  static auto* const handles = new LostHandles;  // outlives every connection
  return *handles;
}

// Poco forgets what the handle had for what it makes, connected or not.
void connect(SessionHandle& handle, const std::string& conninfo) {
  PGconn* const lost = handle;
  try {
    handle.connect(conninfo);
  } catch (...) {
    PQfinish(lost);
    throw;
  }
  PQfinish(lost);
}

// libpq's own words name hosts, users and databases, never a password: they are for the log.
std::string words_of(PGconn* native) {
  const std::string words = native == nullptr ? "no memory" : PQerrorMessage(native);
  return "PostgreSQL: " + words.substr(0, words.find('\n'));
}

}  // namespace

PostgresqlSession::PostgresqlSession(const std::string& conninfo) : handle_(lost_handles().take_or_make()) {
  try {
    connect(*handle_, conninfo);
  } catch (const Poco::Exception&) {
    auto words = words_of(*handle_);
    lost_handles().keep(std::move(handle_));
    throw Error::retry_later(ErrorCode::kUnavailable, "The database cannot be reached.", kRetryAfter)
        .caused_by(std::move(words));
  }
}

PostgresqlSession::~PostgresqlSession() {
  if (!handle_->isConnected()) lost_handles().keep(std::move(handle_));
}

PGconn* PostgresqlSession::native() const noexcept { return *handle_; }

}  // namespace apiwright::data
