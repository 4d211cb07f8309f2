#include "apiwright/data/runner.hpp"

#include <utility>

#include "data/waiting.hpp"

namespace apiwright::data {

void Runner::read(const std::function<void(Connection&)>& run) {
  wait_for([&](auto done) { submit_read({[&run](Connection& connection) { run(connection); }, std::move(done)}); });
}

void Runner::write(const std::function<void(Connection&)>& run) {
  wait_for([&](auto done) { submit_write({[&run](Connection& connection) { run(connection); }, std::move(done)}); });
}

}  // namespace apiwright::data
