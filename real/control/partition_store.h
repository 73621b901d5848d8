#pragma once

#include <boost/json/fwd.hpp>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "core/ports/store.h"
#include "core/state/tables.h"
#include "real/control/core_documents.h"
#include "real/control/uid_sequence.h"
#include "real/loop/role_host.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// The store of one partition as the core's roles know it, over documents: reads are typed tables
/// that follow the documents of the partition's kinds; a commit edits, in each document, the fields
/// that the core owns, under the revision that the role has seen. It decides nothing.
///
/// What is not JSON that the core can read is left out of the tables and told to `unreadable`; it
/// does not exist for the roles until it is mended.
/// Cost: parsing and writing of each document that changes, about 20 µs for a pod.
class PartitionStore final : public ports::Store {
 public:
  struct Parts {
    DocumentStore& documents;
    RoleHost& host;
    const CoreDocuments& names;
    UidSequence& uids;  ///< for what roles create
  };
  using Unreadable = std::function<void(const DocumentKey&, const Status&)>;
  /// `kinds`: those that are the partition's; leases among them by their names in `leases`.
  PartitionStore(Parts parts, PartitionId partition, std::set<model::Kind> kinds,
                 std::set<std::string> leases, Unreadable unreadable);
  ~PartitionStore() override;

  /// Reads what is there and follows from then on. Once, before any role starts.
  Status open();

  /// The document of an object that the tables show; none when there is none any more.
  [[nodiscard]] std::optional<Document> document(Uid uid) const;

  void commit(ActorId self, std::uint64_t token, ports::Transaction transaction) override;
  [[nodiscard]] const state::Tables& view(ActorId) const override { return tables_; }
  void watch(ActorId self) override;

 private:
  struct Watcher {
    ActorId actor;
    Revision after = 0;
  };
  /// A commit that is durable and waits for the view to show it.
  struct Answer {
    Revision revision = 0;
    ActorId self;
    std::uint64_t token = 0;
    ports::TransactionResult result;
  };
  /// The writes of a commit, and which operation each belongs to.
  struct Draft {
    std::vector<DocumentWrite> writes;
    std::vector<ports::OperationResult*> results;  // by write
  };

  [[nodiscard]] bool ours(const DocumentKey& key) const;
  void take(Revision revision, const std::vector<DocumentChange>& changes);
  void add_change(ports::ChangeType type, const Document& document, ports::ChangeBatch& batch);
  void answer(Answer answer);
  void send_answers();

  void draft(const ports::PodOperation& operation, ports::OperationResult& result, Draft& draft);
  void draft(const ports::ObjectOperation& operation, ports::OperationResult& result, Draft& draft);
  void draft_creation(DocumentKey key, boost::json::object& document,
                      ports::OperationResult& result, Draft& draft);
  void draft_update(const Document& document, boost::json::object& text,
                    ports::OperationResult& result, Draft& draft);
  void draft_removal(const Document& document, ports::OperationResult& result, Draft& draft);
  /// The document of an object at the version that the role has seen (0: any); else says why not.
  [[nodiscard]] std::optional<Document> find(Uid uid, Revision expected,
                                             ports::OperationResult& result) const;
  [[nodiscard]] std::optional<Document> owner_of(const model::Metadata& meta) const;
  [[nodiscard]] DocumentFence fence_of(const ports::Transaction& transaction) const;
  void send(ActorId self, std::uint64_t token, bool whole, DocumentFence fence, Draft draft,
            std::shared_ptr<ports::TransactionResult> result);

  Parts parts_;
  std::set<model::Kind> kinds_;
  std::set<std::string> leases_;
  Unreadable unreadable_;
  state::Tables tables_;
  boost::unordered_flat_map<std::uint64_t, DocumentKey, StableHash> keys_;  // by uid
  std::vector<Watcher> watchers_;
  std::deque<Answer> answers_;
  std::optional<std::uint64_t> watch_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace arcas::real
