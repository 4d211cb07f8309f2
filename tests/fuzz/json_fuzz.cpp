#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "apiwright/base/error.hpp"
#include "apiwright/json/reader.hpp"
#include "apiwright/json/writer.hpp"
#include "json/oracle.hpp"
#include "json/recorder.hpp"
#include "require.hpp"

namespace {

using apiwright::Error;
using apiwright::ErrorCode;
using apiwright::fuzz::require;
using apiwright::testing::Oracle;
using apiwright::testing::Recorder;

// The fuzzer's own limit of an input's size bounds both.
constexpr apiwright::json::Limits kLimits{.depth = SIZE_MAX, .values = SIZE_MAX};

/// Writes the document that it is told.
class Rewriter final : public apiwright::json::Handler {
 public:
  explicit Rewriter(std::string& out) : writer_(out) {}

  void null() override { writer_.null(); }
  void boolean(bool value) override { writer_.boolean(value); }
  void integer(std::int64_t value) override { writer_.integer(value); }
  void number(std::string_view text) override { writer_.raw(text); }
  void string(std::string_view value) override { writer_.string(value); }
  void start_object() override { writer_.begin_object(); }
  void key(std::string_view name) override { writer_.key(name); }
  void end_object() override { writer_.end_object(); }
  void start_array() override { writer_.begin_array(); }
  void end_array() override { writer_.end_array(); }

 private:
  apiwright::json::Writer writer_;
};

std::string events_of(std::string_view document) {
  Recorder recorder;
  apiwright::json::read(document, recorder, kLimits);
  return recorder.events();
}

std::optional<Error> refusal_of(std::string_view document, std::string& events) {
  try {
    events = events_of(document);
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  }
}

void require_the_same_when_written_again(std::string_view document, const std::string& events) {
  std::string written;
  Rewriter rewriter(written);
  apiwright::json::read(document, rewriter, kLimits);
  require(events_of(written) == events, "a document written again reads the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view document = apiwright::fuzz::as_text(data, size);
  std::string events;
  const std::optional<Error> refusal = refusal_of(document, events);
  Oracle oracle;
  const bool accepted = nlohmann::json::sax_parse(document, &oracle);
  if (refusal) {
    require(refusal->code() == ErrorCode::kMalformedJson, "what is refused is malformed JSON");
    require(!accepted || apiwright::testing::is_stricter_here(document, *refusal), "nlohmann refuses it, too");
    return 0;
  }
  require_the_same_when_written_again(document, events);
  if (!oracle.has_overflow()) {
    require(accepted, "nlohmann reads it, too");
    require(events == oracle.events(), "nlohmann reads the same");
  }
  return 0;
}
