#include <optional>
#include <stdexcept>
#include <utility>

#include "engine/parent_row.hpp"
#include "engine/resource_operation.hpp"
#include "engine/written_fields.hpp"

namespace apiwright::engine {
namespace {

using access::Principal;
using data::Connection;
using validation::BodyReader;
using validation::Mode;
using validation::Null;
using validation::Record;
using validation::ServerValue;
using validation::Value;
using validation::Violations;

Response empty_response() { return {204, {}, {}}; }

// The field whose value is hashed into `password_hash`, if the schema has such.
std::optional<std::size_t> password_field(const validation::Schema& schema) {
  const auto field = schema.find("password");
  const bool is_hashed = field && schema.field(*field).is_transient() && schema.find("password_hash");
  return is_hashed ? field : std::nullopt;
}

// Where the path says to which row a new one refers, its body does not.
BodyReader create_reader(const Resource& resource, const std::optional<ParentRow>& parent) {
  auto reader = body_reader(resource, Mode::kCreate, Target::kPathId);
  if (!parent) return reader;
  std::vector<std::string_view> others;
  for (std::size_t index = 0; index < reader.schema()->fields().size(); ++index) {
    if (index != parent->reference() && reader.accepts(index)) others.push_back(reader.schema()->field(index).name());
  }
  return {reader.schema(), Mode::kCreate, others};
}

// A change with a body: POST, PUT, PATCH.
class Write : public ResourceOperation {
 protected:
  Write(const Services& services, const Resource& resource, BodyReader reader, Target target,
        std::initializer_list<access::Rule> rules)
      : ResourceOperation(services, resource, target, rules),
        reader_(std::move(reader)),
        password_(password_field(*reader_.schema())) {}

  [[nodiscard]] bool writes() const override { return true; }

  void read_body(const Call& call, Input& input, Violations& violations) const {
    if (mode() == Mode::kPatch) {
      call.exchange->require_media_type({"application/json", "application/merge-patch+json"});
    } else {
      call.exchange->require_media_type({"application/json"});
    }
    violations.collect([&] { input.body = reader_.read(call.body); });
    violations.raise_if_any();
    if (password_ && !input.body->at(*password_).is_absent()) {
      input.password = input.body->take_secret("password");
    }
  }

  [[nodiscard]] bool may_set_password(const Principal* principal) const override {
    return password_ && !resource().writable.grants(principal).never(*password_);
  }

  // Asked after the fields' own rules: whoever was allowed only since the question whether to hash comes too late.
  static void require_hashed(const Input& input, const Record& record, const Principal* principal) {
    if (!input.password) return;
    const auto& hash = record.at("password_hash");
    if (hash.is_absent() || hash.is_null()) throw refused(principal);
  }

  [[nodiscard]] CallerGrants grants(const Principal* principal) const {
    return {resource().readable.grants(principal), resource().writable.grants(principal)};
  }
  [[nodiscard]] std::optional<std::size_t> sent_password(const Input& input) const {
    return input.password ? password_ : std::nullopt;
  }
  [[nodiscard]] Mode mode() const noexcept { return reader_.mode(); }

 private:
  BodyReader reader_;
  std::optional<std::size_t> password_;
};

class Create final : public Write {
 public:
  Create(const Services& services, const Resource& resource, std::optional<ParentRow> parent)
      : Write(services, resource, create_reader(resource, parent), Target::kPathId, {resource.create}),
        parent_(std::move(parent)) {
    if (admits_anonymous()) require_creator_may_be_none();
  }

 protected:
  [[nodiscard]] bool admits_anonymous() const override {
    return ResourceOperation::admits_anonymous() && (!parent_ || parent_->admits_anonymous());
  }
  void authorise(const Principal* principal) const override {
    if (!can_hold(resource().create, principal)) throw refused(principal);
  }
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    violations.collect([&] { refuse_parameters(call.query); });
    if (parent_) violations.collect([&] { input.id = ParentRow::id_in(call); });
    const auto path = input.id ? parent_->path(*input.id) : resource().path;
    violations.collect([&] { input.idempotent = idempotent(call, "POST " + path); });
    read_body(call, input, violations);
    return input;
  }
  // A row is judged before it is stored: a constraint tells nothing to who may not create it.
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call& call,
                            Input& input) const override {
    const auto granted = grants(principal);
    if (parent_) parent_->require_visible(connection, *input.id, principal);
    set_creator(*input.body, principal);
    if (parent_) input.body->set(parent_->reference(), *input.id);
    auto row = resource().rows.new_row(std::move(*input.body), services().clock.now());
    if (!resource().create.allows(row, principal)) throw refused(principal);
    require_writable(chosen_fields(row, sent_password(input), granted), row, granted.writable, principal);
    require_hashed(input, row, principal);
    require_beginnings(row);
    store(connection, call, row);
    auto response = made(row, granted.readable, principal);
    response.headers.push_back(
        {"location", call.exchange->location(resource().path + '/' + row.at("id").as<Uuid>().to_string())});
    return {std::move(response), std::nullopt, std::move(row)};
  }

