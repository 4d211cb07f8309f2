#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <future>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "apiwright/engine/users.hpp"
#include "support/people.hpp"

namespace apiwright::support {

/// The value of the first header of that name.
inline std::optional<std::string> header(const std::vector<engine::Header>& headers, std::string_view name) {
  for (const auto& header : headers) {
    if (header.name == name) return header.value;
  }
  return std::nullopt;
}
inline std::optional<std::string> header(const engine::Response& response, std::string_view name) {
  return header(response.headers, name);
}

/// A file that a Log writes to and a test reads.
class LogFile {
 public:
  explicit LogFile(const data::TemporaryFolder& folder)
      : path_(folder.path() / "log"),
        descriptor_(::open(path_.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600)) {}  // NOLINT(*-vararg)
  ~LogFile() { ::close(descriptor_); }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] std::string text() const {
    std::ifstream file(path_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
  int descriptor_;
};

/// The wire of a test: what a client sends.
struct Ask {
  std::string token;  ///< empty: anonymous
  std::string query;
  std::string body;
  std::optional<std::string> id;
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string_view media_type = "application/json";
};

/// Somebody signed in.
struct Person {
  Uuid id;
  Uuid session;
  std::string token;

  [[nodiscard]] std::string id_text() const { return id.to_string(); }
};

/// Everything behind the operations, over a real database, with the cheapest hash.
class Api {
 public:
  People people;
  LogFile log{people.database.folder()};
  tokens::AccessTokens access_tokens{key_of(1), {}};
  passwords::HashingPool hashing{passwords::Hasher({.memory_kib = 8, .passes = 1}), 1, 16, std::chrono::minutes(1)};
  engine::Cursors cursors{key_of(3)};
  repositories::IdempotencyKeys idempotency_keys{key_of(4)};
  engine::Services services{people.clock, *people.database, hashing, people.sessions, cursors, idempotency_keys};
  engine::UserOperations users{services, people.users, people.accounts};
  engine::SessionOperations sessions{services};
  engine::Gateway gateway{{.anonymous = std::nullopt,
                           .authenticated = std::nullopt,
                           .login = std::nullopt,
                           .log = {.json = true, .requests = true, .descriptor = log.descriptor()}},
                          access_tokens,
                          people.clock};

  Api() = default;
  ~Api() {
    hashing.stop();
    people.database->stop(std::chrono::seconds(10));
  }
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  [[nodiscard]] Person sign_in(const Uuid& user) const {
    const auto session = people.start(user).id;
    return {user, session, access_tokens.issue(user, session, people.clock.now())};
  }
  [[nodiscard]] Person person(std::string_view email, std::initializer_list<std::string_view> roles = {}) const {
    return sign_in(people.add_user(email, roles));
  }

  [[nodiscard]] engine::Call call(const Ask& ask) {
    engine::RequestHead head;
    head.headers = ask.headers;
    const auto bearer = "Bearer " + ask.token;
    if (!ask.token.empty()) head.headers.emplace_back("authorization", bearer);
    if (!ask.body.empty()) head.headers.emplace_back("content-type", ask.media_type);
    return {gateway.begin(head), ask.query, ask.body, ask.id};
  }

  [[nodiscard]] engine::Response ask(const engine::Operation& operation, const Ask& ask) {
    std::promise<engine::Response> answered;
    operation.answer(call(ask), [&](engine::Response response) { answered.set_value(std::move(response)); });
    return answered.get_future().get();
  }
};

/// What an error's answer says, in short: `403 FORBIDDEN roles:forbidden`.
inline std::string said(const engine::Response& response) {
  auto text = std::to_string(response.status);
  if (response.status < 400) return text;
  const auto error = nlohmann::json::parse(response.body).at("error");
  text += " " + error.at("code").get<std::string>();
  for (const auto& detail : error.at("details")) {
    text += " " + detail.at("field").get<std::string>() + ":" + detail.at("code").get<std::string>();
  }
  return text;
}

/// The `data` of a good answer.
inline nlohmann::json data_of(const engine::Response& response) {
  return nlohmann::json::parse(response.body).at("data");
}

}  // namespace apiwright::support
