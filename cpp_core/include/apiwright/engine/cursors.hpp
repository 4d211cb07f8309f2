#pragma once

#include <string>
#include <string_view>

#include "apiwright/base/digest.hpp"
#include "apiwright/repositories/repository.hpp"
#include "apiwright/tokens/opaque_tokens.hpp"

namespace apiwright::engine {

/// Steps of walks as clients hold them: texts for URLs that only this application makes, each good for the one list
/// (filters, search and sort) that it came from. They have no date and name no user: what a caller sees is decided when
/// a cursor is used. They hold the values that their row is sorted by, which whoever may sort by them may see.
/// Immutable, thread-safe.
class Cursors {
 public:
  explicit Cursors(const Key& key);

  /// Throws Error(kValidationError) naming `query.sort` where those values are too long for a cursor.
  [[nodiscard]] std::string seal(const repositories::Repository& rows, const repositories::ListQuery& query,
                                 const repositories::Step& step) const;
  /// Throws Error(kValidationError) naming `query.cursor` unless it was sealed for this very list.
  [[nodiscard]] repositories::Step open(const repositories::Repository& rows, const repositories::ListQuery& query,
                                        std::string_view text) const;

 private:
  tokens::OpaqueTokens tokens_;
};

}  // namespace apiwright::engine
