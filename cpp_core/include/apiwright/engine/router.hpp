#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/engine/operation.hpp"

namespace apiwright::engine {

/// Finds the operation for a method and a path. Filled first, then immutable and thread-safe; borrows the operations.
/// Looking up costs a step for each segment of the path, however many routes there are.
class Router {
 public:
  struct Match {
    const Operation* operation = nullptr;
    std::string_view parameter;  ///< what stands for the path's one parameter, decoded; a part of the path given
  };

  /// `path` is a template of segments, of which one may be a parameter: `/api/v1/users/{id}`. Where several routes
  /// match, the one added first answers. Throws std::invalid_argument for a template it does not know.
  void add(std::string_view method, std::string_view path, const Operation& operation);

  /// `path` is decoded and without the root path. A parameter is one segment that is not empty.
  [[nodiscard]] std::optional<Match> find(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::size_t order = 0;
    const Operation* operation = nullptr;
  };
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> segments;
    std::unique_ptr<Node> parameter;
    std::map<std::string, Route, std::less<>> routes;  // by method, of paths that end here
  };
  struct Search;

  Node root_;
  std::size_t size_ = 0;
};

}  // namespace apiwright::engine
