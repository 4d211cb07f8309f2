#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apiwright/engine/cursors.hpp"
#include "apiwright/json/writer.hpp"

namespace apiwright::engine {

/// Where a client goes on from a step of a walk.
class CursorLinks {
 public:
  CursorLinks(const Cursors& cursors, const repositories::Repository& rows, const repositories::ListQuery& query,
              const repositories::Walked& walked);

  /// The members `nextCursor` and `prevCursor`, null at an end.
  void write(json::Writer& writer) const;
  /// The value of a Link header (RFC 8288) with `next` and `prev`: `path` with the parameters that came, and another
  /// cursor. Empty where there is neither.
  [[nodiscard]] std::string header(const std::string& path, std::string_view query) const;

 private:
  std::optional<std::string> next_;
  std::optional<std::string> previous_;
};

}  // namespace apiwright::engine
