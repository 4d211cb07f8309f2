#include "tokens/member_reader.hpp"

#include "apiwright/base/error.hpp"
#include "tokens/compact.hpp"

namespace apiwright::tokens {
namespace {

constexpr json::Limits kLimits{.bytes = kMaxTokenBytes, .depth = 8, .values = 1024};

}  // namespace

void MemberReader::read_object(std::string_view json) {
  try {
    json::read(json, *this, kLimits);
  } catch (const Error&) {
    refuse_token();
  }
}

void MemberReader::null() {
  if (is_member()) {
    on_null(name_);
  } else {
    other();
  }
}

void MemberReader::boolean(bool /*value*/) { other(); }

void MemberReader::number(std::string_view /*text*/) { other(); }

void MemberReader::integer(std::int64_t value) {
  if (is_member()) {
    on_integer(name_, value);
  } else {
    other();
  }
}

void MemberReader::string(std::string_view value) {
  if (is_member()) {
    on_string(name_, value);
  } else if (is_element()) {
    on_string_element(name_, value);
  } else {
    other();
  }
}

void MemberReader::key(std::string_view name) {
  if (is_member()) {
    name_ = name;
  }
}

void MemberReader::start_object() {
  if (depth_ > 0) {
    other();
  }
  if (is_member()) {
    in_array_ = false;
  }
  ++depth_;
}

void MemberReader::start_array() {
  if (is_member()) {
    in_array_ = true;
    on_array(name_);
  } else {
    other();
  }
  ++depth_;
}

void MemberReader::other() {
  if (depth_ == 0) {
    refuse_token();
  }
  if (is_member()) {
    on_other(name_);
  } else if (is_element()) {
    on_other_element(name_);
  }
}

}  // namespace apiwright::tokens
