#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "apiwright/data/database.hpp"
#include "apiwright/engine/cursors.hpp"
#include "apiwright/engine/exchange.hpp"
#include "apiwright/passwords/hashing_pool.hpp"
#include "apiwright/repositories/accounts.hpp"
#include "apiwright/repositories/idempotency_keys.hpp"
#include "apiwright/validation/body_reader.hpp"

namespace apiwright::engine {

/// What operations work with; all of it outlives them.
struct Services {
  const Clock& clock;
  data::Database& database;
  passwords::HashingPool& hashing;
  const repositories::Sessions& sessions;
  const Cursors& cursors;
  const repositories::IdempotencyKeys& idempotency_keys;
};

/// One request to one operation, owning its bytes.
struct Call {
  /// Bytes of a body that are read on the caller's thread; longer ones, which take a while, on a reader's.
  static constexpr std::size_t kShortBody = 16 * 1024;

  std::shared_ptr<const Exchange> exchange;
  std::string query;  ///< without the `?`
  std::string body;
  std::optional<std::string> id;             ///< the path's {id}, decoded
  std::optional<ConditionalHeaders> part{};  ///< those of a part of a batch, in place of the request's

  [[nodiscard]] const ConditionalHeaders& conditional() const { return part ? *part : exchange->conditional(); }
};

/// What came of a request.
struct Outcome {
  Response response;
  std::optional<validation::Record> before{};  ///< of a change or a removal: the row as it was
  std::optional<validation::Record> after{};   ///< of a change or a creation: the row as it is now
  bool replayed = false;                       ///< nothing was done: the answer was given before
};

/// A caller who may ask, and what they sent.
struct Admission {
  std::optional<access::Principal> principal;                   ///< none: nobody is signed in
  std::optional<validation::Record> body;                       ///< checked; a password is not in it any more
  std::optional<std::string> password_hash;                     ///< PHC, of a password that this caller may set
  std::optional<repositories::IdempotentRequest> idempotent{};  ///< of an Idempotency-Key
  std::optional<Response> answer{};  ///< what the same request was answered before: nothing is left to do
};

/// The whole of a request, from its bytes to a finished answer: authenticate, authorise, validate, repository,
/// serialise. It knows neither Python nor ASGI. Immutable, thread-safe.
class Operation {
 public:
  /// Told once, on any thread, perhaps before answer() returns.
  using Done = std::function<void(Response)>;

  virtual ~Operation() = default;
  Operation(const Operation&) = delete;
  Operation& operator=(const Operation&) = delete;

  /// Who asks by the request's token alone, before a body is waited for; none where anonymous callers may ask and the
  /// request brought no Authorization. Throws Error(kUnauthorized or kTokenExpired) otherwise.
  [[nodiscard]] std::optional<tokens::AccessClaims> identify(const Exchange& exchange) const;

  /// The answer here and now where that costs little: a refusal, or a read within the database's step budget. Otherwise
  /// nothing: answer() it then. A body is not looked at. Never throws: every failure is an answer too.
  [[nodiscard]] std::optional<Response> answer_now(const Call& call) const;

  /// The answer to any call. Never throws.
  void answer(Call call, Done done) const;

  // The same in steps, for who puts something between them. What goes wrong is told, or thrown at once, as an
  // exception.

  using Admitted = std::function<void(std::exception_ptr, Admission)>;
  using Told = std::function<void(std::exception_ptr, Outcome)>;

  /// Who asks and what for, once that is known to be good. Told once.
  void admit(Call call, Admitted told) const;
  /// All of it as one work of `runner`; told when that is done. Of the admission its password's hash stands for the
  /// body's password, which is not hashed here, and its request for this one, whose body may have been changed since.
  void answer_within(data::Runner& runner, Call call, Admission admission, Told told) const;

 protected:
  explicit Operation(const Services& services) : services_(services) {}

  /// What a call asks for, read before any database is touched. Its faults are told only to a caller who may ask at
  /// all.
  struct Input {
    std::optional<Uuid> id;
    std::optional<validation::Record> body;
    std::optional<Secret> password;  ///< to be hashed into the body's `password_hash` first
    Preconditions preconditions{};
    std::optional<repositories::IdempotentRequest> idempotent{};  ///< its good answer is kept, and given again
  };

  [[nodiscard]] virtual bool writes() const = 0;
  [[nodiscard]] virtual Input read(const Call& call) const = 0;

  /// For read() of what is kept: the request that an Idempotency-Key makes of this one, none without a key. `route`:
  /// such as `POST /api/v1/users`. Throws Error(kValidationError) for what is no key, or whose.
  [[nodiscard]] std::optional<repositories::IdempotentRequest> idempotent(const Call& call,
                                                                          std::string_view route) const;

  // A principal is null while nobody is signed in, which happens only where this is true.
  [[nodiscard]] virtual bool admits_anonymous() const { return false; }
  /// Throws Error(kForbidden) when this principal may not ask for this at all.
  virtual void authorise(const access::Principal* principal) const = 0;
  /// What reads rows by one statement needs no common moment: who asks may be looked up before.
  [[nodiscard]] virtual data::Reading reading(const Call& call) const;
  /// Asks for what will be read once it is known who asks, where that is known by then; see data::Statement::ask().
  virtual void foresee(data::Connection& connection, const Input& input) const;
  /// True when a password that this principal sends may be hashed; false leaves the refusal to run().
  [[nodiscard]] virtual bool may_set_password(const access::Principal* principal) const;
  [[nodiscard]] virtual Outcome run(data::Connection& connection, const access::Principal* principal, const Call& call,
                                    Input& input) const = 0;

  [[nodiscard]] const Services& services() const noexcept { return services_; }

 private:
  friend class Batch;  // reads and runs others in its own transaction
  struct Pending;
  using PendingPtr = std::shared_ptr<Pending>;

  using Stage = void (Operation::*)(data::Connection&, Pending&) const;
  using Next = void (Operation::*)(const PendingPtr&) const;

  static void submit(data::Runner& runner, bool writes, data::Work work);
  void begin(const PendingPtr& pending) const;
  void proceed(const PendingPtr& pending) const;
  void on_reader(const PendingPtr& pending, Stage stage, Next next) const;
  void admit_and_read(data::Connection& connection, Pending& pending) const;
  void decide_hashing(data::Connection& connection, Pending& pending) const;
  void hash_or_execute(const PendingPtr& pending) const;
  void execute(const PendingPtr& pending) const;
  void identify_principal(data::Connection& connection, Pending& pending) const;
  void perform_and_tell(const PendingPtr& pending) const;
  void admitted(const PendingPtr& pending) const;
  void keep_principal(data::Connection& connection, Pending& pending) const;
  void tell_admission(const PendingPtr& pending) const;
  void read_input(Pending& pending) const;
  void perform(data::Connection& connection, Pending& pending) const;
  [[nodiscard]] std::optional<Response> kept_answer(data::Connection& connection, const access::Principal* principal,
                                                    const Input& input, Timestamp now) const;
  void keep_answer(data::Connection& connection, const access::Principal* principal, const Input& input,
                   const Response& response) const;
  [[nodiscard]] std::optional<access::Principal> principal_of(data::Connection& connection,
                                                              const Pending& pending) const;

  Services services_;
};

}  // namespace apiwright::engine
