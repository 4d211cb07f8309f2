#include "apiwright/engine/resource.hpp"

#include <utility>

#include "apiwright/engine/query_string.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using data::Connection;
using repositories::ListQuery;
using repositories::Row;
using validation::BodyReader;
using validation::Mode;
using validation::Record;
using validation::Violations;

Error not_found() { return {ErrorCode::kNotFound, "There is nothing here."}; }

Error forbidden() { return {ErrorCode::kForbidden, "You may not do this."}; }

Uuid read_path_id(const Call& call) {
  const auto id = Uuid::parse(call.id.value_or(""));
  if (!id) {
    throw Error(ErrorCode::kValidationError, "The request is not valid.",
                {{"path.id", "Must be a UUID.", "format"}});
  }
  return *id;
}

std::string enveloped(const Record& record, const Principal& principal) {
  std::string body = "{\"data\":";
  json::Writer writer(body);
  repositories::write_record(writer, record, &principal);
  return body + '}';
}

Response empty_response() { return {204, {}, {}}; }

// What operations on one collection share.
class ResourceOperation : public Operation {
 protected:
  ResourceOperation(const Services& services, const Resource& resource, Target target)
      : Operation(services), resource_(resource), target_(target) {}

  void authorise(const Principal&) const override {}

  [[nodiscard]] Input read_target(const Call& call) const {
    refuse_parameters(call.query);
    Input input;
    if (target_ == Target::kPathId) input.id = read_path_id(call);
    return input;
  }

  [[nodiscard]] Uuid target_id(const Input& input, const Principal& principal) const {
    return target_ == Target::kPrincipal ? principal.user : input.id.value_or(Uuid{});
  }

