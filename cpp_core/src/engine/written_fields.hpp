#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/access/transition_rules.hpp"
#include "apiwright/validation/body_reader.hpp"

namespace apiwright::engine {

/// What one caller may do with the fields of rows.
struct CallerGrants {
  access::FieldGrants readable;
  access::FieldGrants writable;
};

/// The fields of a new row that its sender chose, among those that not everybody may set on every row: what differs
/// from what is filled in anyway. `password`: the field whose value was taken out of the body, if one was.
[[nodiscard]] std::vector<std::size_t> chosen_fields(const validation::Record& row, std::optional<std::size_t> password,
                                                     const CallerGrants& grants);

/// The same of a change: what was sent in a PATCH, what differs in a PUT. A field that its sender may neither see nor
/// set is as if it were not there: what a PUT leaves out of those is taken out of `body` (so it stays), what is sent is
/// chosen whatever it is (a comparison would tell it).
[[nodiscard]] std::vector<std::size_t> chosen_fields(validation::Record& body, const validation::Record& before,
                                                     validation::Mode mode, std::optional<std::size_t> password,
                                                     const CallerGrants& grants);

/// Throws Error(kForbidden), or kUnauthorized while nobody is signed in, naming those of `chosen` that may not be set
/// on this row.
void require_writable(const std::vector<std::size_t>& chosen, const validation::Record& row,
                      const access::FieldGrants& writable, const access::Principal* principal);

/// The same for steps of fields that this principal may not take.
void require_steps(const access::TransitionRules& rules, const validation::Record& before,
                   const validation::Record& after, const access::Principal* principal);

/// Throws Error(kUnprocessable) naming those fields of a new row whose transitions begin elsewhere.
void require_beginnings(const validation::Record& row);

/// Takes what a PUT leaves out of immutable fields, and of those that have transitions, out of `body`: it stays.
void keep_left_out(validation::Record& body);

/// Throws Error(kUnprocessable) naming immutable fields that were sent by who cannot see them, whatever was sent.
void refuse_unseen(const validation::Record& body, const validation::Record& before,
                   const access::FieldGrants& readable);

/// Throws Error(kUnprocessable) naming immutable fields to which `body` would give another value than they have.
void require_unchanged(const validation::Record& body, const validation::Record& before,
                       const validation::Record& after);

}  // namespace apiwright::engine
