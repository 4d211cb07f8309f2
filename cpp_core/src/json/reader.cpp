#include "apiwright/json/reader.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "apiwright/base/error.hpp"
#include "apiwright/base/text.hpp"
#include "open_values.hpp"

namespace apiwright::json {
namespace {

constexpr int kNumberOverflow = 406;  // nlohmann's id of out_of_range for a number beyond double

/// "… at byte 17." The input itself is never part of it.
[[noreturn]] void fail(std::string_view what, std::size_t offset, std::vector<Detail> details = {}) {
  throw Error(ErrorCode::kMalformedJson, std::string(what) + " at byte " + std::to_string(offset) + ".",
              std::move(details));
}

/// The bytes as nlohmann's lexer takes them, one by one; says how far it is.
struct Input {
  const char* begin;
  const char* at;
  const char* end;

  [[nodiscard]] std::size_t offset() const noexcept { return static_cast<std::size_t>(at - begin); }
};

/// All copies move together, since the position lives in the Input; the end is the one without an Input.
class InputIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  InputIterator() = default;
  explicit InputIterator(Input& input) noexcept : input_(&input) {}

  reference operator*() const noexcept { return *input_->at; }
  InputIterator& operator++() noexcept {
    ++input_->at;
    return *this;
  }
  void operator++(int) noexcept { ++*this; }
  friend bool operator==(const InputIterator& a, const InputIterator& b) noexcept { return a.at_end() == b.at_end(); }

 private:
  [[nodiscard]] bool at_end() const noexcept { return input_ == nullptr || input_->at == input_->end; }

  Input* input_ = nullptr;
};

/// Stands between nlohmann's parser and a Handler: bounds, duplicates and messages. The names are nlohmann's.
class Sax {
 public:
  Sax(Handler& handler, const Limits& limits, const Input& input) noexcept
      : handler_(handler), limits_(limits), input_(input) {}

  bool null() {
    begin_value();
    handler_.null();
    return true;
  }

  bool boolean(bool value) {
    begin_value();
    handler_.boolean(value);
    return true;
  }

  bool number_integer(std::int64_t value) {
    begin_value();
    handler_.integer(value);
    return true;
  }

  bool number_unsigned(std::uint64_t value) {
    begin_value();
    if (std::in_range<std::int64_t>(value)) {
      handler_.integer(static_cast<std::int64_t>(value));
    } else {
      handler_.number(std::to_string(value));
    }
    return true;
  }

  bool number_float(double /*value*/, const std::string& text) {
    begin_value();
    // The lexer writes the decimal point of the process's locale.
    const std::size_t point = text.find_first_not_of("0123456789eE+-");
    if (point == std::string::npos || text[point] == '.') {
      handler_.number(text);
    } else {
      handler_.number(std::string(text).replace(point, 1, 1, '.'));
    }
    return true;
  }

  bool string(std::string& value) {
    begin_value();
    handler_.string(value);
    return true;
  }

  bool binary(nlohmann::json::binary_t& /*value*/) { return false; }  // no JSON text has any

  bool start_object(std::size_t /*elements*/) {
    begin_nested();
    open_.open_object();
    handler_.start_object();
    return true;
  }

  bool key(std::string& name) {
    count();
    if (!open_.add_name(name)) fail_duplicate();
    handler_.key(name);
    return true;
  }

  bool end_object() {
    open_.close();
    handler_.end_object();
    return true;
  }

  bool start_array(std::size_t /*elements*/) {
    begin_nested();
    open_.open_array();
    handler_.start_array();
    return true;
  }

  bool end_array() {
    open_.close();
    handler_.end_array();
    return true;
  }

  [[noreturn]] bool parse_error(std::size_t position, const std::string& /*token*/,
                                const nlohmann::json::exception& error) {
    const auto size = static_cast<std::size_t>(input_.end - input_.begin);
    const std::size_t offset = std::min(position > 0 ? position - 1 : 0, size);
    if (error.id == kNumberOverflow) fail("A number in the JSON is too large", offset);
    if (is_bad_utf8_until(offset)) fail("The JSON is not well-formed UTF-8", offset);
    if (position > size) fail("The JSON ends too early", offset);
    if (open_.depth() == 0 && counted_ > 0) fail("Something follows the JSON", offset);
    fail("The JSON is not well-formed", offset);
  }

 private:
  /// Whether the parser stopped at bytes that are no UTF-8, rather than at a character that is out of place.
  [[nodiscard]] bool is_bad_utf8_until(std::size_t offset) const noexcept {
    const std::string_view all(input_.begin, input_.end);
    return !is_utf8(all.substr(0, offset + 1)) && !is_utf8(all);
  }

  void count() {
    if (++counted_ > limits_.values) fail("The JSON has too many values", input_.offset());
  }

  void begin_value() {
    count();
    open_.begin_value();
  }

  void begin_nested() {
    begin_value();
    if (open_.depth() == limits_.depth) fail("The JSON is nested too deeply", input_.offset());
  }

  [[noreturn]] void fail_duplicate() const {
    fail("A member is given twice", input_.offset(),
         {{.field = open_.path(), .message = "Must not be given twice.", .code = "duplicate"}});
  }

  Handler& handler_;
  const Limits& limits_;
  const Input& input_;
  OpenValues open_;
  std::size_t counted_ = 0;
};

/// What nlohmann lets pass: a byte order mark, and a NUL, which it takes for the end of the text.
void refuse_what_the_lexer_skips(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) fail("The JSON begins with a byte order mark", 0);
  if (const std::size_t nul = bytes.find('\0'); nul != std::string_view::npos) {
    fail("The JSON has a NUL byte", nul);
  }
}

}  // namespace

void read(std::string_view bytes, Handler& handler, const Limits& limits) {
  if (bytes.size() > limits.bytes) fail("The JSON is too long", limits.bytes);
  refuse_what_the_lexer_skips(bytes);
  Input input{bytes.data(), bytes.data(), bytes.data() + bytes.size()};
  Sax sax(handler, limits, input);
  nlohmann::json::sax_parse(InputIterator(input), InputIterator(), &sax);
}

}  // namespace apiwright::json
