#include "apiwright/engine/cursors.hpp"

#include <array>
#include <bit>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "apiwright/base/error.hpp"

namespace apiwright::engine {
namespace {

using repositories::ListQuery;
using repositories::Position;
using repositories::Repository;
using repositories::Step;
using validation::Value;

// A cursor's payload: 16 bytes that name the list, a byte of flags, the row's id, then each value after a byte that
// tells its type. Numbers are in this machine's order of bytes: a cursor is read where it was made.

constexpr std::size_t kListBytes = 16;
constexpr std::uint8_t kBackward = 1;
constexpr std::uint8_t kInclusive = 2;

enum class Type : std::uint8_t { kBoolean, kInteger, kReal, kDecimal, kText, kUuid, kTimestamp };

[[noreturn]] void refuse_cursor() {
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{"query.cursor", "Is no cursor of this list: begin anew with an empty one.", "format"}});
}

[[noreturn]] void refuse_sort() {
  throw Error(ErrorCode::kValidationError, "The input is not valid.",
              {{"query.sort", "Sorts by texts that are too long for a cursor: take pages.", "max_length"}});
}

std::string name_of_list(const Repository& rows, const ListQuery& query) {
  return std::string(as_text(blake2b(rows.walk_key(query))).substr(0, kListBytes));
}

class Writer {
 public:
  void bytes(std::string_view data) { out_ += data; }
  void byte(std::uint8_t data) { out_ += static_cast<char>(data); }
  void value(const Value& value) { std::visit(*this, value.data); }

  void operator()(bool data) { number(Type::kBoolean, std::int64_t{data}); }
  void operator()(std::int64_t data) { number(Type::kInteger, data); }
  void operator()(double data) { number(Type::kReal, data); }
  void operator()(Timestamp data) { number(Type::kTimestamp, std::int64_t{data.time_since_epoch().count()}); }
  void operator()(const Decimal& data) {
    number(Type::kDecimal, data.unscaled);
    append(std::int64_t{data.scale});
  }
  void operator()(const std::string& data) {
    number(Type::kText, static_cast<std::int64_t>(data.size()));
    out_ += data;
  }
  void operator()(const Uuid& data) {
    type(Type::kUuid);
    id(data);
  }
  template <typename Other>
  void operator()(const Other& /*none*/) {
    throw std::logic_error("no list is sorted by such a value");
  }

  void id(const Uuid& data) {
    for (const auto one : data.bytes) byte(one);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void type(Type type) { byte(static_cast<std::uint8_t>(type)); }
  template <typename Number>
  void append(Number data) {
    const auto bytes = std::bit_cast<std::array<char, sizeof(Number)>>(data);
    out_.append(bytes.data(), bytes.size());
  }
  template <typename Number>
  void number(Type kind, Number data) {
    type(kind);
    append(data);
  }

  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string_view bytes(std::size_t size) {
    if (text_.size() < size) refuse_cursor();
    const auto read = text_.substr(0, size);
    text_.remove_prefix(size);
    return read;
  }
  std::uint8_t byte() { return static_cast<std::uint8_t>(bytes(1).front()); }
  Uuid id() {
    Uuid id;
    const auto read = bytes(id.bytes.size());
    std::memcpy(id.bytes.data(), read.data(), read.size());
    return id;
  }
  Value value() {
    switch (static_cast<Type>(byte())) {
      case Type::kBoolean:
        return number<std::int64_t>() != 0;
      case Type::kInteger:
        return number<std::int64_t>();
      case Type::kReal:
        return number<double>();
      case Type::kTimestamp:
        return Timestamp(std::chrono::milliseconds(number<std::int64_t>()));
      case Type::kDecimal:
        return decimal();
      case Type::kText:
        return std::string(bytes(static_cast<std::size_t>(number<std::int64_t>())));
      case Type::kUuid:
        return id();
    }
    refuse_cursor();
  }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

 private:
  template <typename Number>
  Number number() {
    Number number{};
    std::memcpy(&number, bytes(sizeof(number)).data(), sizeof(number));
    return number;
  }
  Decimal decimal() {
    const auto unscaled = number<std::int64_t>();
    return {unscaled, static_cast<int>(number<std::int64_t>())};
  }

  std::string_view text_;
};

}  // namespace

Cursors::Cursors(const Key& key) : tokens_(key, "cursor") {}

std::string Cursors::seal(const Repository& rows, const ListQuery& query, const Step& step) const {
  Writer writer;
  writer.bytes(name_of_list(rows, query));
  writer.byte(static_cast<std::uint8_t>((step.backward ? kBackward : 0) | (step.inclusive ? kInclusive : 0)));
  const auto& position = step.from.value();
  writer.id(position.id);
  for (const auto& value : position.values) writer.value(value);
  const auto payload = writer.take();
  if (payload.size() > tokens::OpaqueTokens::kMaxPayloadBytes) refuse_sort();
  return tokens_.seal(payload);
}

Step Cursors::open(const Repository& rows, const ListQuery& query, std::string_view text) const {
  std::string payload;
  try {
    payload = tokens_.open(text);
  } catch (const Error&) {
    refuse_cursor();
  }
  Reader reader(payload);
  if (reader.bytes(kListBytes) != name_of_list(rows, query)) refuse_cursor();
  const auto flags = reader.byte();
  Position position{{}, reader.id()};
  while (!reader.at_end()) position.values.push_back(reader.value());
  return {std::move(position), (flags & kBackward) != 0, (flags & kInclusive) != 0};
}

}  // namespace apiwright::engine
