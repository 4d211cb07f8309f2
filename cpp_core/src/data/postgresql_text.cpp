#include "data/postgresql_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "data/postgresql_lexer.hpp"

namespace apiwright::data {
namespace {

using Kind = PostgresqlLexer::Kind;

// PREPARE TRANSACTION is among them; a script has no use for the other PREPARE.
constexpr std::array<std::string_view, 10> kControls = {"BEGIN", "START",     "COMMIT",  "END",     "ROLLBACK",
                                                        "ABORT", "SAVEPOINT", "RELEASE", "PREPARE", "DISCARD"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kFunctions = {{
    {"instr", "strpos"},
    {"json_each", "json_array_elements_text"},
    {"json_group_array", "json_agg"},
    {"unlikely", ""},  // it has statistics
}};

std::string_view own_word(std::string_view word) noexcept {
  for (const auto& [sqlites, own] : kFunctions) {
    if (word == sqlites) return own;
  }
  return word;
}

char upper(char c) noexcept { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool is_control(std::string_view word) noexcept {
  return std::any_of(kControls.begin(), kControls.end(), [&](std::string_view control) {
    return std::equal(word.begin(), word.end(), control.begin(), control.end(),
                      [](char mine, char its) { return upper(mine) == its; });
  });
}

bool is_parameter(const PostgresqlLexer::Piece& piece) noexcept {
  return piece.kind == Kind::kSign && piece.text == "?";
}

}  // namespace

std::string in_postgresql(std::string_view sql) {
  std::string translated;
  translated.reserve(sql.size() + 16);
  int count = 0;
  PostgresqlLexer lexer(sql);
  while (const auto piece = lexer.next()) {
    if (is_parameter(*piece)) {
      translated += '$' + std::to_string(++count);
    } else {
      translated += piece->kind == Kind::kWord ? own_word(piece->text) : piece->text;
    }
  }
  return translated;
}

std::size_t count_parameters(std::string_view sql) {
  std::size_t count = 0;
  PostgresqlLexer lexer(sql);
  while (const auto piece = lexer.next()) {
    if (is_parameter(*piece)) ++count;
  }
  return count;
}

bool controls_transactions(std::string_view script) {
  bool at_start = true;
  PostgresqlLexer lexer(script);
  while (const auto piece = lexer.next()) {
    if (piece->kind == Kind::kSpace) continue;
    if (at_start && piece->kind == Kind::kWord && is_control(piece->text)) return true;
    at_start = piece->text == ";";
  }
  return false;
}

}  // namespace apiwright::data
