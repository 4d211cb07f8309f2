#include "apiwright/engine/row_tags.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <string_view>

#include "apiwright/base/base64url.hpp"
#include "apiwright/base/digest.hpp"

namespace apiwright::engine {
namespace {

constexpr std::size_t kProjectionBytes = 6;  // 8 characters of base64url

// A field as answers show it: its name and its kind.
std::uint64_t digest_of(const validation::Field& field) {
  const auto digest = blake2b(field.wire_name() + '\0' + std::to_string(static_cast<int>(field.kind())));
  std::uint64_t number = 0;
  std::memcpy(&number, digest.data(), sizeof(number));
  return number;
}

// The end of a tag, quote included.
std::string ending_of(std::uint64_t projection) {
  std::array<char, sizeof(projection)> bytes{};
  std::memcpy(bytes.data(), &projection, sizeof(projection));
  return '-' + encode_base64url(std::string_view(bytes.data(), kProjectionBytes)) + '"';
}

}  // namespace

RowTags::RowTags(const validation::SchemaPtr& schema) : version_(schema->find("version")) {
  for (std::size_t index = 0; index < schema->fields().size(); ++index) {
    const auto& field = schema->field(index);
    if (!field.is_hidden() && !field.is_transient()) fields_.push_back({index, digest_of(field)});
  }
  for (const auto& shown : fields_) whole_ ^= shown.digest;
  whole_ending_ = ending_of(whole_);
}

std::optional<std::int64_t> RowTags::version(const validation::Record& row) const {
  if (!version_) return std::nullopt;
  return row.at(*version_).as<std::int64_t>();
}

// Digests of names are as good as random, so that no two sets of them have one sum.
template <typename IsShown>
std::string RowTags::tag(std::int64_t version, const IsShown& is_shown) const {
  std::uint64_t projection = 0;
  for (const auto& shown : fields_) {
    if (is_shown(shown.field)) projection ^= shown.digest;
  }
  std::array<char, std::numeric_limits<std::int64_t>::digits10 + 3> text{'"'};
  auto* const end = std::to_chars(text.data() + 1, text.data() + text.size(), version).ptr;
  std::string tag(text.data(), end);
  return tag.append(projection == whole_ ? whole_ending_ : ending_of(projection));
}

std::optional<std::string> RowTags::of(const validation::Record& row, const access::FieldGrants& readable) const {
  if (!version_) return std::nullopt;
  return tag(row.at(*version_).as<std::int64_t>(), [&](std::size_t field) { return readable.allows(field, row); });
}

std::optional<std::string> RowTags::of(const repositories::Row& row, const access::FieldGrants& readable) const {
  if (!version_) return std::nullopt;
  return tag(row.at(*version_).as<std::int64_t>(), [&](std::size_t field) { return readable.always(field); });
}

std::string RowTags::of_body(std::string_view tag, std::string_view body) {
  constexpr std::size_t kBytes = 16;
  const auto digest = blake2b(body);
  std::string made(tag.substr(0, tag.find('-') + 1));
  return made.append(encode_base64url(as_text(digest).substr(0, kBytes))).append(1, '"');
}

}  // namespace apiwright::engine
