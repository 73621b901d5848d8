#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/expected.h"
#include "core/base/id.h"

namespace arcas::real {

/// Where an object lives. `resource` is the plural name with its group, as kubectl prints it:
/// "pods", "deployments.apps". Cluster-scoped kinds have no name space; kinds of the system have no
/// tenant.
struct DocumentKey {
  std::string resource;
  std::string tenant;
  std::string name_space;
  std::string name;
  auto operator<=>(const DocumentKey&) const = default;
};

/// One version of an object: the whole of its JSON as a client reads it, but for
/// metadata.resourceVersion, which is `revision`. Texts are shared and never change.
struct Document {
  DocumentKey key;
  std::string uid;
  Revision revision = 0;
  std::shared_ptr<const std::string> json;
};

struct DocumentWrite {
  enum class Verb : std::uint8_t { create, update, remove };
  Verb verb = Verb::create;
  DocumentKey key;
  std::string uid;        ///< create: the new object's; otherwise a precondition unless empty
  Revision expected = 0;  ///< update, remove: of the version it is based on; 0: any
  std::shared_ptr<const std::string> json;
};

/// The leadership under which a commit is made. A store keeps the highest epoch it has seen of each
/// lease and refuses commits of lower ones, so that a leader of the past writes nothing.
struct DocumentFence {
  std::string lease;
  std::uint64_t epoch = 0;
};

/// What a commit came to: `revision` is one for all its writes; `results` are in the order of the
/// writes. In all-or-nothing commits nothing is written unless every result is ok.
/// Codes: already_exists, not_found, conflict (uid or revision), forbidden (fenced off).
struct DocumentCommit {
  Revision revision = 0;
  std::vector<StatusCode> results;
};

struct DocumentChange {
  enum class Type : std::uint8_t { added, modified, removed };
  Type type = Type::added;
  Document document;  ///< removed: the last version, with the revision of the removal
  std::shared_ptr<const std::string> before;  ///< modified: the version before, for selectors
};

/// What a list and a watch cover. Empty: any. Of resources only one, or any.
struct DocumentScope {
  std::string resource;
  std::string tenant;
  std::string name_space;
};

struct DocumentPage {
  std::vector<Document> documents;
  Revision revision = 0;            ///< that the list is of
  std::optional<DocumentKey> next;  ///< where the next page begins
  std::uint64_t remaining = 0;      ///< documents after this page
};

/// A durable, revisioned map of JSON documents with history: what the API of the real control plane
/// reads and writes. Every commit that writes something has one revision, one more than the one
/// before; one that writes nothing has that of the last. Reads and watches show what is durable.
/// All calls come from one thread, and callbacks run on it, never inside the call that caused them;
/// `done` of a commit runs when its changes are visible, before watchers are told.
class DocumentStore {
 public:
  using Committed = std::function<void(const DocumentCommit&)>;
  /// Changes of one revision, in order. `compacted`: the watcher fell behind the history and hears
  /// no more (Kubernetes's 410 Gone).
  using Watcher = std::function<void(Revision, const std::vector<DocumentChange>&, bool compacted)>;

  virtual ~DocumentStore() = default;

  /// Starts a commit; `done` is told when it is durable. Commits take effect in the order of calls:
  /// preconditions see what earlier calls will have written. `done` may be empty.
  virtual void commit(std::vector<DocumentWrite> writes, bool all_or_nothing, Committed done,
                      const DocumentFence& fence = {}) = 0;

  [[nodiscard]] virtual std::optional<Document> get(const DocumentKey& key) const = 0;
  /// In the order of keys, from `from` on, at most `limit` (0: all). `at`: as of that revision
  /// (0: newest); code `gone` when it is compacted. Cost: the page, plus the history since `at`.
  [[nodiscard]] virtual Expected<DocumentPage> list(const DocumentScope& scope,
                                                    const std::optional<DocumentKey>& from,
                                                    std::size_t limit, Revision at) const = 0;
  /// Tells every change after `after`; those that have happened already come first. Code `gone`
  /// when the history does not reach back so far.
  virtual Expected<std::uint64_t> watch(const DocumentScope& scope, Revision after,
                                        Watcher watcher) = 0;
  virtual void unwatch(std::uint64_t watch) = 0;

  [[nodiscard]] virtual Revision revision() const = 0;
  [[nodiscard]] virtual Revision compacted() const = 0;  ///< lists and watches from here on work
};

}  // namespace arcas::real
