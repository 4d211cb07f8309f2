#pragma once

#include <stdlib.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vector>

#include "apiwright/base/clock.hpp"
#include "apiwright/data/database.hpp"
#include "apiwright/data/migrations.hpp"
#include "apiwright/repositories/roles.hpp"
#include "apiwright/repositories/sessions.hpp"
#include "apiwright/repositories/users.hpp"

namespace apiwright::bench {

/// 2026-01-01T00:00:00.000Z
constexpr Timestamp kStart{std::chrono::milliseconds(1'767'225'600'000)};

inline Key key_of(std::uint8_t byte) {
  std::array<std::uint8_t, Key::kBytes> bytes{};
  bytes.fill(byte);
  return Key(bytes);
}

/// A user as a checked body leaves it.
inline validation::Record user_record(std::int64_t number) {
  validation::Record record(repositories::users_schema());
  record.set("email", "user" + std::to_string(number) + "@example.com");
  record.set("name", "User Number " + std::to_string(number));
  record.set("status", std::string(number % 5 == 0 ? "inactive" : "active"));
  record.set("roles", validation::Array{});
  return record;
}

/// A database of its own in a new folder below `parent`, with so many users, one a minute and every fifth inactive, and
/// a session of each of the first 64 active ones. One thread.
class SeededDatabase {
 public:
  explicit SeededDatabase(const std::filesystem::path& parent, std::int64_t count = 10'000) : folder_(parent) {
    database_ = data::Database::open("sqlite:///" + (folder_.path / "bench.db").string());
    connection_ = database_->connect();
    const data::Migrations migrations("apiwright", std::string(APIWRIGHT_MIGRATIONS_DIR) + "/sqlite");
    migrations.up(*connection_, ManualClock(kStart));
    data::Transaction transaction(*connection_);
    for (std::int64_t number = 0; number < count; ++number) add(number);
    transaction.commit();
  }

  /// In a file system of memory: what is measured there is not the disk.
  [[nodiscard]] static SeededDatabase& in_memory() {
    static SeededDatabase seeded("/dev/shm");
    return seeded;
  }
  [[nodiscard]] static SeededDatabase& on_disk() {
    static SeededDatabase seeded(std::filesystem::current_path());
    return seeded;
  }

  [[nodiscard]] data::Database& database() const noexcept { return *database_; }
  [[nodiscard]] data::Connection& connection() const noexcept { return *connection_; }
  [[nodiscard]] const repositories::Users& users() const noexcept { return users_; }
  [[nodiscard]] const repositories::Sessions& sessions() const noexcept { return sessions_; }

  /// Ids and claims in an order that has nothing to do with their place in the file.
  [[nodiscard]] const Uuid& next_id() { return ids_[(turn_++ * kStride) % ids_.size()]; }
  [[nodiscard]] const tokens::AccessClaims& next_claims() { return claims_[turn_++ % claims_.size()]; }

  /// Of a new user with two roles that grant something.
  [[nodiscard]] tokens::AccessClaims claims_of_an_editor() {
    auto record = user_record(new_number());
    record.set("status", std::string("active"));
    record.set("roles", validation::Array{std::string("editor"), std::string("reviewer")});
    data::Transaction transaction(*connection_);
    tokens::AccessClaims claims;
    claims.subject = users_.rows().insert(*connection_, std::move(record), kStart).at("id").as<Uuid>();
    claims.session = sessions_.start(*connection_, claims.subject, {}, kStart).id;
    for (const auto* name : {"editor", "reviewer"}) add_role(name);
    transaction.commit();
    return claims;
  }

  /// A number that no user has yet.
  [[nodiscard]] std::int64_t new_number() { return next_number_++; }

 private:
  static constexpr std::size_t kStride = 7919;  // a prime
  static constexpr std::size_t kSessions = 64;

  struct Folder {
    explicit Folder(const std::filesystem::path& parent) {
      auto text = (parent / "apiwright-bench-XXXXXX").string();
      if (::mkdtemp(text.data()) == nullptr) throw std::runtime_error("mkdtemp in " + parent.string());
      path = text;
    }
    ~Folder() {
      std::error_code ignored;
      std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::filesystem::path path;
  };

  void add(std::int64_t number) {
    const auto now = kStart + std::chrono::minutes(number);
    const auto row = users_.rows().insert(*connection_, user_record(number), now);
    ids_.push_back(row.at("id").as<Uuid>());
    if (row.at("status").as<std::string>() != "active" || claims_.size() == kSessions) return;
    auto& claims = claims_.emplace_back();
    claims.subject = ids_.back();
    claims.session = sessions_.start(*connection_, ids_.back(), {}, kStart).id;
  }

  void add_role(const std::string& name) {
    if (roles_.rows().find_by(*connection_, "name", name)) return;  // from an earlier run
    validation::Record role(repositories::roles_schema());
    role.set("name", name);
    role.set("permissions", validation::Array{name + ":read", name + ":write"});
    static_cast<void>(roles_.rows().insert(*connection_, std::move(role), kStart));
  }

  Folder folder_;
  std::unique_ptr<data::Database> database_;
  std::unique_ptr<data::Connection> connection_;
  repositories::Users users_;
  repositories::Roles roles_;
  repositories::Sessions sessions_{tokens::RefreshTokens(key_of(2)), {}};
  std::vector<Uuid> ids_;
  std::vector<tokens::AccessClaims> claims_;
  std::size_t turn_ = 0;
  std::int64_t next_number_ = 1'000'000'000;
};

}  // namespace apiwright::bench
