#include "apiwright/data/database.hpp"

#include <future>
#include <memory>
#include <utility>

#include "data/sqlite_database.hpp"
#include "data/sqlite_location.hpp"

namespace apiwright::data {
namespace {

template <typename Submit>
void wait_for(const std::function<void(Connection&)>& run, Submit submit) {
  // Shared: the thread that fulfils it may still be inside when the one that waits is gone.
  const auto promise = std::make_shared<std::promise<void>>();
  auto end = promise->get_future();
  submit(Work{.run = [&run](Connection& connection) { run(connection); },
              .done =
                  [promise](const std::exception_ptr& failure) {
                    if (failure) {
                      promise->set_exception(failure);
                    } else {
                      promise->set_value();
                    }
                  }});
  end.get();
}

}  // namespace

std::unique_ptr<Database> Database::open(const std::string& url, DatabaseOptions options) {
  return std::make_unique<SqliteDatabase>(parse_sqlite_url(url), options);
}

void Database::read(const std::function<void(Connection&)>& run) {
  wait_for(run, [this](Work work) { submit_read(std::move(work)); });
}

void Database::write(const std::function<void(Connection&)>& run) {
  wait_for(run, [this](Work work) { submit_write(std::move(work)); });
}

}  // namespace apiwright::data
