#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using data::Connection;
using repositories::ListQuery;
using repositories::Row;

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
    const auto query = parse_list_query(schema, call.query, readable);
    std::string body;
    body.reserve(static_cast<std::size_t>(query.limit) * kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    writer.begin_array();
    const auto total = resource().rows.list(connection, query, resource().read.predicate(schema, principal),
                                            [&](const Row& row) { row.write(writer, readable); });
    writer.end_array();
    write_meta(body, query, total);
    return {json_response(200, std::move(body))};
  }

 private:
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
    std::string body;
    body.reserve(kUsualRow);
    body += "{\"data\":";
    json::Writer writer(body);
    const auto readable = resource().readable.grants(principal);
    const bool found = resource().rows.get(connection, target_id(input, principal),
                                           resource().read.predicate(*resource().rows.schema(), principal),
                                           [&](const Row& row) { row.write(writer, readable); });
    if (!found) throw not_found();
    body += '}';
    return {json_response(200, std::move(body))};
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
