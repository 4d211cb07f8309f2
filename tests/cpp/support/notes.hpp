#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "support/api.hpp"

namespace apiwright::support {

inline validation::SchemaPtr notes_schema() {
  return validation::Schema::make("Note", "notes",
                                  {
                                      validation::Field::uuid("id").read_only(),
                                      validation::Field::uuid("author").default_value(validation::Value(Uuid{})),
                                      validation::Field::string("text").length(1, 100).searchable(),
                                      validation::Field::boolean("locked").default_value(false),
                                      validation::Field::integer("rank").nullable(),
                                      validation::Field::integer("version").read_only(),
                                  });
}

// A resource as an application will declare it: its own, readable by all who are signed in.
class NotesTest : public testing::Test {
 protected:
  NotesTest() {
    api.people.database.execute(
        "CREATE TABLE notes (id TEXT PRIMARY KEY, author TEXT NOT NULL, text TEXT NOT NULL, text_key TEXT NOT NULL, "
        "locked INTEGER NOT NULL, rank INTEGER, version INTEGER NOT NULL) STRICT");
  }

  Api api;
  const repositories::Repository rows{notes_schema()};
  engine::Resource notes{
      .rows = rows,
      .path = "/api/v1/notes",
      .read = access::Rule::any_of({access::Rule::owner("author"), access::Rule::equals("locked", false)}),
      .list = access::Rule::authenticated(),
      .create = access::Rule::owner("author"),
      .replace = access::Rule::all_of({access::Rule::owner("author"), access::Rule::equals("locked", false)}),
      .update = access::Rule::owner("author"),
      .remove = access::Rule::owner("author"),
      .writable = {rows.schema(), {{"rank", access::Rule::role("admin")}}},
      .changed = {}};
  const Person ada = api.person("ada@example.org");
  const Person bob = api.person("bob@example.org");

  [[nodiscard]] static std::string body(const Person& author, bool locked = false) {
    return nlohmann::json{{"author", author.id_text()}, {"text", "Hello"}, {"locked", locked}}.dump();
  }
  std::string create(const Person& who, bool locked = false) {
    const auto response =
        api.ask(*engine::make_create(api.services, notes), {.token = who.token, .body = body(who, locked)});
    EXPECT_EQ(response.status, 201) << response.body;
    return data_of(response).at("id").get<std::string>();
  }
  engine::Response update(const Person& who, const std::string& id, const std::string& text,
                          validation::Mode mode = validation::Mode::kPatch) {
    return api.ask(*engine::make_update(api.services, notes, mode, engine::Target::kPathId),
                   {.token = who.token, .body = text, .id = id});
  }
  [[nodiscard]] std::int64_t count() const { return api.people.database.integer("SELECT count(*) FROM notes"); }
};

}  // namespace apiwright::support
