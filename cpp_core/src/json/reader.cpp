#include "apiwright/json/reader.hpp"

#include <string_view>

#include "open_values.hpp"
#include "scanner.hpp"

namespace apiwright::json {
namespace {

/// RFC 8259's grammar over the scanner's tokens, with the bounds. It keeps what is open in a list rather than on the
/// stack, so that no depth of nesting is dangerous.
class Grammar {
 public:
  Grammar(std::string_view bytes, Handler& handler, const Limits& limits) noexcept
      : scanner_(bytes), handler_(handler), limits_(limits) {}

  void read() {
    value();
    while (open_.depth() > 0) {
      if (open_.in_array()) {
        element_or_end();
      } else {
        member_or_end();
      }
    }
    scanner_.expect_end();
  }

 private:
  void value() {
    switch (const char first = scanner_.peek(); first) {
      case '{':
        open_object();
        break;
      case '[':
        open_array();
        break;
      case '"':
        string();
        break;
      case 't':
        literal("true");
        handler_.boolean(true);
        break;
      case 'f':
        literal("false");
        handler_.boolean(false);
        break;
      case 'n':
        literal("null");
        handler_.null();
        break;
      default:
        if (first != '-' && (first < '0' || first > '9')) scanner_.fail_here();
        number();
    }
  }

  void element_or_end() {
    if (scanner_.peek() == ']') {
      scanner_.skip();
      close();
      handler_.end_array();
      return;
    }
    separator();
    value();
  }

  void member_or_end() {
    if (scanner_.peek() == '}') {
      scanner_.skip();
      close();
      handler_.end_object();
      return;
    }
    separator();
    name();
    scanner_.expect(':');
    value();
  }

  /// Before every element or member but the first; nothing may close the list after it.
  void separator() {
    if (!is_first_) scanner_.expect(',');
    is_first_ = false;
  }

  void open_object() {
    open_container();
    open_.open_object();
    handler_.start_object();
  }

  void open_array() {
    open_container();
    open_.open_array();
    handler_.start_array();
  }

  void open_container() {
    scanner_.skip();
    count_value();
    if (open_.depth() == limits_.depth) fail("The JSON is nested too deeply", scanner_.offset());
    is_first_ = true;
  }

  void close() {
    open_.close();
    is_first_ = false;
  }

  void name() {
    if (scanner_.peek() != '"') scanner_.fail_here();
    const StringToken name = scanner_.string();
    count();
    if (!open_.add_name(name.in_input ? name.text : open_.keep(name.text))) fail_duplicate();
    handler_.key(name.text);
  }

  void string() {
    const StringToken string = scanner_.string();
    count_value();
    handler_.string(string.text);
  }

  void number() {
    const NumberToken number = scanner_.number();
    count_value();
    if (number.integer) {
      handler_.integer(*number.integer);
    } else {
      handler_.number(number.text);
    }
  }

  void literal(std::string_view text) {
    scanner_.literal(text);
    count_value();
  }

  void count() {
    if (++counted_ > limits_.values) fail("The JSON has too many values", scanner_.offset());
  }

  void count_value() {
    count();
    open_.begin_value();
  }

  [[noreturn]] void fail_duplicate() const {
    fail("A member is given twice", scanner_.offset(),
         {{.field = open_.path(), .message = "Must not be given twice.", .code = "duplicate"}});
  }

  Scanner scanner_;
  Handler& handler_;
  const Limits& limits_;
  OpenValues open_;
  std::size_t counted_ = 0;
  bool is_first_ = false;  ///< nothing has been read yet in the innermost container
};

}  // namespace

void read(std::string_view bytes, Handler& handler, const Limits& limits) {
  if (bytes.size() > limits.bytes) fail("The JSON is too long", limits.bytes);
  if (bytes.starts_with("\xEF\xBB\xBF")) fail("The JSON begins with a byte order mark", 0);
  Grammar(bytes, handler, limits).read();
}

}  // namespace apiwright::json
