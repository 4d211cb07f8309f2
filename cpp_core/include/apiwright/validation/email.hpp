#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace apiwright::validation {

/// True for an address by RFC 5321 §4.1.2 as RFC 6531 extends it: a dot-string local part of at most 64 octets (no
/// quoted string) and a domain of two or more labels (no address literal), internationalised names by IDNA 2008, at
/// most 255 code points in all and 254 octets with the domain as A-labels. Stricter than RFC 6531 in one point:
/// compatibility forms (fullwidth letters and dots), spaces, controls, invisible and unassigned characters are refused,
/// because folding would make another's mailbox of them.
[[nodiscard]] bool is_email(std::string_view address);

/// What two addresses share exactly when they are the same to us: the local part case-folded, the domain as its
/// lower-case A-label. Empty when `address` is not an e-mail address.
[[nodiscard]] std::optional<std::string> email_key(std::string_view address);

}  // namespace apiwright::validation
