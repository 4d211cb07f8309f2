#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "apiwright/engine/list_parameters.hpp"
#include "apiwright/repositories/roles.hpp"
#include "engine/cursor_links.hpp"
#include "engine/included_rows.hpp"
#include "engine/parent_row.hpp"
#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

using access::FieldGrants;
using access::Predicate;
using access::Principal;
using data::Connection;
using repositories::ListQuery;
using repositories::Repository;
using repositories::Row;
using repositories::Step;
using validation::Violations;

constexpr std::size_t kUsualRow = 256;  // bytes of JSON; what is longer grows

// Whether a query may ask for what takes several statements; one with escapes may.
bool may_take_several(std::string_view query) {
  return query.find_first_of("%+") != std::string_view::npos || query.find("include") != std::string_view::npos ||
         query.find("cursor") != std::string_view::npos;
}

class List final : public ResourceOperation {
 public:
  List(const Services& services, const Resource& resource, std::optional<ParentRow> parent)
      : ResourceOperation(services, resource, Target::kPathId, {resource.list, resource.read}),
        parent_(std::move(parent)) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] data::Reading reading(const Call& call) const override {
    return parent_ || may_take_several(call.query) ? data::Reading::kOneMoment : data::Reading::kEachMoment;
  }
  [[nodiscard]] bool admits_anonymous() const override {
    return ResourceOperation::admits_anonymous() && (!parent_ || parent_->admits_anonymous());
  }
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    if (parent_) input.id = ParentRow::id_in(call);
    return input;
  }
  void authorise(const Principal* principal) const override {
    if (!can_hold(resource().list, principal)) throw refused(principal);
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call& call,
                            Input& input) const override {
    const auto& schema = *resource().rows.schema();
    const auto readable = resource().readable.grants(principal);
    auto asked =
        parse_list_parameters(schema, call.query, readable, resource().relations, principal, of_deleted(principal));
    if (parent_) {
      parent_->require_visible(connection, *input.id, principal);
      asked.query.filters.push_back({.field = parent_->reference(), .value = *input.id});
    }
    const auto shown = asked.fields ? readable.narrowed_to(*asked.fields) : readable;
    const auto visible = resource().read.predicate(schema, principal);
    IncludedRows rows(asked.include, readable, shown);
    if (asked.cursor) {
      const auto path = call.exchange->location(parent_ ? parent_->path(*input.id) : resource().path);
      return {walk(connection, asked, visible, std::move(rows), path, call.query)};
    }
    return {asked.include.empty() ? page(connection, asked, visible, shown)
                                  : page_including(connection, asked, visible, std::move(rows))};
  }

 private:
  // Admins may ask for the deleted rows, of which the rule shows them as much as of the others.
  [[nodiscard]] const validation::Schema* of_deleted(const Principal* principal) const {
    const auto* deleted = resource().rows.deleted();
    const bool may_ask = principal != nullptr && principal->has_role(repositories::kAdminRole);
    return deleted != nullptr && may_ask ? deleted->schema().get() : nullptr;
  }
  [[nodiscard]] const Repository& rows_of(const ListParameters& asked) const {
    return asked.deleted ? *resource().rows.deleted() : resource().rows;
  }

  [[nodiscard]] Response page(Connection& connection, const ListParameters& asked, const Predicate& visible,
                              const FieldGrants& shown) const {
    std::string body;
    body.reserve(static_cast<std::size_t>(asked.query.limit) * kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    writer.begin_array();
    const auto total =
        rows_of(asked).list(connection, asked.query, visible, [&](const Row& row) { row.write(writer, shown); });
    writer.end_array();
    write_meta(body, asked.query, total);
    return json_response(200, std::move(body));
  }

  [[nodiscard]] Response page_including(Connection& connection, const ListParameters& asked, const Predicate& visible,
                                        IncludedRows rows) const {
    const auto total = rows_of(asked).list(connection, asked.query, visible, [&](const Row& row) { rows.add(row); });
    auto body = data_array(std::move(rows).take(connection));
    write_meta(body, asked.query, total);
    return json_response(200, std::move(body));
  }

  static std::string data_array(const std::vector<std::string>& rows) {
    constexpr std::size_t kAround = 1024;  // the rest of a usual answer
    std::size_t size = kAround;
    for (const auto& row : rows) size += row.size() + 1;
    std::string body = "{\"data\":[";
    body.reserve(size);
    for (const auto& row : rows) body.append(&row == rows.data() ? "" : ",").append(row);
    body += ']';
    return body;
  }

  static void write_meta(std::string& body, const ListQuery& query, std::int64_t total) {
    body += ",\"meta\":";
    json::Writer writer(body);
    writer.begin_object()
        .member("page", query.page)
        .member("limit", query.limit)
        .member("total", total)
        .member("totalPages", (total + query.limit - 1) / query.limit)
        .end_object();
    body += '}';
  }

  [[nodiscard]] Response walk(Connection& connection, const ListParameters& asked, const Predicate& visible,
                              IncludedRows included, const std::string& path, const std::string& asked_for) const {
    const auto& rows = rows_of(asked);
    const auto step = asked.cursor->empty() ? Step{} : services().cursors.open(rows, asked.query, *asked.cursor);
    const auto walked = rows.walk(connection, asked.query, visible, step, [&](const Row& row) { included.add(row); });
    auto found = std::move(included).take(connection);
    if (step.backward) std::reverse(found.begin(), found.end());
    const CursorLinks links(services().cursors, rows, asked.query, walked);
    auto response = json_response(200, walk_body(found, asked.query.limit, links));
    auto link = links.header(path, asked_for);
    if (!link.empty()) response.headers.push_back({"link", std::move(link)});
    return response;
  }

  static std::string walk_body(const std::vector<std::string>& rows, std::int64_t limit, const CursorLinks& links) {
    auto body = data_array(rows) + ",\"meta\":";
    json::Writer writer(body);
    writer.begin_object().member("limit", limit);
    links.write(writer);
    writer.end_object();
    return body + '}';
  }

  const std::optional<ParentRow> parent_;
};

