#include <stdexcept>
#include <utility>

#include "apiwright/validation/merge_patch.hpp"
#include "engine/resource_operation.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using data::Connection;
using validation::Absent;
using validation::BodyReader;
using validation::Mode;
using validation::Null;
using validation::Record;
using validation::ServerValue;
using validation::Value;
using validation::Violations;

std::string enveloped(const Record& record, const Principal* principal) {
  std::string body = "{\"data\":";
  json::Writer writer(body);
  repositories::write_record(writer, record, principal);
  return body + '}';
}

Response empty_response() { return {204, {}, {}}; }

// A change with a body: POST, PUT, PATCH.
class Write : public ResourceOperation {
 protected:
  Write(const Services& services, const Resource& resource, Mode mode, Target target,
        std::initializer_list<access::Rule> rules)
      : ResourceOperation(services, resource, target, rules),
        reader_(body_reader(resource, mode, target)),
        mode_(mode) {}

  [[nodiscard]] bool writes() const override { return true; }

  void read_body(const Call& call, Input& input, Violations& violations) const {
    violations.collect([&] { call.exchange->refuse_idempotency_key(); });
    if (mode_ == Mode::kPatch) {
      call.exchange->require_media_type({"application/json", "application/merge-patch+json"});
    } else {
      call.exchange->require_media_type({"application/json"});
    }
    violations.collect([&] { input.body = reader_.read(call.body); });
    violations.raise_if_any();
    const auto password = reader_.schema()->find("password");
    if (password && !input.body->at(*password).is_absent()) {
      input.password = input.body->take_secret("password");
    }
  }

  [[nodiscard]] bool may_set_password(const Principal* principal) const override {
    return may_write(reader_.schema()->field(reader_.schema()->index_of("password")), principal);
  }

  // Fields that a role guards, chosen by somebody without it: all of them are named. `before` is the row a change is
  // about.
  void require_field_rights(const Input& input, const Principal* principal, const Record* before) const {
    std::vector<Detail> details;
    const auto& fields = reader_.schema()->fields();
    for (std::size_t index = 0; index < fields.size(); ++index) {
      if (may_write(fields[index], principal) || !is_chosen(input, index, before)) continue;
      details.push_back({fields[index].wire_name(), "You may not set this.", "forbidden"});
    }
    if (details.empty()) return;
    if (principal == nullptr) throw Error(ErrorCode::kUnauthorized, "Sign in to set these fields.", std::move(details));
    throw Error(ErrorCode::kForbidden, "You may not set these fields.", std::move(details));
  }

 private:
  // PATCH: sent at all. PUT: different from what is there. POST: different from what is filled in anyway.
  [[nodiscard]] bool is_chosen(const Input& input, std::size_t index, const Record* before) const {
    const auto& field = reader_.schema()->field(index);
    const auto& value = input.body->at(index);
    if (value.is_absent()) return input.password && field.name() == "password";
    if (mode_ == Mode::kPatch) return true;
    if (before != nullptr) return value != before->at(index);
    return value != field.default_value().value_or(validation::Null{});
  }

  [[nodiscard]] static bool may_write(const validation::Field& field, const Principal* principal) {
    const auto& role = field.writable_role();
    return role.empty() || (principal != nullptr && principal->has_role(role));
  }

  BodyReader reader_;
  Mode mode_;
};

class Create final : public Write {
 public:
  Create(const Services& services, const Resource& resource)
      : Write(services, resource, Mode::kCreate, Target::kPathId, {resource.create}) {
    if (admits_anonymous()) require_creator_may_be_none();
  }

