// The undoing of a soft deletion.

#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using data::Connection;
using validation::Record;
using validation::Violations;

class Restore final : public ResourceOperation {
 public:
  Restore(const Services& services, const Resource& resource)
      : ResourceOperation(services, resource, Target::kPathId, {resource.read, resource.remove}) {
    if (resource.rows.deleted() == nullptr) throw std::logic_error(resource.path + ": nothing is deleted softly");
  }

 protected:
  [[nodiscard]] bool writes() const override { return true; }
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    read_target(call, input, violations);
    const auto route = "POST " + resource().path + '/' + call.id.value_or("") + "/restore";
    violations.collect([&] { input.idempotent = idempotent(call, route); });
    if (!call.body.empty()) violations.add("", "unknown", "Takes no body.");
    violations.raise_if_any();
    return input;
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call&,
                            Input& input) const override {
    const auto deleted = deleted_row(connection, input, principal);
    auto before = deleted ? *deleted : row_of(connection, input, principal);
    if (!resource().remove.allows(before, principal)) throw refused(principal);
    const auto readable = resource().readable.grants(principal);
    require_preconditions(input.preconditions, before, readable);
    auto after = deleted ? restored(connection, before, principal) : before;
    auto response = changed_to(after, readable);
    return {std::move(response), std::move(before), std::move(after)};
  }

 private:
  // To who may not restore it, nothing is there, as for GET.
  [[nodiscard]] std::optional<Record> deleted_row(Connection& connection, const Input& input,
                                                  const Principal* principal) const {
    const auto visible = resource().read.predicate(*resource().rows.schema(), principal);
    auto row = resource().rows.find_deleted(connection, target_id(input, principal), visible);
    if (row && !resource().remove.allows(*row, principal)) throw not_found();
    return row;
  }

  [[nodiscard]] Record restored(Connection& connection, const Record& deleted, const Principal* principal) const {
    auto row = resource().rows.restore(connection, deleted, services().clock.now());
    if (resource().changed) resource().changed(connection, deleted, &row, principal);
    return row;
  }
};

}  // namespace

std::unique_ptr<Operation> make_restore(const Services& services, const Resource& resource) {
  return std::make_unique<Restore>(services, resource);
}

}  // namespace apiwright::engine
