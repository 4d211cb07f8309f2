#include "engine/included_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "apiwright/json/writer.hpp"

namespace apiwright::engine {

using repositories::Row;
using validation::Value;

void IncludedRows::add(const Row& row) {
  auto& written = rows_.emplace_back();
  json::Writer writer(written.json);
  row.write(writer, shown_);
  if (room_ != nullptr) spend(written.json.size());
  written.json.pop_back();
  written.keys.reserve(inclusions_.size());
  for (const auto& inclusion : inclusions_) written.keys.push_back(key(inclusion, row));
}

std::vector<std::string> IncludedRows::take(data::Connection& connection) && { return close(connection); }

std::vector<std::string> IncludedRows::close(data::Connection& connection) {
  for (std::size_t at = 0; at < inclusions_.size(); ++at) include(connection, at);
  std::vector<std::string> texts;
  texts.reserve(rows_.size());
  for (auto& row : rows_) texts.push_back(std::move(row.json) + '}');
  return texts;
}

void IncludedRows::spend(std::size_t bytes) {
  auto& room = room_ != nullptr ? *room_ : own_room_;
  if (bytes > room) {
    throw Error(ErrorCode::kValidationError, "The input is not valid.",
                {{"query.include", "Comes to more than 16 MiB here: ask for fewer rows, or include less.", "max"}});
  }
  room -= bytes;
}

// A reference that this row does not show is not told by what it leads to either.
Value IncludedRows::key(const Inclusion& inclusion, const Row& row) const {
  if (inclusion.relation.to_many) return row.at(row.schema().index_of("id"));
  const bool is_shown = readable_.always(inclusion.field) || readable_.allows(inclusion.field, row.record());
  return is_shown ? row.at(inclusion.field) : Value();
}

std::vector<Uuid> IncludedRows::ids(std::size_t at) const {
  std::vector<Uuid> ids;
  for (const auto& row : rows_) {
    if (const auto* id = std::get_if<Uuid>(&row.keys[at].data)) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void IncludedRows::include(data::Connection& connection, std::size_t at) {
  const auto& inclusion = inclusions_[at];
  const auto& target = inclusion.relation.target->rows;
  const bool many = inclusion.relation.to_many;
  const auto by = many ? inclusion.field : target.schema()->index_of("id");
  const auto most = many ? Inclusion::kMaxMany : 1;
  IncludedRows found(inclusion, room_ != nullptr ? *room_ : own_room_);
  Groups groups;
  target.list_each(connection, by, ids(at), static_cast<std::int64_t>(most) + 1, inclusion.visible,
                   [&](const Row& row) {
                     auto& group = groups[row.at(by).as<Uuid>()];
                     group.more = group.rows.size() == most;
                     if (group.more) return;
                     group.rows.push_back(found.rows_.size());
                     found.add(row);
                   });
  const auto texts = found.close(connection);
  for (auto& row : rows_) {
    if (row.keys[at].is_absent()) continue;
    const auto* id = std::get_if<Uuid>(&row.keys[at].data);
    const auto group = id != nullptr ? groups.find(*id) : groups.end();
    append(inclusion.relation, row, group == groups.end() ? nullptr : &group->second, texts);
  }
}

void IncludedRows::append(const Relation& relation, Written& row, const Group* group,
                          const std::vector<std::string>& texts) {
  const auto before = row.json.size();
  if (row.json.back() != '{') row.json += ',';
  json::Writer writer(row.json);
  writer.key(relation.name);
  if (relation.to_many) {
    writer.begin_array();
    for (std::size_t at = 0; group != nullptr && at < group->rows.size(); ++at) writer.raw(texts[group->rows[at]]);
    writer.end_array();
    if (group != nullptr && group->more) writer.member(more_name(relation), true);
  } else if (group != nullptr) {
    writer.raw(texts[group->rows.front()]);
  } else {
    writer.null();
  }
  spend(row.json.size() - before);
}

}  // namespace apiwright::engine