class Get final : public ResourceOperation {
 public:
  Get(const Services& services, const Resource& resource, Target target)
      : ResourceOperation(services, resource, target, {resource.read}) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] data::Reading reading(const Call& call) const override {
    return may_take_several(call.query) ? data::Reading::kOneMoment : data::Reading::kBrief;
  }
  void foresee(Connection& connection, const Input& input) const override {
    if (input.id) resource().rows.foresee(connection, *input.id);
  }
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    violations.collect([&] {
      if (resource().relations.empty()) {
        refuse_parameters_but(call.query, {"fields"});
      } else {
        refuse_parameters_but(call.query, {"fields", "include"});
      }
    });
    read_row(call, input, violations);
    violations.raise_if_any();
    return input;
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call& call,
                            Input& input) const override {
    const auto readable = resource().readable.grants(principal);
    const auto asked = parameters(call, principal, readable);
    const auto shown = asked.fields ? readable.narrowed_to(*asked.fields) : readable;
    if (!asked.include.empty()) {
      return {including(connection, principal, input, IncludedRows(asked.include, readable, shown), shown)};
    }
    Response response;
    get(connection, principal, input, [&](const Row& row) { response = alone(row, shown, input.preconditions); });
    return {std::move(response)};
  }

 private:
  void get(Connection& connection, const Principal* principal, const Input& input,
           const Repository::Visitor& visit) const {
    const auto visible = resource().read.predicate(*resource().rows.schema(), principal);
    if (!resource().rows.get(connection, target_id(input, principal), visible, visit)) throw not_found();
  }

  [[nodiscard]] RowParameters parameters(const Call& call, const Principal* principal,
                                         const FieldGrants& readable) const {
    if (call.query.empty()) return {};
    return parse_row_parameters(*resource().rows.schema(), call.query, readable, resource().relations, principal);
  }

  [[nodiscard]] Response including(Connection& connection, const Principal* principal, const Input& input,
                                   IncludedRows rows, const FieldGrants& shown) const {
    std::optional<std::string> tag;
    get(connection, principal, input, [&](const Row& row) {
      tag = tags().of(row, shown);
      rows.add(row);
    });
    auto body = "{\"data\":" + std::move(rows).take(connection).front() + '}';
    if (tag) tag = RowTags::of_body(*tag, body);
    const auto& known = input.preconditions.if_none_match;
    if (tag && known && known->matches(*tag)) return tagged({304, {}, {}}, std::move(tag));
    return tagged(json_response(200, std::move(body)), std::move(tag));
  }

  [[nodiscard]] Response alone(const Row& row, const FieldGrants& shown, const Preconditions& sent) const {
    const auto record = shown.depends_on_row() ? std::optional(row.record()) : std::nullopt;
    auto tag = record ? tags().of(*record, shown) : tags().of(row, shown);
    if (tag && sent.if_none_match && sent.if_none_match->matches(*tag)) return tagged({304, {}, {}}, std::move(tag));
    std::string body;
    body.reserve(kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    if (record) {
      repositories::write_record(writer, *record, shown);
    } else {
      row.write(writer, shown);
    }
    body += '}';
    return tagged(json_response(200, std::move(body)), std::move(tag));
  }
};

}  // namespace

std::unique_ptr<Operation> make_list(const Services& services, const Resource& resource) {
  return std::make_unique<List>(services, resource, std::nullopt);
}

std::unique_ptr<Operation> make_nested_list(const Services& services, const Resource& resource) {
  return std::make_unique<List>(services, resource, ParentRow(resource));
}

std::unique_ptr<Operation> make_get(const Services& services, const Resource& resource, Target target) {
  return std::make_unique<Get>(services, resource, target);
}

}  // namespace apiwright::engine
