#include "apiwright/engine/batch.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "apiwright/engine/query_string.hpp"
#include "apiwright/json/writer.hpp"
#include "apiwright/validation/value_json.hpp"
#include "apiwright/validation/violations.hpp"

namespace apiwright::engine {
namespace {

using validation::Field;
using validation::Record;
using validation::Schema;
using validation::SchemaPtr;
using validation::Violations;

constexpr std::int64_t kLongestPath = 2048;

SchemaPtr make_schema() {
  const auto operation = Schema::make(
      "BatchOperation", "",
      {Field::enumeration("method", {"POST", "PUT", "PATCH", "DELETE"}),
       Field::string("path").length(1, kLongestPath).describe("Of one row or collection, without a query."),
       Field::json("body").optional().describe("As the operation takes it by itself."),
       Field::string("if_match").optional().describe("As its header If-Match.")});
  const auto most = static_cast<std::int64_t>(Batch::kMaxOperations);
  return Schema::make("Batch", "", {Field::array("operations", Field::object("operation", operation)).items(1, most)});
}

std::string place_of(std::size_t position) { return "operations[" + std::to_string(position) + "]"; }

// `email` → `operations[2].body.email`; what is wrong with the path or a header is named where it stands.
std::string moved(const std::string& field, const std::string& place) {
  if (field == "path.id") return place + ".path";
  if (field == "header.If-Match") return place + ".ifMatch";
  return place + ".body" + (field.empty() || field.starts_with('[') ? "" : ".") + field;
}

[[noreturn]] void refuse(const char* field, const char* why) {
  throw Error(ErrorCode::kValidationError, "The input is not valid.", {{field, why, "unknown"}});
}

std::string code_of(const Error& error) {
  std::string code(name_of(error.code()));
  std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return std::tolower(c); });
  return code;
}

// The same error, told of one of several operations.
Error of_part(const Error& error, std::size_t position) {
  const auto place = place_of(position);
  auto details = error.details();
  for (auto& detail : details) detail.field = moved(detail.field, place);
  if (details.empty()) details.push_back({place, error.message(), code_of(error)});
  Error moved_error(error.code(), error.message(), std::move(details));
  if (const auto seconds = error.retry_after()) moved_error = std::move(moved_error).retried_after(*seconds);
  return std::move(moved_error).caused_by(error.cause());
}

void write_headers(json::Writer& writer, const Response& response) {
  writer.key("headers").begin_object();
  for (const auto& [name, value] : response.headers) {
    if (name != "content-type") writer.member(name, value);
  }
  writer.end_object();
}

void write_part(json::Writer& writer, const Response& response) {
  writer.begin_object().member("status", std::int64_t{response.status});
  write_headers(writer, response);
  writer.key("body");
  if (response.body.empty()) {
    writer.null();
  } else {
    writer.raw(response.body);
  }
  writer.end_object();
}

}  // namespace

struct Batch::Part {
  std::size_t position = 0;
  const Operation* operation = nullptr;
  Call call;
  Input input;

  // What goes wrong in it is told as its own.
  template <typename Step>
  void attempt(const Step& step) const {
    try {
      step();
    } catch (const Error& error) {
      throw of_part(error, position);
    }
  }
};

const SchemaPtr& Batch::schema() {
  static const auto made = make_schema();
  return made;
}

Batch::Batch(const Services& services, Router parts)
    : Operation(services), parts_(std::move(parts)), reader_(schema(), validation::Mode::kCreate) {}

Operation::Input Batch::read(const Call& call) const {
  Input input;
  Violations violations;
  violations.collect([&] { refuse_parameters(call.query); });
  violations.collect([&] { input.idempotent = idempotent(call, "POST /api/v1/batch"); });
  call.exchange->require_media_type({"application/json"});
  violations.collect([&] { input.body = reader_.read(call.body); });
  violations.raise_if_any();
  return input;
}

Outcome Batch::run(data::Connection& connection, const access::Principal* principal, const Call& call,
                   Input& input) const {
  auto parts = parts_of(principal, call, *input.body);
  std::string body = "{\"data\":";
  json::Writer writer(body);
  writer.begin_array();
  for (auto& part : parts) {
    part.attempt(
        [&] { write_part(writer, part.operation->run(connection, principal, part.call, part.input).response); });
  }
  writer.end_array();
  return {json_response(200, body + '}')};
}

// All that is wrong with any of them is told at once, to a caller who may ask for each.
std::vector<Batch::Part> Batch::parts_of(const access::Principal* principal, const Call& call,
                                         const Record& body) const {
  const auto& asked = body.at("operations").as<validation::Array>();
  std::vector<Part> parts(asked.size());
  Violations violations;
  for (std::size_t position = 0; position < asked.size(); ++position) {
    auto& part = parts[position];
    part.position = position;
    part.call.exchange = call.exchange;
    part.call.part.emplace();
    violations.collect([&] {
      part.attempt([&] {
        find_part(*asked[position].as<validation::Object>().record, part);
        part.operation->authorise(principal);
        part.input = part.operation->read(part.call);
        if (part.input.password) refuse("password", "A batch hashes no password: send this by itself.");
      });
    });
  }
  violations.raise_if_any();
  return parts;
}

void Batch::find_part(const Record& asked, Part& part) const {
  const auto match = parts_.find(asked.at("method").as<std::string>(), asked.at("path").as<std::string>());
  if (!match) refuse("path.id", "Is no operation that a batch may hold.");
  part.operation = match->operation;
  if (!match->parameter.empty()) part.call.id = std::string(match->parameter);
  if (const auto& tags = asked.at("if_match"); !tags.is_absent()) part.call.part->if_match = tags.as<std::string>();
  if (const auto& content = asked.at("body"); !content.is_absent()) part.call.body = validation::to_json(content);
}

}  // namespace apiwright::engine
