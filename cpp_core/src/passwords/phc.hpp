#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apiwright/passwords/hasher.hpp"

namespace apiwright::passwords {

/// An Argon2id hash taken apart: the PHC string format, `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
struct Phc {
  Parameters parameters;
  std::uint32_t lanes = 1;
  std::vector<unsigned char> salt;
  std::vector<unsigned char> hash;
};

/// Empty unless `text` is exactly that form, its numbers and base64 canonical, its costs within Parameters' bounds,
/// with 1 to 16 lanes, 8 to 64 bytes of salt and 16 to 64 of hash: a hostile string costs no more than the bounds
/// allow.
[[nodiscard]] std::optional<Phc> parse_phc(std::string_view text);

[[nodiscard]] std::string write_phc(const Phc& phc);

}  // namespace apiwright::passwords