 protected:
  void authorise(const Principal* principal) const override {
    if (!can_hold(resource().create, principal)) throw refused(principal);
  }
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    violations.collect([&] { refuse_parameters(call.query); });
    read_body(call, input, violations);
    return input;
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call& call,
                            Input& input) const override {
    require_field_rights(input, principal, nullptr);
    set_creator(*input.body, principal);
    auto row = resource().rows.insert(connection, std::move(*input.body), services().clock.now());
    if (!resource().create.allows(row, principal)) throw refused(principal);
    auto response = json_response(201, enveloped(row, principal));
    response.headers.push_back(
        {"location", call.exchange->location(resource().path + '/' + row.at("id").as<Uuid>().to_string())});
    return {std::move(response), std::nullopt, std::move(row)};
  }

 private:
  void require_creator_may_be_none() const {
    for (const auto& field : resource().rows.schema()->fields()) {
      if (field.server_value() != ServerValue::kCurrentUser || field.is_nullable() || field.is_optional()) continue;
      throw std::logic_error(resource().path + ": anybody may create, but `" + field.name() +
                             "` is who does: make it nullable, or let only who is signed in create");
    }
  }

  static void set_creator(Record& record, const Principal* principal) {
    const auto& fields = record.schema().fields();
    for (std::size_t index = 0; index < fields.size(); ++index) {
      if (fields[index].server_value() != ServerValue::kCurrentUser) continue;
      record.set(index, principal == nullptr ? Value(Null{}) : Value(principal->user));
    }
  }
};

class Update final : public Write {
 public:
  Update(const Services& services, const Resource& resource, Mode mode, Target target)
      : Write(services, resource, mode, target, {resource.read, rule_of(resource, mode)}),
        rule_(rule_of(resource, mode)) {}

 protected:
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    read_target(call, input, violations);
    read_body(call, input, violations);
    return input;
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call&,
                            Input& input) const override {
    auto before = row_of(connection, input, principal);
    if (!rule_.allows(before, principal)) throw refused(principal);
    require_field_rights(input, principal, &before);
    auto changes = validation::merge_patch(before, *input.body);
    keep_immutable(changes, *input.body, before);
    auto after = resource().rows.update(connection, before, changes, services().clock.now());
    if (!rule_.allows(after, principal)) throw refused(principal);
    if (resource().changed) resource().changed(connection, before, &after, principal);
    auto response = json_response(200, enveloped(after, principal));
    return {std::move(response), std::move(before), std::move(after)};
  }

 private:
  // What is not sent at all stays, in a PUT too.
  static void keep_immutable(Record& changes, const Record& body, const Record& before) {
    std::vector<Detail> details;
    const auto& fields = before.schema().fields();
    for (std::size_t index = 0; index < fields.size(); ++index) {
      if (!fields[index].is_immutable() || changes.at(index).is_absent()) continue;
      if (!body.was_sent(index)) {
        changes.set(index, Absent{});
      } else if (changes.at(index) != before.at(index)) {
        details.push_back({fields[index].wire_name(), "Cannot be changed.", "immutable"});
      }
    }
    if (details.empty()) return;
    throw Error(ErrorCode::kUnprocessable, "These fields keep the value they were created with.", std::move(details));
  }

  static const access::Rule& rule_of(const Resource& resource, Mode mode) {
    return mode == Mode::kPatch ? resource.update : resource.replace;
  }

  const access::Rule rule_;
};

class Remove final : public ResourceOperation {
 public:
  Remove(const Services& services, const Resource& resource, Target target)
      : ResourceOperation(services, resource, target, {resource.read, resource.remove}) {}

 protected:
  [[nodiscard]] bool writes() const override { return true; }
  [[nodiscard]] Input read(const Call& call) const override { return read_target(call); }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call&,
                            Input& input) const override {
    auto row = row_of(connection, input, principal);
    const bool own = target() == Target::kPrincipal;
    if (!own && !resource().remove.allows(row, principal)) throw refused(principal);
    resource().rows.remove(connection, row.at("id").as<Uuid>(), services().clock.now());
    if (resource().changed) resource().changed(connection, row, nullptr, principal);
    return {empty_response(), std::move(row), std::nullopt};
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

std::unique_ptr<Operation> make_create(const Services& services, const Resource& resource) {
  return std::make_unique<Create>(services, resource);
}

std::unique_ptr<Operation> make_update(const Services& services, const Resource& resource, Mode mode, Target target) {
  return std::make_unique<Update>(services, resource, mode, target);
}

std::unique_ptr<Operation> make_remove(const Services& services, const Resource& resource, Target target) {
  return std::make_unique<Remove>(services, resource, target);
}

}  // namespace apiwright::engine
