#include "data/sqlite_functions.hpp"

#include <exception>
#include <string>
#include <string_view>

#include "apiwright/base/text.hpp"
#include "apiwright/validation/email.hpp"

namespace apiwright::data {
namespace {

std::string email_key(std::string_view text) { return validation::email_key(text).value_or(""); }

template <std::string (*kFunction)(std::string_view)>
void answer(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) {
  sqlite3_value* const argument = *arguments;
  const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(argument));  // NOLINT(*-reinterpret-cast)
  if (text == nullptr) return sqlite3_result_null(context);
  try {
    const auto key = kFunction({text, static_cast<std::size_t>(sqlite3_value_bytes(argument))});
    sqlite3_result_text64(context, key.data(), key.size(), SQLITE_TRANSIENT, SQLITE_UTF8);  // NOLINT
  } catch (const std::exception&) {
    sqlite3_result_error(context, "a text cannot be case-folded", -1);
  }
}

template <std::string (*kFunction)(std::string_view)>
void add(sqlite3* native, const char* name) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  sqlite3_create_function_v2(native, name, 1, kFlags, nullptr, answer<kFunction>, nullptr, nullptr, nullptr);
}

}  // namespace

void add_functions(sqlite3* native) {
  add<casefold>(native, "apiwright_casefold");
  add<email_key>(native, "apiwright_email_key");
}

}  // namespace apiwright::data
