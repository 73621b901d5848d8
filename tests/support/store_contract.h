#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/ports/transaction.h"
#include "core/state/tables.h"

namespace arcas::tests {

/// One implementation of the Store port under test, driven from outside.
class StoreSubject {
 public:
  struct Answer {
    ActorId caller;
    std::uint64_t token = 0;
    ports::TransactionResult result;
  };

  virtual ~StoreSubject() = default;
  virtual void commit(ActorId caller, std::uint64_t token, ports::Transaction transaction) = 0;
  /// Lets everything that is under way finish.
  virtual void settle() = 0;
  [[nodiscard]] virtual const state::Tables& view() const = 0;

  std::vector<Answer> answers;              ///< in the order of their arrival
  std::vector<ports::ChangeBatch> changes;  ///< as a watcher from revision 0 gets them
};

/// Makes a new, empty store of partition 3.
struct StoreFactory {
  std::string name;
  std::function<std::unique_ptr<StoreSubject>()> make;
  friend void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }
};

/// The suite of tests/contract/store_contract_test.cc. Every implementation instantiates it, each
/// in a file of its own: INSTANTIATE_TEST_SUITE_P(Sqlite, StoreContract, testing::Values(...)).
class StoreContract : public testing::TestWithParam<StoreFactory> {
 protected:
  StoreContract() : subject(GetParam().make()) {}

  ports::TransactionResult commit(ports::Transaction transaction) {
    const std::uint64_t token = ++next_token;
    subject->commit(ActorId{1}, token, std::move(transaction));
    subject->settle();
    EXPECT_FALSE(subject->answers.empty());
    if (subject->answers.empty()) return {};
    EXPECT_EQ(subject->answers.back().token, token);
    return subject->answers.back().result;
  }

  std::unique_ptr<StoreSubject> subject;
  std::uint64_t next_token = 0;
};

}  // namespace arcas::tests
