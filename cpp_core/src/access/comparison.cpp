#include "apiwright/access/comparison.hpp"

#include <stdexcept>
#include <string>

namespace apiwright::access {

using validation::Kind;

Comparison comparison_of(std::string_view sign) {
  if (sign == "==") return Comparison::kEqual;
  if (sign == "!=") return Comparison::kNotEqual;
  if (sign == "<") return Comparison::kLess;
  if (sign == "<=") return Comparison::kLessOrEqual;
  if (sign == ">") return Comparison::kGreater;
  if (sign == ">=") return Comparison::kGreaterOrEqual;
  throw std::logic_error("There is no comparison `" + std::string(sign) + "`: it is one of == != < <= > >=");
}

bool has_order(Kind kind) noexcept {
  switch (kind) {
    case Kind::kString:
    case Kind::kInteger:
    case Kind::kNumber:
    case Kind::kDecimal:
    case Kind::kDateTime:
      return true;
    case Kind::kEmail:
    case Kind::kUuid:
    case Kind::kBoolean:
    case Kind::kEnum:
    case Kind::kArray:
    case Kind::kObject:
    case Kind::kUnion:
    case Kind::kMap:
    case Kind::kJson:
      break;
  }
  return false;
}

}  // namespace apiwright::access
