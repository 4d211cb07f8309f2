#include <iostream>

#include "apiwright/base/clock.hpp"
#include "apiwright/base/error.hpp"
#include "apiwright/data/database.hpp"
#include "apiwright/data/migrations.hpp"
#include "apiwright/passwords/hasher.hpp"
#include "apiwright/validation/body_reader.hpp"

using namespace apiwright;

int main() {
  const passwords::Hasher hasher;
  const std::string phc = hasher.hash("correct horse battery staple");
  hasher.verify("correct horse battery staple", phc);
  std::cout << phc.substr(0, 10) << '\n';

  const auto notes = validation::Schema::make("Note", "notes", {validation::Field::string("title").length(1, 10)});
  try {
    (void)validation::BodyReader(notes, validation::Mode::kCreate).read(R"({"title": ""})");
  } catch (const Error& error) {
    std::cout << error.details().at(0).field << ' ' << error.details().at(0).code << '\n';
  }

  const auto database = data::Database::open("sqlite:///./consumer.db");
  const SystemClock clock;
  std::cout << data::Migrations("apiwright", MIGRATIONS "/sqlite").up(*database->connect(), clock).size() << '\n';
}
