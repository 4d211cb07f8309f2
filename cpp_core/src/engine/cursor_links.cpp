#include "engine/cursor_links.hpp"

#include "apiwright/engine/query_string.hpp"

namespace apiwright::engine {
namespace {

void write_cursor(json::Writer& writer, std::string_view name, const std::optional<std::string>& cursor) {
  writer.key(name);
  if (cursor) {
    writer.string(*cursor);
  } else {
    writer.null();
  }
}

}  // namespace

CursorLinks::CursorLinks(const Cursors& cursors, const repositories::Repository& rows,
                         const repositories::ListQuery& query, const repositories::Walked& walked) {
  if (walked.next) next_ = cursors.seal(rows, query, *walked.next);
  if (walked.previous) previous_ = cursors.seal(rows, query, *walked.previous);
}

void CursorLinks::write(json::Writer& writer) const {
  write_cursor(writer, "nextCursor", next_);
  write_cursor(writer, "prevCursor", previous_);
}

std::string CursorLinks::header(const std::string& path, std::string_view query) const {
  std::string header;
  const auto add = [&](const std::optional<std::string>& cursor, std::string_view relation) {
    if (!cursor) return;
    header.append(header.empty() ? "<" : ", <").append(path).append("?");
    header.append(with_parameter(query, "cursor", *cursor)).append(">; rel=\"").append(relation).append("\"");
  };
  add(next_, "next");
  add(previous_, "prev");
  return header;
}

}  // namespace apiwright::engine
