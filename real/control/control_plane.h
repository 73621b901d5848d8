#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/base/expected.h"
#include "core/roles/context.h"
#include "core/roles/profile.h"
#include "real/control/core_documents.h"
#include "real/control/partition_store.h"
#include "real/control/uid_sequence.h"
#include "real/loop/event_loop.h"
#include "real/loop/role_host.h"
#include "real/store/document_store.h"

namespace arcas::real {

struct ControlPlaneOptions {
  roles::Profile profile = roles::Profile::arcas();
  std::uint32_t most_nodes = 65'536;      ///< names of nodes that may ever be seen
  std::uint64_t random = 0;               ///< different in every process that ever runs
  RoleHost::Notes notes;                  ///< what roles note; may be empty
  PartitionStore::Unreadable unreadable;  ///< documents that the core cannot read; may be empty
  /// The address of a pod that runs on a node whose runtime tells none; may be empty.
  CoreDocuments::AddressOf address_of;
  std::string certificate{};  ///< of the server's authority, PEM, for pods to know it by
};

/// What node agents in the process of the control plane need.
struct LocalAgents {
  EventLoop& loop;
  RoleHost& host;
  model::Catalog& catalog;
  const roles::Profile& profile;
  const roles::Endpoints& endpoints;
  DocumentStore& documents;
  std::function<std::optional<Document>(Uid)> pod;  ///< the document of a pod
};

/// The core's roles over a store of documents, in one process: one tenant partition with its api
/// server, scheduler and controller manager, and one resource partition with its node manager. The
/// API's clients write documents, the roles follow them and write their part.
class ControlPlane {
 public:
  ControlPlane(EventLoop& loop, DocumentStore& documents, ControlPlaneOptions options);
  ~ControlPlane();
  ControlPlane(const ControlPlane&) = delete;
  ControlPlane& operator=(const ControlPlane&) = delete;

  /// Makes UUIDs to be had; before anything is written. `done` runs on the loop.
  void open(std::function<void()> done);
  /// The UUID of a new object.
  [[nodiscard]] std::string new_uuid();
  /// Reads the documents and starts the roles. After `open`.
  Status start();
  /// Ends them. The documents stay as they are.
  void stop();

  /// What the core could not do with a document, before it is written: the first field that is
  /// wrong. Kinds that the core does not have are fine.
  [[nodiscard]] Status check(const DocumentKey& key, const std::string& json) const;

  [[nodiscard]] LocalAgents local_agents();

 private:
  struct Roles;
  std::unique_ptr<Roles> roles_;
};

}  // namespace arcas::real
