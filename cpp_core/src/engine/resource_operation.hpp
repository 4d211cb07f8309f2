#pragma once

#include <utility>

#include "apiwright/engine/query_string.hpp"
#include "apiwright/engine/resource.hpp"

namespace apiwright::engine {

[[nodiscard]] inline Error not_found() { return {ErrorCode::kNotFound, "There is nothing here."}; }

[[nodiscard]] inline Error forbidden() { return {ErrorCode::kForbidden, "You may not do this."}; }

/// What operations on one collection share.
class ResourceOperation : public Operation {
 protected:
  ResourceOperation(const Services& services, const Resource& resource, Target target)
      : Operation(services), resource_(resource), target_(target) {}

  void authorise(const access::Principal&) const override {}

  // Which row is meant; nothing else may be in the URL.
  void read_target(const Call& call, Input& input, validation::Violations& violations) const {
    violations.collect([&] { refuse_parameters(call.query); });
    if (target_ != Target::kPathId) return;
    input.id = Uuid::parse(call.id.value_or(""));
    if (!input.id) violations.add("path.id", "format", "Must be a UUID.");
  }

  [[nodiscard]] Input read_target(const Call& call) const {
    Input input;
    validation::Violations violations;
    read_target(call, input, violations);
    violations.raise_if_any();
    return input;
  }

  [[nodiscard]] Uuid target_id(const Input& input, const access::Principal& principal) const {
    return target_ == Target::kPrincipal ? principal.user : input.id.value_or(Uuid{});
  }

  // The row as it is, when this principal may see it.
  [[nodiscard]] validation::Record row_of(data::Connection& connection, const Input& input,
                                          const access::Principal& principal) const {
    const auto visible = resource_.read.predicate(*resource_.rows.schema(), &principal);
    auto row = resource_.rows.find(connection, target_id(input, principal), visible);
    if (!row) throw not_found();
    return std::move(*row);
  }

  [[nodiscard]] const Resource& resource() const noexcept { return resource_; }
  [[nodiscard]] Target target() const noexcept { return target_; }

 private:
  const Resource& resource_;
  Target target_;
};

}  // namespace apiwright::engine
