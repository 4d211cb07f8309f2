#pragma once

#include <set>
#include <string>
#include <vector>

#include "apiwright/repositories/migration_draft.hpp"
#include "repositories/difference.hpp"
#include "repositories/sound_tables.hpp"

namespace apiwright::repositories {

/// The renames that are hinted at, each of something that was there to something that is declared; what is wrong with
/// the others.
[[nodiscard]] std::vector<Rename> read_renames(const std::vector<std::string>& hints, const std::vector<Table>& before,
                                               const std::vector<Table>& after, Refusals& refusals);

/// What would lose values, or cannot be done to rows that are there; and hints that narrow nothing.
void refuse_losses(const Difference& difference, const std::vector<std::string>& narrowed, Refusals& refusals);

}  // namespace apiwright::repositories
