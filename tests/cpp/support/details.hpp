#pragma once

#include <string>
#include <vector>

#include "apiwright/base/error.hpp"

namespace apiwright::support {

/// Each as `field:code`.
inline std::vector<std::string> short_form(const std::vector<Detail>& details) {
  std::vector<std::string> texts;
  for (const auto& detail : details) texts.push_back(detail.field + ":" + detail.code);
  return texts;
}

}  // namespace apiwright::support
