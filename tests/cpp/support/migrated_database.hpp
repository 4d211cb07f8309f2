#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "apiwright/base/clock.hpp"
#include "apiwright/base/digest.hpp"
#include "apiwright/data/database.hpp"
#include "apiwright/data/migrations.hpp"
#include "data/temporary_database.hpp"

namespace apiwright::support {

/// 2026-01-01T00:00:00.000Z
constexpr Timestamp kStart{std::chrono::milliseconds(1'767'225'600'000)};

/// A key that tests may know.
inline Key key_of(std::uint8_t byte) {
  std::array<std::uint8_t, Key::kBytes> bytes{};
  bytes.fill(byte);
  return Key(bytes);
}

/// A real database in a temporary folder, with the project's own migrations applied.
class MigratedDatabase {
  // Before its uses: they need the type it deduces.
  template <typename Run, typename Within>
  static auto result_of(const Run& run, const Within& within) {
    using Result = std::invoke_result_t<const Run&, data::Connection&>;
    if constexpr (std::is_void_v<Result>) {
      within([&](data::Connection& connection) { run(connection); });
    } else {
      std::optional<Result> result;
      within([&](data::Connection& connection) { result.emplace(run(connection)); });
      return std::move(*result);
    }
  }

 public:
  explicit MigratedDatabase(data::DatabaseOptions options = {})
      : database_(data::Database::open(folder_.url(), options)) {
    const auto connection = database_->connect();
    const data::Migrations migrations("apiwright", std::string(APIWRIGHT_MIGRATIONS_DIR) + "/sqlite");
    migrations.up(*connection, ManualClock(kStart));
  }

  [[nodiscard]] data::Database& operator*() const noexcept { return *database_; }
  [[nodiscard]] data::Database* operator->() const noexcept { return database_.get(); }
  [[nodiscard]] const data::TemporaryFolder& folder() const noexcept { return folder_; }

  /// What `run` returns, from a write transaction of its own.
  template <typename Run>
  auto write(const Run& run) const {
    return result_of(run, [this](const auto& inside) { database_->write(inside); });
  }
  /// The same from a read snapshot.
  template <typename Run>
  auto read(const Run& run) const {
    return result_of(run, [this](const auto& inside) { database_->read(inside); });
  }

  void execute(std::string_view sql) const {
    write([&](data::Connection& connection) { data::execute(connection, sql); });
  }
  [[nodiscard]] std::int64_t integer(std::string_view sql) const {
    return read([&](data::Connection& connection) { return data::integer_of(connection, sql); });
  }
  [[nodiscard]] std::string text(std::string_view sql) const {
    return read([&](data::Connection& connection) { return data::text_of(connection, sql); });
  }

 private:
  data::TemporaryFolder folder_;
  std::unique_ptr<data::Database> database_;
};

}  // namespace apiwright::support
