#include "apiwright/repositories/list_query.hpp"

#include "apiwright/access/comparison.hpp"

namespace apiwright::repositories {

std::string_view name_of(Operator operation) noexcept {
  switch (operation) {
    case Operator::kEqual:
      return "eq";
    case Operator::kNotEqual:
      return "ne";
    case Operator::kGreater:
      return "gt";
    case Operator::kGreaterOrEqual:
      return "gte";
    case Operator::kLess:
      return "lt";
    case Operator::kLessOrEqual:
      return "lte";
    case Operator::kIn:
      return "in";
    case Operator::kLike:
      break;
  }
  return "like";
}

std::vector<Operator> operators_of(const validation::Field& field) {
  std::vector<Operator> operators = {Operator::kEqual, Operator::kNotEqual, Operator::kIn};
  if (access::has_order(field.kind())) {
    operators.insert(operators.end(),
                     {Operator::kGreater, Operator::kGreaterOrEqual, Operator::kLess, Operator::kLessOrEqual});
  }
  if (field.has_key_column()) operators.push_back(Operator::kLike);
  return operators;
}

}  // namespace apiwright::repositories
