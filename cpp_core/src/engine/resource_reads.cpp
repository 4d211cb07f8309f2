#include <algorithm>
#include <utility>
#include <vector>

#include "apiwright/engine/list_parameters.hpp"
#include "engine/cursor_links.hpp"
#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

using access::FieldGrants;
using access::Predicate;
using access::Principal;
using data::Connection;
using repositories::ListQuery;
using repositories::Row;
using repositories::Step;

constexpr std::size_t kUsualRow = 256;  // bytes of JSON; what is longer grows

class List final : public ResourceOperation {
 public:
  List(const Services& services, const Resource& resource)
      : ResourceOperation(services, resource, Target::kPathId, {resource.list, resource.read}) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] Input read(const Call&) const override { return {}; }
  void authorise(const Principal* principal) const override {
    if (!can_hold(resource().list, principal)) throw refused(principal);
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call& call,
                            Input&) const override {
    const auto& schema = *resource().rows.schema();
    const auto readable = resource().readable.grants(principal);
    const auto asked = parse_list_parameters(schema, call.query, readable);
    const auto shown = asked.fields ? readable.narrowed_to(*asked.fields) : readable;
    const auto visible = resource().read.predicate(schema, principal);
    return {asked.cursor ? walk(connection, asked, visible, shown, call) : page(connection, asked, visible, shown)};
  }

 private:
  [[nodiscard]] Response page(Connection& connection, const ListParameters& asked, const Predicate& visible,
                              const FieldGrants& shown) const {
    std::string body;
    body.reserve(static_cast<std::size_t>(asked.query.limit) * kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    writer.begin_array();
    const auto total =
        resource().rows.list(connection, asked.query, visible, [&](const Row& row) { row.write(writer, shown); });
    writer.end_array();
    write_meta(body, asked.query, total);
    return json_response(200, std::move(body));
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
                              const FieldGrants& shown, const Call& call) const {
    const auto& rows = resource().rows;
    const auto step = asked.cursor->empty() ? Step{} : services().cursors.open(rows, asked.query, *asked.cursor);
    std::vector<std::string> found;
    found.reserve(static_cast<std::size_t>(asked.query.limit));
    const auto walked = rows.walk(connection, asked.query, visible, step, [&](const Row& row) {
      json::Writer writer(found.emplace_back());
      row.write(writer, shown);
    });
    if (step.backward) std::reverse(found.begin(), found.end());
    const CursorLinks links(services().cursors, rows, asked.query, walked);
    auto response = json_response(200, walk_body(found, asked.query.limit, links));
    auto link = links.header(call.exchange->location(resource().path), call.query);
    if (!link.empty()) response.headers.push_back({"link", std::move(link)});
    return response;
  }

  static std::string walk_body(const std::vector<std::string>& rows, std::int64_t limit, const CursorLinks& links) {
    std::string body = "{\"data\":[";
    for (const auto& row : rows) body.append(&row == rows.data() ? "" : ",").append(row);
    body += "],\"meta\":";
    json::Writer writer(body);
    writer.begin_object().member("limit", limit);
    links.write(writer);
    writer.end_object();
    return body + '}';
  }
};

class Get final : public ResourceOperation {
 public:
  Get(const Services& services, const Resource& resource, Target target)
      : ResourceOperation(services, resource, target, {resource.read}) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] Input read(const Call& call) const override { return read_target(call); }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call&,
                            Input& input) const override {
    Response response;
    const auto readable = resource().readable.grants(principal);
    const bool found = resource().rows.get(
        connection, target_id(input, principal), resource().read.predicate(*resource().rows.schema(), principal),
        [&](const Row& row) { response = shown(row, readable, input.preconditions); });
    if (!found) throw not_found();
    return {std::move(response)};
  }

 private:
  [[nodiscard]] Response shown(const Row& row, const access::FieldGrants& readable, const Preconditions& sent) const {
    const auto record = readable.depends_on_row() ? std::optional(row.record()) : std::nullopt;
    auto tag = record ? tags().of(*record, readable) : tags().of(row, readable);
    if (tag && sent.if_none_match && sent.if_none_match->matches(*tag)) return tagged({304, {}, {}}, std::move(tag));
    std::string body;
    body.reserve(kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    if (record) {
      repositories::write_record(writer, *record, readable);
    } else {
      row.write(writer, readable);
    }
    body += '}';
    return tagged(json_response(200, std::move(body)), std::move(tag));
  }
};

}  // namespace

std::unique_ptr<Operation> make_list(const Services& services, const Resource& resource) {
  return std::make_unique<List>(services, resource);
}

std::unique_ptr<Operation> make_get(const Services& services, const Resource& resource, Target target) {
  return std::make_unique<Get>(services, resource, target);
}

}  // namespace apiwright::engine
