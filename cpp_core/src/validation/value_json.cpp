#include "apiwright/validation/value_json.hpp"

#include <cmath>

namespace apiwright::validation {
namespace {

class ValueWriter {
 public:
  explicit ValueWriter(json::Writer& out) : out_(out) {}

  void operator()(Absent /*none*/) { out_.null(); }
  void operator()(Null /*none*/) { out_.null(); }
  void operator()(bool value) { out_.boolean(value); }
  void operator()(std::int64_t value) { out_.integer(value); }
  void operator()(double value) { out_.number(value); }
  void operator()(const Decimal& value) { out_.string(value.to_string()); }
  void operator()(const std::string& value) { out_.string(value); }
  void operator()(const Uuid& value) { out_.string(value.to_string()); }
  void operator()(Timestamp value) { out_.time(value); }
  void operator()(const Array& values) {
    out_.begin_array();
    for (const Value& value : values) write_json(out_, value);
    out_.end_array();
  }
  void operator()(const Object& object) {
    out_.begin_object();
    const Record& record = *object.record;
    for (std::size_t i = 0; i < record.schema().fields().size(); ++i) {
      if (record.at(i).is_absent()) continue;
      out_.raw_key(record.schema().field(i).json_key());
      write_json(out_, record.at(i));
    }
    out_.end_object();
  }
  void operator()(const Map& map) {
    out_.begin_object();
    for (const Map::Entry& entry : map.entries) {
      out_.key(entry.name);
      write_json(out_, entry.value);
    }
    out_.end_object();
  }
  void operator()(const Json& value) { out_.raw(value.text); }

 private:
  json::Writer& out_;
};

}  // namespace

void write_json(json::Writer& writer, const Value& value) { std::visit(ValueWriter(writer), value.data); }

std::string to_json(const Value& value) {
  std::string text;
  json::Writer writer(text);
  write_json(writer, value);
  return text;
}

}  // namespace apiwright::validation
