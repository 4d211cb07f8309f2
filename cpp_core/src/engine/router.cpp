#include "apiwright/engine/router.hpp"

#include <stdexcept>
#include <utility>

namespace apiwright::engine {
namespace {

// The first segment of `/a/b`, and the rest of it: `a`, `/b`.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
  const auto end = path.find('/', 1);
  if (end == std::string_view::npos) return {path.substr(1), {}};
  return {path.substr(1, end - 1), path.substr(end)};
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}' &&
         segment.find_first_of("{}:", 1) == segment.size() - 1;
}

}  // namespace

// One lookup: of all routes that match, the one added first.
struct Router::Search {
  std::string_view method;
  Match match{};
  std::size_t order = SIZE_MAX;

  void visit(const Node& node, std::string_view rest, std::string_view parameter) {
    if (rest.empty()) {
      take(node, parameter);
      return;
    }
    const auto [segment, after] = split(rest);
    if (const auto next = node.segments.find(segment); next != node.segments.end()) {
      visit(*next->second, after, parameter);
    }
    if (node.parameter && !segment.empty()) visit(*node.parameter, after, segment);
  }

  void take(const Node& node, std::string_view parameter) {
    const auto route = node.routes.find(method);
    if (route == node.routes.end() || route->second.order >= order) return;
    order = route->second.order;
    match = {route->second.operation, parameter};
  }
};

void Router::add(std::string_view method, std::string_view path, const Operation& operation) {
  Node* node = &root_;
  bool has_parameter = false;
  for (auto rest = path; !rest.empty();) {
    if (rest.front() != '/') throw std::invalid_argument("a path begins with /");
    const auto [segment, after] = split(rest);
    const bool parameter = is_parameter(segment);
    if ((parameter && has_parameter) || (!parameter && segment.find_first_of("{}") != std::string_view::npos)) {
      throw std::invalid_argument("a path has one parameter at most, a whole segment");
    }
    has_parameter = has_parameter || parameter;
    auto& next = parameter ? node->parameter : node->segments[std::string(segment)];
    if (!next) next = std::make_unique<Node>();
    node = next.get();
    rest = after;
  }
  node->routes.emplace(method, Route{size_++, &operation});
}

std::optional<Router::Match> Router::find(std::string_view method, std::string_view path) const {
  if (path.empty() || path.front() != '/') return std::nullopt;
  Search search{method};
  search.visit(root_, path, {});
  if (search.match.operation == nullptr) return std::nullopt;
  return search.match;
}

}  // namespace apiwright::engine
