#include "apiwright/repositories/exported_rows.hpp"

#include <utility>

#include "apiwright/json/writer.hpp"

namespace apiwright::repositories {

using access::Predicate;

ExportedRows::ExportedRows(std::shared_ptr<const Repository> rows, std::unique_ptr<data::Connection> connection)
    : rows_(std::move(rows)), connection_(std::move(connection)) {
  connection_->begin_read();
  total_ = rows_->count(*connection_, {}, Predicate::always());  // the first read fixes the moment
}

ExportedRows::~ExportedRows() { connection_->rollback(); }

std::string ExportedRows::next(std::int64_t limit) {
  std::string lines;
  if (done_) return lines;
  std::int64_t count = 0;
  rows_->list_after(*connection_, last_, limit, {}, Predicate::always(), [&](const Row& row) {
    json::Writer writer(lines);
    row.write(writer);
    lines += '\n';
    if (++count == limit) last_ = row.record().at("id").as<Uuid>();
  });
  done_ = count < limit;
  return lines;
}

}  // namespace apiwright::repositories
