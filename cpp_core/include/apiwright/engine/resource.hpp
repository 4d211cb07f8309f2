#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apiwright/access/field_rules.hpp"
#include "apiwright/access/transition_rules.hpp"
#include "apiwright/engine/operation.hpp"
#include "apiwright/engine/relation.hpp"
#include "apiwright/repositories/repository.hpp"

namespace apiwright::engine {

/// Where a collection is also reached below the row of another that its rows refer to: those of that one row, as far as
/// one may see it; else 404. A row made there refers to it, whoever makes it.
struct Nested {
  std::string path;       ///< `/api/v1/users/{id}/orders`
  std::string reference;  ///< the field (snake_case), which has a relation to one
};

/// A collection that clients reach: its rows, who may do what, and what else a change must do in its transaction. An
/// operation whose rules can hold for nobody in particular answers without a token; what a rule refuses is 403, or 401
/// while nobody is signed in. Where rows have a version, answers with one carry its entity tag, and If-Match and
/// If-None-Match are heeded, once the caller is known to see the row and to be allowed the change.
struct Resource {
  const repositories::Repository& rows;
  std::string path;                       ///< `/api/v1/users`
  access::Rule read;                      ///< which rows one sees; others are 404
  access::Rule list;                      ///< who may ask for the collection; others 403
  access::Rule create;                    ///< on the new row
  access::Rule replace;                   ///< PUT, on the row as it was and as it becomes
  access::Rule update;                    ///< PATCH, likewise
  access::Rule remove;                    ///< DELETE, on the row as it was; and to restore what was deleted softly
  access::FieldRules readable{};          ///< on the row; elsewhere the field is as if it were not there
  access::FieldRules writable{};          ///< on the row as it was and as it becomes; else 403 naming the field
  access::TransitionRules transitions{};  ///< on the row as it was; else 403 naming the field
  bool require_if_match = false;          ///< a change of a row without If-Match is Error(kPreconditionRequired)
  /// Called in the transaction of a change; `after` is none for a removal, and of a restored row `before` is as it was
  /// deleted. May throw to refuse it.
  std::function<void(data::Connection&, const validation::Record& before, const validation::Record* after,
                     const access::Principal*)>
      changed;
  Relations relations{};  ///< what lists and rows can include; parts that a new row brings are named for theirs
  std::optional<Nested> nested{};
};

/// Which row an operation is about.
enum class Target {
  kPathId,     ///< the one the path names
  kPrincipal,  ///< the asking user's own: `/users/me`
};

[[nodiscard]] std::unique_ptr<Operation> make_list(const Services& services, const Resource& resource);
[[nodiscard]] std::unique_ptr<Operation> make_get(const Services& services, const Resource& resource, Target target);
[[nodiscard]] std::unique_ptr<Operation> make_create(const Services& services, const Resource& resource);
/// The same below the row of another collection. Throw std::logic_error where the resource is not nested.
[[nodiscard]] std::unique_ptr<Operation> make_nested_list(const Services& services, const Resource& resource);
[[nodiscard]] std::unique_ptr<Operation> make_nested_create(const Services& services, const Resource& resource);
/// PUT (kReplace) or PATCH (kPatch). With kPrincipal only the fields that no rule guards may be sent.
[[nodiscard]] std::unique_ptr<Operation> make_update(const Services& services, const Resource& resource,
                                                     validation::Mode mode, Target target);
[[nodiscard]] std::unique_ptr<Operation> make_remove(const Services& services, const Resource& resource, Target target);
/// Undoes a soft deletion; a row that is not deleted stays as it is. A deleted row is there only for who may see it and
/// may delete it: to others no answer tells it from none. Throws std::logic_error where nothing is deleted softly.
[[nodiscard]] std::unique_ptr<Operation> make_restore(const Services& services, const Resource& resource);

/// The reader of an update's bodies, also for its documentation.
[[nodiscard]] validation::BodyReader body_reader(const Resource& resource, validation::Mode mode, Target target);

}  // namespace apiwright::engine
