#include "engine/written_fields.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::engine {

using access::FieldGrants;
using validation::Absent;
using validation::Mode;
using validation::Null;
using validation::Record;

namespace {

template <typename IsChosen>
std::vector<std::size_t> choose(const validation::Schema& schema, std::optional<std::size_t> password,
                                const FieldGrants& writable, const IsChosen& is_chosen) {
  std::vector<std::size_t> chosen;
  for (std::size_t index = 0; index < schema.fields().size(); ++index) {
    if (writable.always(index)) continue;
    if (index == password || is_chosen(index)) chosen.push_back(index);
  }
  return chosen;
}

Detail immutable(const validation::Field& field) { return {field.wire_name(), "Cannot be changed.", "immutable"}; }

void refuse_changes_of(std::vector<Detail> details) {
  if (details.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "These fields keep the value they were created with.", std::move(details));
}

void refuse_setting(const std::vector<std::size_t>& fields, const validation::Schema& schema,
                    const access::Principal* principal) {
  if (fields.empty()) return;
  std::vector<Detail> details;
  details.reserve(fields.size());
  for (const auto index : fields) {
    details.push_back({schema.field(index).wire_name(), "You may not set this.", "forbidden"});
  }
  if (principal == nullptr) throw Error(ErrorCode::kUnauthorized, "Sign in to set these fields.", std::move(details));
  throw Error(ErrorCode::kForbidden, "You may not set these fields.", std::move(details));
}

bool is_seen(std::size_t index, const Record& row, const FieldGrants& readable) {
  return !row.schema().field(index).is_hidden() && readable.allows(index, row);
}

}  // namespace

std::vector<std::size_t> chosen_fields(const Record& row, std::optional<std::size_t> password,
                                       const CallerGrants& grants) {
  return choose(row.schema(), password, grants.writable, [&](std::size_t index) {
    const auto& value = row.at(index);
    return !value.is_absent() && value != row.schema().field(index).default_value().value_or(Null{});
  });
}

std::vector<std::size_t> chosen_fields(Record& body, const Record& before, Mode mode,
                                       std::optional<std::size_t> password, const CallerGrants& grants) {
  return choose(before.schema(), password, grants.writable, [&](std::size_t index) {
    const auto& value = body.at(index);
    if (value.is_absent()) return false;
    if (mode == Mode::kPatch) return true;
    if (is_seen(index, before, grants.readable)) return value != before.at(index);
    if (body.was_sent(index) || grants.writable.allows(index, before)) return true;
    body.set(index, Absent{});
    return false;
  });
}

void require_writable(const std::vector<std::size_t>& chosen, const Record& row, const FieldGrants& writable,
                      const access::Principal* principal) {
  std::vector<std::size_t> refused;
  std::copy_if(chosen.begin(), chosen.end(), std::back_inserter(refused),
               [&](std::size_t index) { return !writable.allows(index, row); });
  refuse_setting(refused, row.schema(), principal);
}

void require_steps(const access::TransitionRules& rules, const Record& before, const Record& after,
                   const access::Principal* principal) {
  refuse_setting(rules.refused(before, after, principal), before.schema(), principal);
}

void require_beginnings(const Record& row) {
  std::vector<Detail> details;
  const auto& fields = row.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const auto& field = fields[index];
    if (!field.transitions() || row.at(index) == field.default_value()) continue;
    details.push_back({field.wire_name(), "Begins as " + field.default_value()->as<std::string>() + '.', "transition"});
  }
  if (details.empty()) return;
  throw Error(ErrorCode::kUnprocessable, "A new row begins where its transitions do.", std::move(details));
}

void keep_left_out(Record& body) {
  const auto& fields = body.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const bool stays = fields[index].is_immutable() || fields[index].transitions();
    if (stays && !body.was_sent(index)) body.set(index, Absent{});
  }
}

void refuse_unseen(const Record& body, const Record& before, const FieldGrants& readable) {
  std::vector<Detail> details;
  const auto& fields = before.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    if (!fields[index].is_immutable() || body.at(index).is_absent()) continue;
    if (!is_seen(index, before, readable)) details.push_back(immutable(fields[index]));
  }
  refuse_changes_of(std::move(details));
}

void require_unchanged(const Record& body, const Record& before, const Record& after) {
  std::vector<Detail> details;
  const auto& fields = before.schema().fields();
  for (std::size_t index = 0; index < fields.size(); ++index) {
    const bool is_given = fields[index].is_immutable() && !body.at(index).is_absent();
    if (is_given && after.at(index) != before.at(index)) details.push_back(immutable(fields[index]));
  }
  refuse_changes_of(std::move(details));
}

}  // namespace apiwright::engine
