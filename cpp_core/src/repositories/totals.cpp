#include "repositories/totals.hpp"

#include <utility>

namespace apiwright::repositories {

std::optional<Totals::Known> Totals::find(std::string_view key) {
  if (key.size() > kLongestKey) return std::nullopt;
  const std::lock_guard lock(mutex_);
  const auto* entry = use(key);
  if (entry == nullptr) return std::nullopt;
  return entry->known;
}

void Totals::remember(std::string key, Known known) {
  if (key.size() > kLongestKey) return;
  const std::lock_guard lock(mutex_);
  if (auto* entry = use(key)) {
    entry->known = std::move(known);
    return;
  }
  if (entries_.size() >= kLimit) {
    by_key_.erase(entries_.back().key);
    entries_.pop_back();
  }
  entries_.push_front({std::move(key), std::move(known)});
  by_key_.emplace(entries_.front().key, entries_.begin());
}

Totals::Entry* Totals::use(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return &entries_.front();
}

}  // namespace apiwright::repositories