  // The row as it is, when this principal may see it.
  [[nodiscard]] Record row_of(Connection& connection, const Input& input,
                              const Principal& principal) const {
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

class List final : public ResourceOperation {
 public:
  List(const Services& services, const Resource& resource)
      : ResourceOperation(services, resource, Target::kPathId) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] Input read(const Call&) const override { return {}; }
  void authorise(const Principal& principal) const override {
    if (resource().list.predicate(*resource().rows.schema(), &principal).is_never()) {
      throw forbidden();
    }
  }
  [[nodiscard]] Response run(Connection& connection, const Principal& principal, const Call& call,
                             Input&) const override {
    const auto& schema = *resource().rows.schema();
    const auto query = parse_list_query(schema, call.query, principal);
    std::string body = "{\"data\":";
    json::Writer writer(body);
    writer.begin_array();
    const auto total = resource().rows.list(
        connection, query, resource().read.predicate(schema, &principal),
        [&](const Row& row) { row.write(writer, &principal); });
    writer.end_array();
    write_meta(body, query, total);
    return json_response(200, std::move(body));
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
      : ResourceOperation(services, resource, target) {}

 protected:
  [[nodiscard]] bool writes() const override { return false; }
  [[nodiscard]] Input read(const Call& call) const override { return read_target(call); }
  [[nodiscard]] Response run(Connection& connection, const Principal& principal, const Call&,
                             Input& input) const override {
    std::string body = "{\"data\":";
    json::Writer writer(body);
    const bool found = resource().rows.get(
        connection, target_id(input, principal),
        resource().read.predicate(*resource().rows.schema(), &principal),
        [&](const Row& row) { row.write(writer, &principal); });
    if (!found) throw not_found();
    body += '}';
    return json_response(200, std::move(body));
  }
};

// A change with a body: POST, PUT, PATCH.
class Write : public ResourceOperation {
 protected:
  Write(const Services& services, const Resource& resource, Mode mode, Target target)
      : ResourceOperation(services, resource, target),
        reader_(body_reader(resource, mode, target)),
        mode_(mode) {}

  [[nodiscard]] bool writes() const override { return true; }

  void read_body(const Call& call, Input& input) const {
    call.exchange->refuse_idempotency_key();
    if (mode_ == Mode::kPatch) {
      call.exchange->require_media_type({"application/json", "application/merge-patch+json"});
    } else {
      call.exchange->require_media_type({"application/json"});
    }
    input.body = reader_.read(call.body);
    const auto password = reader_.schema()->find("password");
    if (password && !input.body->at(*password).is_absent()) {
      input.password = input.body->take_secret("password");
    }
  }

  [[nodiscard]] bool may_set_password(const Principal& principal) const override {
    return may_write(reader_.schema()->field(reader_.schema()->index_of("password")), principal);
  }

  // Fields that a role guards, sent by somebody without it: all of them are named.
  void require_field_rights(const Input& input, const Principal& principal) const {
    std::vector<Detail> details;
    const auto& fields = reader_.schema()->fields();
    for (std::size_t index = 0; index < fields.size(); ++index) {
      if (!was_sent(input, index) || may_write(fields[index], principal)) continue;
      details.push_back({fields[index].wire_name(), "You may not set this.", "forbidden"});
    }
    if (!details.empty()) {
      throw Error(ErrorCode::kForbidden, "You may not set these fields.", std::move(details));
    }
  }

 private:
  // A default that was filled in is nobody's wish.
  [[nodiscard]] bool was_sent(const Input& input, std::size_t index) const {
    const auto& field = reader_.schema()->field(index);
    const auto& value = input.body->at(index);
    if (value.is_absent()) return input.password && field.name() == "password";
    return mode_ == Mode::kPatch || !field.default_value() || value != *field.default_value();
  }

  [[nodiscard]] static bool may_write(const validation::Field& field, const Principal& principal) {
    return field.writable_role().empty() || principal.has_role(field.writable_role());
  }

  BodyReader reader_;
  Mode mode_;
};

class Create final : public Write {
 public:
  Create(const Services& services, const Resource& resource)
      : Write(services, resource, Mode::kCreate, Target::kPathId) {}

 protected:
  void authorise(const Principal& principal) const override {
    if (resource().create.predicate(*resource().rows.schema(), &principal).is_never()) {
      throw forbidden();
    }
  }
  [[nodiscard]] Input read(const Call& call) const override {
    refuse_parameters(call.query);
    Input input;
    read_body(call, input);
    return input;
  }
  [[nodiscard]] Response run(Connection& connection, const Principal& principal, const Call& call,
                             Input& input) const override {
    require_field_rights(input, principal);
    const auto row =
        resource().rows.insert(connection, std::move(*input.body), services().clock.now());
    if (!resource().create.allows(row, &principal)) throw forbidden();
    auto response = json_response(201, enveloped(row, principal));
    response.headers.push_back(
        {"location",
         call.exchange->location(resource().path + '/' + row.at("id").as<Uuid>().to_string())});
    return response;
  }
};

class Update final : public Write {
 public:
  Update(const Services& services, const Resource& resource, Mode mode, Target target)
      : Write(services, resource, mode, target),
        rule_(mode == Mode::kPatch ? resource.update : resource.replace) {}

 protected:
  [[nodiscard]] Input read(const Call& call) const override {
    auto input = read_target(call);
    read_body(call, input);
    return input;
  }
  [[nodiscard]] Response run(Connection& connection, const Principal& principal, const Call&,
                             Input& input) const override {
    const auto before = row_of(connection, input, principal);
    if (!rule_.allows(before, &principal)) throw forbidden();
    require_field_rights(input, principal);
    const auto after =
        resource().rows.update(connection, before, *input.body, services().clock.now());
    if (!rule_.allows(after, &principal)) throw forbidden();
    if (resource().changed) resource().changed(connection, before, &after, principal);
    return json_response(200, enveloped(after, principal));
  }

 private:
  const access::Rule rule_;
};

class Remove final : public ResourceOperation {
 public:
  Remove(const Services& services, const Resource& resource, Target target)
      : ResourceOperation(services, resource, target) {}

 protected:
  [[nodiscard]] bool writes() const override { return true; }
  [[nodiscard]] Input read(const Call& call) const override { return read_target(call); }
  [[nodiscard]] Response run(Connection& connection, const Principal& principal, const Call&,
                             Input& input) const override {
    const auto row = row_of(connection, input, principal);
    const bool own = target() == Target::kPrincipal;
    if (!own && !resource().remove.allows(row, &principal)) throw forbidden();
    resource().rows.remove(connection, row.at("id").as<Uuid>(), services().clock.now());
    if (resource().changed) resource().changed(connection, row, nullptr, principal);
    return empty_response();
  }
};

}  // namespace

BodyReader body_reader(const Resource& resource, Mode mode, Target target) {
  const auto& schema = resource.rows.schema();
  if (target == Target::kPathId) return {schema, mode};
  std::vector<std::string_view> open;
  for (const auto& field : schema->fields()) {
    if (field.writable_role().empty() && !field.is_read_only() && !field.is_internal()) {
      open.push_back(field.name());
    }
  }
  return {schema, mode, open};
}

std::unique_ptr<Operation> make_list(const Services& services, const Resource& resource) {
  return std::make_unique<List>(services, resource);
}

std::unique_ptr<Operation> make_get(const Services& services, const Resource& resource,
                                    Target target) {
  return std::make_unique<Get>(services, resource, target);
}

std::unique_ptr<Operation> make_create(const Services& services, const Resource& resource) {
  return std::make_unique<Create>(services, resource);
}

std::unique_ptr<Operation> make_update(const Services& services, const Resource& resource,
                                       Mode mode, Target target) {
  return std::make_unique<Update>(services, resource, mode, target);
}

std::unique_ptr<Operation> make_remove(const Services& services, const Resource& resource,
                                       Target target) {
  return std::make_unique<Remove>(services, resource, target);
}

}  // namespace apiwright::engine
