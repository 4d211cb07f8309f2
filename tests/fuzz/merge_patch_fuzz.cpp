// A row's body, a line break, and a patch of that row.

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "apiwright/base/error.hpp"
#include "require.hpp"
#include "validation/patched_row.hpp"

namespace {

using apiwright::Error;
using apiwright::ErrorCode;
using apiwright::fuzz::require;
using apiwright::validation::BodyReader;
using apiwright::validation::Field;
using apiwright::validation::merge_patch;
using apiwright::validation::Mode;
using apiwright::validation::Record;
using apiwright::validation::Schema;
using apiwright::validation::SchemaPtr;
using apiwright::validation::to_json;
using apiwright::validation::Value;

SchemaPtr variant(const std::string& kind, Field own) {
  return Schema::make(kind, "",
                      {Field::enumeration("k", {kind}), std::move(own), Field::integer("n").default_value(1)});
}

SchemaPtr rows() {
  const SchemaPtr object =
      Schema::make("Object", "",
                   {Field::string("s").length(1, 3), Field::integer("n").nullable(), Field::boolean("b").optional(),
                    Field::string("t").nullable(), Field::json("j").optional()},
                   {{.fields = {"n", "t"}, .required = false}});
  const Field one_of = Field::tagged_union("u", "k",
                                           {{"a", variant("a", Field::object("o", object))},
                                            {"b", variant("b", Field::map("m", Field::json("j")).items(0, 3))}});
  return Schema::make("Row", "rows",
                      {Field::object("o", object).nullable(), Field::object("p", object).optional(), one_of,
                       Field::map("m", Field::object("o", object)).items(1, 3), Field::map("v", one_of).optional(),
                       Field::array("l", Field::object("o", object)).optional(), Field::json("j").optional()});
}

/// What `make` gives; none where it refuses the input.
template <typename Make>
auto accepted(const Make& make) -> std::optional<decltype(make())> {
  try {
    return make();
  } catch (const Error& error) {
    const bool is_clients = error.code() == ErrorCode::kMalformedJson || error.code() == ErrorCode::kValidationError;
    require(is_clients, "what is refused is the client's fault");
    return std::nullopt;
  }
}

/// The row that changes lead to, as it would be stored and read again.
Record changed(Record row, const Record& changes) {
  for (std::size_t i = 0; i < row.schema().fields().size(); ++i) {
    if (!changes.at(i).is_absent()) row.set(i, changes.at(i));
  }
  return row;
}

std::string json_of(const Record& row) {
  nlohmann::ordered_json document = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < row.schema().fields().size(); ++i) {
    const bool is_left_out = row.at(i).is_absent() || (row.at(i).is_null() && row.schema().field(i).is_optional());
    if (!is_left_out) {
      document[row.schema().field(i).wire_name()] = nlohmann::ordered_json::parse(to_json(row.at(i)));
    }
  }
  return document.dump();
}

/// JSON has no schema that could speak against what the RFC says.
void require_the_rfcs_answer(const Record& row, std::string_view patch, const Record& changes) {
  const auto sent = nlohmann::json::parse(patch);
  if (!sent.contains("j") || sent["j"].is_null()) return;
  const Value& before = row.at("j");
  auto expected = nlohmann::json::parse(to_json(before));
  expected.merge_patch(sent["j"]);
  require(nlohmann::json::parse(to_json(changes.at("j"))) == expected, "nlohmann merges the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const SchemaPtr schema = rows();
  static const BodyReader whole(schema, Mode::kCreate);
  static const BodyReader partial(schema, Mode::kPatch);
  const std::string_view input = apiwright::fuzz::as_text(data, size);
  const auto end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string_view patch_text = input.substr(end + 1);
  const auto row = accepted([&] { return row_of(schema, input.substr(0, end)); });
  const auto patch = accepted([&] { return partial.read(patch_text); });
  if (!row || !patch) return 0;
  const auto changes = accepted([&] { return merge_patch(*row, *patch); });
  if (!changes) return 0;
  require_the_rfcs_answer(*row, patch_text, *changes);
  const std::string after = json_of(changed(*row, *changes));
  const auto body = accepted([&] { return row_of(schema, after); });
  require(body.has_value(), "the row that a patch leads to is one that a body could have made");
  const auto again = accepted([&] { return merge_patch(*body, *patch); });
  require(again.has_value(), "a patch can be laid over what it has led to");
  require(json_of(changed(*body, *again)) == after, "and changes nothing more");
  return 0;
}
