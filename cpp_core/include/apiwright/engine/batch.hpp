#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apiwright/engine/operation.hpp"
#include "apiwright/engine/router.hpp"

namespace apiwright::engine {

/// Several changes as one: `{"operations": [{"method", "path", "body", "ifMatch"}, …]}`, all of them in one transaction
/// or none. The answer has one item for each, in their order: `{"status", "headers", "body"}`, as each would be
/// answered by itself. What is wrong with any of them is the answer to all, its details below `operations[n]`. Every
/// rule holds that holds for the operation alone, as it sees the rows that those before it left. Who asks is known
/// once, and must be signed in.
class Batch final : public Operation {
 public:
  static constexpr std::size_t kMaxOperations = 100;

  /// `parts`: the operations that a batch may hold, by method and path.
  Batch(const Services& services, Router parts);

  /// Of the body.
  [[nodiscard]] static const validation::SchemaPtr& schema();

 protected:
  [[nodiscard]] bool writes() const override { return true; }
  [[nodiscard]] Input read(const Call& call) const override;
  void authorise(const access::Principal*) const override {}
  [[nodiscard]] Outcome run(data::Connection& connection, const access::Principal* principal, const Call& call,
                            Input& input) const override;

 private:
  struct Part;

  [[nodiscard]] std::vector<Part> parts_of(const access::Principal* principal, const Call& call,
                                           const validation::Record& body) const;
  void find_part(const validation::Record& asked, Part& part) const;

  Router parts_;
  validation::BodyReader reader_;
};

}  // namespace apiwright::engine
