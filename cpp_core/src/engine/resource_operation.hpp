#pragma once

#include <utility>

#include "apiwright/engine/query_string.hpp"
#include "apiwright/engine/resource.hpp"
#include "apiwright/engine/row_tags.hpp"

namespace apiwright::engine {

[[nodiscard]] inline Error not_found() { return {ErrorCode::kNotFound, "There is nothing here."}; }

/// What a rule's refusal is for this principal.
[[nodiscard]] inline Error refused(const access::Principal* principal) {
  if (principal == nullptr) return {ErrorCode::kUnauthorized, "Sign in first: send an access token as Bearer."};
  return {ErrorCode::kForbidden, "You may not do this."};
}

/// What operations on one collection share.
class ResourceOperation : public Operation {
 protected:
  /// `rules`: those that an answer has to satisfy.
  ResourceOperation(const Services& services, const Resource& resource, Target target,
                    std::initializer_list<access::Rule> rules)
      : Operation(services),
        resource_(resource),
        tags_(resource.rows.schema()),
        target_(target),
        admits_anonymous_(target == Target::kPathId) {
    for (const auto& rule : rules) admits_anonymous_ = admits_anonymous_ && can_hold(rule, nullptr);
  }

  [[nodiscard]] bool admits_anonymous() const override { return admits_anonymous_; }
  void authorise(const access::Principal*) const override {}

  [[nodiscard]] bool can_hold(const access::Rule& rule, const access::Principal* principal) const {
    return !rule.predicate(*resource_.rows.schema(), principal).is_never();
  }

  // Which row is meant, and in which state; nothing else may be in the URL.
  void read_target(const Call& call, Input& input, validation::Violations& violations) const {
    violations.collect([&] { refuse_parameters(call.query); });
    read_row(call, input, violations);
  }

  void read_row(const Call& call, Input& input, validation::Violations& violations) const {
    input.preconditions = parse_preconditions(call.conditional(), violations);
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

  [[nodiscard]] Uuid target_id(const Input& input, const access::Principal* principal) const {
    return target_ == Target::kPrincipal ? principal->user : input.id.value_or(Uuid{});
  }

  // The row as it is, when this principal may see it.
  [[nodiscard]] validation::Record row_of(data::Connection& connection, const Input& input,
                                          const access::Principal* principal) const {
    const auto visible = resource_.read.predicate(*resource_.rows.schema(), principal);
    auto row = resource_.rows.find(connection, target_id(input, principal), visible);
    if (!row) throw not_found();
    return std::move(*row);
  }

  // Asked of who may see and change the row: to others it tells nothing.
  void require_preconditions(const Preconditions& sent, const validation::Record& row,
                             const access::FieldGrants& readable) const {
    if (resource_.require_if_match && !sent.if_match) {
      throw Error(ErrorCode::kPreconditionRequired, "Say which version this changes: send its ETag as If-Match.");
    }
    const bool stale = sent.if_match && !sent.if_match->matches_version(tags_.version(row));
    const bool unwanted = sent.if_none_match && sent.if_none_match->matches(tags_.of(row, readable).value_or(""));
    if (stale || unwanted) {
      throw Error(ErrorCode::kPreconditionFailed, "This is not in the state that the request names: get it again.");
    }
  }

  [[nodiscard]] static Response tagged(Response response, std::optional<std::string> tag) {
    if (tag) response.headers.push_back({"etag", std::move(*tag)});
    return response;
  }

  [[nodiscard]] static std::string enveloped(const validation::Record& row, const access::FieldGrants& readable) {
    std::string body = "{\"data\":";
    json::Writer writer(body);
    repositories::write_record(writer, row, readable);
    return body + '}';
  }

  // An answer with the row as a change left it.
  [[nodiscard]] Response changed_to(const validation::Record& row, const access::FieldGrants& readable) const {
    return tagged(json_response(200, enveloped(row, readable)), tags_.of(row, readable));
  }

  [[nodiscard]] const RowTags& tags() const noexcept { return tags_; }
  [[nodiscard]] const Resource& resource() const noexcept { return resource_; }
  [[nodiscard]] Target target() const noexcept { return target_; }

 private:
  const Resource& resource_;
  const RowTags tags_;
  Target target_;
  bool admits_anonymous_;
};

}  // namespace apiwright::engine
