#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/engine/resource.hpp"

namespace apiwright::engine {

/// What an application says of a collection of its own.
struct Declaration {
  validation::SchemaPtr schema;
  std::string path;  ///< `/api/v1/articles`
  access::Rule read;
  access::Rule list;
  access::Rule create;
  access::Rule update;                                ///< PUT and PATCH
  access::Rule remove;                                ///< and restore
  std::vector<access::FieldRule> readable{};          ///< fields that not every reader of a row may see
  std::vector<access::FieldRule> writable{};          ///< fields that not everybody who may write a row may set
  std::vector<access::TransitionRule> transitions{};  ///< steps that not everybody who may set the field may take
  bool require_if_match = false;                      ///< to change or remove a row
  Relations relations{};                              ///< what its rows lead to
  std::optional<Nested> nested{};                     ///< where it is reached too
};

/// What a rule comes to for one principal.
struct Explanation {
  std::string predicate;          ///< what is left of the rule, in words
  std::string sql;                ///< the statement that an operation under it begins with, with ? for each value
  std::vector<std::string> plan;  ///< how the database goes about it, a line for each step
};

/// The operations behind a declared collection, by name: `list get create replace update remove`, `restore` where rows
/// are deleted softly, and where it is nested `nested_list nested_create`. Immutable, thread-safe; borrows services.
class ResourceOperations {
 public:
  /// Throws std::logic_error where a rule does not fit the schema, or anybody may create what needs its creator's id.
  ResourceOperations(const Services& services, const Declaration& declaration);

  ~ResourceOperations() = default;
  ResourceOperations(const ResourceOperations&) = delete;
  ResourceOperations& operator=(const ResourceOperations&) = delete;

  /// Throws std::logic_error for a name that is not one of them.
  [[nodiscard]] const Operation& at(std::string_view name) const;
  [[nodiscard]] const Resource& resource() const noexcept { return resource_; }

  /// The rule of an action, `read list create update delete`, for this principal (none: anonymous). The SQL is a list's
  /// page for read and list, the row as it is read for update and delete (rows that one may not read are 404 to them),
  /// and the insertion for create. Throws std::logic_error for another action.
  [[nodiscard]] Explanation explain(data::Connection& connection, std::string_view action,
                                    const access::Principal* principal) const;

 private:
  const repositories::Repository rows_;
  const Resource resource_;  ///< operations refer to it: this object stays where it is
  std::map<std::string, std::unique_ptr<Operation>, std::less<>> operations_;
};

}  // namespace apiwright::engine
