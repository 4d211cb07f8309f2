#include "engine/included_rows.hpp"

#include <algorithm>
#include <utility>

#include "apiwright/json/writer.hpp"

namespace apiwright::engine {

using repositories::Row;
using validation::Value;

IncludedRows::IncludedRows(const std::vector<Inclusion>& inclusions, const access::FieldGrants& readable,
                           const access::FieldGrants& shown)
    : inclusions_(inclusions), readable_(readable), shown_(shown) {}

IncludedRows::IncludedRows(const Inclusion& inclusion, std::size_t& room)
    : inclusions_(inclusion.inner), readable_(inclusion.readable), shown_(inclusion.readable), room_(&room) {}

void IncludedRows::add(const Row& row) {
  const auto before = text_.size();
  json::Writer writer(text_);
  row.write(writer, shown_);
  if (room_ != nullptr) spend(text_.size() - before);
  text_.pop_back();
  ends_.push_back(text_.size());
  for (const auto& inclusion : inclusions_) keys_.push_back(key(inclusion, row));
}

std::vector<std::string> IncludedRows::take(data::Connection& connection) && {
  find(connection);
  std::vector<std::string> texts(ends_.size());
  for (std::size_t row = 0; row < texts.size(); ++row) write(row, texts[row]);
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

std::vector<Uuid> IncludedRows::ids(std::size_t inclusion) const {
  std::vector<Uuid> ids;
  for (std::size_t row = 0; row < ends_.size(); ++row) {
    if (const auto* id = std::get_if<Uuid>(&key_of(row, inclusion).data)) ids.push_back(*id);
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

void IncludedRows::find(data::Connection& connection) {
  led_.reserve(inclusions_.size());
  for (std::size_t inclusion = 0; inclusion < inclusions_.size(); ++inclusion) {
    led_.push_back(find(connection, inclusion));
  }
}

IncludedRows::Led IncludedRows::find(data::Connection& connection, std::size_t inclusion) {
  const auto& asked = inclusions_[inclusion];
  const auto& target = asked.relation.target->rows;
  const bool many = asked.relation.to_many;
  const auto by = many ? asked.field : target.schema()->index_of("id");
  const auto most = many ? Inclusion::kMaxMany : 1;
  Led led{IncludedRows(asked, room_ != nullptr ? *room_ : own_room_)};
  target.list_each(connection, by, ids(inclusion), static_cast<std::int64_t>(most) + 1, asked.visible,
                   [&](const Uuid& key, const Row& row) {
                     const auto next = led.rows.ends_.size();
                     if (led.groups.empty() || led.groups.back().key != key) led.groups.push_back({key, next, next});
                     auto& group = led.groups.back();
                     group.more = group.end - group.first == most;
                     if (group.more) return;
                     led.rows.add(row);
                     ++group.end;
                   });
  led.rows.find(connection);
  return led;
}

const IncludedRows::Group* IncludedRows::Led::group_of(const Value& key) const {
  const auto* id = std::get_if<Uuid>(&key.data);
  if (id == nullptr) return nullptr;
  const auto found = std::lower_bound(groups.begin(), groups.end(), *id,
                                      [](const Group& group, const Uuid& value) { return group.key < value; });
  return found != groups.end() && found->key == *id ? &*found : nullptr;
}

void IncludedRows::write(std::size_t row, std::string& out) {
  const auto begin = row == 0 ? 0 : ends_[row - 1];
  out.append(text_, begin, ends_[row] - begin);
  for (std::size_t inclusion = 0; inclusion < inclusions_.size(); ++inclusion) {
    const auto& key = key_of(row, inclusion);
    if (key.is_absent()) continue;
    const auto before = out.size();
    auto& led = led_[inclusion];
    write_led(inclusions_[inclusion].relation, led, led.group_of(key), out);
    spend(out.size() - before);
  }
  out += '}';
}

void IncludedRows::write_led(const Relation& relation, Led& led, const Group* group, std::string& out) {
  if (out.back() != '{') out += ',';
  json::Writer writer(out);
  writer.key(relation.name);
  if (!relation.to_many) {
    if (group == nullptr) {
      writer.null();
    } else {
      led.rows.write(group->first, out);
    }
    return;
  }
  writer.begin_array();
  for (auto row = group != nullptr ? group->first : 0; group != nullptr && row < group->end; ++row) {
    if (row != group->first) out += ',';
    led.rows.write(row, out);
  }
  writer.end_array();
  if (group != nullptr && group->more) writer.member(more_name(relation), true);
}

}  // namespace apiwright::engine