 private:
  // What refuses a part of a batch is told with the part.
  void store(Connection& connection, const Call& call, const Record& row) const {
    if (call.part) {
      resource().rows.insert_row(connection, row);
    } else {
      resource().rows.insert_last_row(connection, row);
    }
  }

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

  // The new row, and the parts that came with it as `include` would show them.
  [[nodiscard]] Response made(const Record& row, const access::FieldGrants& readable,
                              const Principal* principal) const {
    auto body = enveloped(row, readable);
    body.resize(body.size() - 2);
    json::Writer writer(body);
    for (const auto& relation : resource().relations) {
      const auto field = relation.to_many ? row.schema().find_wire(relation.name) : std::nullopt;
      if (!field || row.at(*field).is_absent()) continue;
      body += ',';
      writer.key(relation.name);
      write_parts(writer, row.at(*field).as<validation::Array>(), relation.target->readable.grants(principal));
    }
    return tagged(json_response(201, body + "}}"), tags().of(row, readable));
  }

  static void write_parts(json::Writer& writer, const validation::Array& parts, const access::FieldGrants& readable) {
    writer.begin_array();
    for (const auto& part : parts) {
      repositories::write_record(writer, *part.as<validation::Object>().record, readable);
    }
    writer.end_array();
  }

  const std::optional<ParentRow> parent_;
};

class Update final : public Write {
 public:
  Update(const Services& services, const Resource& resource, Mode mode, Target target)
      : Write(services, resource, body_reader(resource, mode, target), target,
              {resource.read, rule_of(resource, mode)}),
        rule_(rule_of(resource, mode)) {}

 protected:
  [[nodiscard]] Input read(const Call& call) const override {
    Input input;
    Violations violations;
    read_target(call, input, violations);
    if (!call.part) violations.collect([&] { call.exchange->refuse_idempotency_key(); });
    read_body(call, input, violations);
    return input;
  }
  [[nodiscard]] Outcome run(Connection& connection, const Principal* principal, const Call&,
                            Input& input) const override {
    const auto granted = grants(principal);
    auto before = row_of(connection, input, principal);
    auto after = changed(before, principal, granted, input);
    resource().rows.update_row(connection, before, after);
    if (resource().changed) resource().changed(connection, before, &after, principal);
    auto response = changed_to(after, granted.readable);
    return {std::move(response), std::move(before), std::move(after)};
  }

 private:
  static const access::Rule& rule_of(const Resource& resource, Mode mode) {
    return mode == Mode::kPatch ? resource.update : resource.replace;
  }

  // The row that the change leads to, when all of it is allowed. What is stored is not looked into for a field before
  // its sender may set it.
  [[nodiscard]] Record changed(const Record& before, const Principal* principal, const CallerGrants& granted,
                               Input& input) const {
    if (!rule_.allows(before, principal)) throw refused(principal);
    require_preconditions(input.preconditions, before, granted.readable);
    auto& body = *input.body;
    keep_left_out(body);
    const auto chosen = chosen_fields(body, before, mode(), sent_password(input), granted);
    require_writable(chosen, before, granted.writable, principal);
    require_hashed(input, body, principal);
    refuse_unseen(body, before, granted.readable);
    auto after = resource().rows.changed_row(before, body, services().clock.now());
    require_unchanged(body, before, after);
    require_steps(resource().transitions, before, after, principal);
    if (!rule_.allows(after, principal)) throw refused(principal);
    require_writable(chosen, after, granted.writable, principal);
    return after;
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
    require_preconditions(input.preconditions, row, resource().readable.grants(principal));
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
  for (std::size_t index = 0; index < schema->fields().size(); ++index) {
    const auto& field = schema->field(index);
    if (!resource.writable.guard(index) && !field.is_read_only() && !field.is_internal()) open.push_back(field.name());
  }
  return {schema, mode, open};
}

std::unique_ptr<Operation> make_create(const Services& services, const Resource& resource) {
  return std::make_unique<Create>(services, resource, std::nullopt);
}

std::unique_ptr<Operation> make_nested_create(const Services& services, const Resource& resource) {
  return std::make_unique<Create>(services, resource, ParentRow(resource));
}

std::unique_ptr<Operation> make_update(const Services& services, const Resource& resource, Mode mode, Target target) {
  return std::make_unique<Update>(services, resource, mode, target);
}

std::unique_ptr<Operation> make_remove(const Services& services, const Resource& resource, Target target) {
  return std::make_unique<Remove>(services, resource, target);
}

}  // namespace apiwright::engine
