// What a Difference does, in sentences.

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "apiwright/json/writer.hpp"
#include "repositories/difference.hpp"

namespace apiwright::repositories {
namespace {

std::string quoted_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) {
    if (!list.empty()) list += ", ";
    json::append_string(list, text);
  }
  return list;
}

std::vector<std::string> without(const std::vector<std::string>& values, const std::vector<std::string>& others) {
  std::vector<std::string> left;
  std::set_difference(values.begin(), values.end(), others.begin(), others.end(), std::back_inserter(left));
  return left;
}

/// The sentences about one table.
class TableSentences {
 public:
  explicit TableSentences(const TableChange& change) : change_(change), table_(change.after.name) {}

  [[nodiscard]] std::vector<std::string> all() {
    if (change_.is_renamed()) say(change_.before.name + " is renamed to " + table_ + ".");
    if (change_.ends_soft_delete()) {
      say(table_ + ": rows that were deleted softly are deleted for good, or they would come back.");
    }
    for (const auto& column : change_.columns) tell(column);
    for (const auto& index : change_.dropped_indexes) {
      const bool again = change_.after.find_index(index.name) != nullptr;
      say("The index " + index.name + (again ? " is made anew." : " is dropped."));
    }
    for (const auto& index : change_.added_indexes) {
      if (change_.before.find_index(index.name) == nullptr) say("The index " + index.name + " is new.");
    }
    return std::move(sentences_);
  }

 private:
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  void tell(const ColumnChange& change) {
    if (change.is_added()) return tell_of_added(change);
    const auto key = change.before->key == KeyForm::kNone ? "" : " (with " + key_column(*change.before) + ")";
    if (change.is_dropped()) return say(name(*change.before) + key + " is dropped: its values are lost.");
    if (change.is_renamed()) say(name(*change.before) + key + " is renamed to " + change.after->name + ".");
    tell_of_type(change);
    tell_of_presence(change);
    if (change.before->references != change.after->references) tell_of_reference(*change.after);
    if (change.gets_key()) say(name(*change.after) + " has a key, " + key_column(*change.after) + ".");
    if (change.loses_key()) say(name(*change.after) + " has no key " + key_column(*change.before) + " any more.");
    if (change.changes_key()) say(name(*change.after) + ": its keys are made anew.");
  }

  void tell_of_added(const ColumnChange& change) {
    if (change.relaxed) return say(name(*change.after) + " is new and may be null: nothing can stand for its values.");
    const auto& value = change.fill_json.empty() ? change.after->default_json : change.fill_json;
    say(name(*change.after) + " is new" + (value.empty() ? "." : ": rows that are there get " + value + "."));
  }

  void tell_of_type(const ColumnChange& change) {
    if (!change.changes_type()) return;
    const auto& [before, after, fill, relaxed] = change;
    if (before->type != ColumnType::kEnum || after->type != ColumnType::kEnum) {
      return say(name(*after) + ": " + type_text(*before) + " becomes " + type_text(*after) + ".");
    }
    const auto added = without(after->values, before->values);
    const auto gone = without(before->values, after->values);
    if (!added.empty()) say(name(*after) + " may be " + quoted_list(added) + " too.");
    if (!gone.empty()) say(name(*after) + " may no longer be " + quoted_list(gone) + ".");
  }

  void tell_of_presence(const ColumnChange& change) {
    const auto& [before, after, fill, relaxed] = change;
    if (relaxed) say(name(*after) + " may still be null: nothing can stand for its values.");
    if (!before->nullable && after->nullable) say(name(*after) + " may be null.");
    if (change.is_tightened()) {
      const auto given = fill.empty() ? "." : ": rows without a value get " + fill + ".";
      say(name(*after) + " may no longer be null" + given);
    }
    if (before->default_json == after->default_json) return;
    say(name(*after) +
        (after->default_json.empty() ? " has no default any more." : " has the default " + after->default_json + "."));
  }

  void tell_of_reference(const Column& column) {
    say(name(column) +
        (column.references.empty() ? " refers to no table any more." : " refers to " + column.references + "."));
  }

  [[nodiscard]] std::string name(const Column& column) const { return table_ + "." + column.name; }

  const TableChange& change_;
  const std::string& table_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> sentences_of(const Difference& difference) {
  std::vector<std::string> sentences;
  std::set<std::string> dropped;
  for (const auto& table : difference.dropped) dropped.insert(table.name);
  std::set<std::string> created;
  for (const auto& table : difference.created) created.insert(table.name);
  for (const auto& table : difference.dropped) {
    if (!created.contains(table.name)) sentences.push_back(table.name + " is dropped: all its rows are lost.");
  }
  for (const auto& change : difference.changed) {
    auto more = TableSentences(change).all();
    std::move(more.begin(), more.end(), std::back_inserter(sentences));
  }
  for (const auto& table : difference.created) {
    sentences.push_back(table.name + (dropped.contains(table.name) ? ", which is empty, is made anew." : " is new."));
  }
  return sentences;
}

}  // namespace apiwright::repositories
