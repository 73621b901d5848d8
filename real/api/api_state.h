#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>

#include "real/api/api.h"
#include "real/api/api_access.h"
#include "real/api/custom_kinds.h"
#include "real/api/kinds.h"
#include "real/api/request_options.h"
#include "real/api/request_path.h"
#include "real/api/status_body.h"

namespace arcas::real {

/// How a client wants objects: as they are, or as rows of a table.
struct TableForm {
  std::string version;                      ///< "v1" or "v1beta1"
  std::string include_object = "Metadata";  ///< "None", "Metadata", "Object"
};

/// One request on its way. Shared by the callbacks that finish it.
struct ApiCall {
  ApiRequest request;
  std::shared_ptr<ApiReply> reply;
  RequestPath path;
  std::vector<std::pair<std::string, std::string>> query;
  std::string verb;
  std::shared_ptr<ServedKinds> served;  ///< what `kind` is of
  const KindInfo* kind = nullptr;
  std::string tenant;  ///< empty: all of them, or a kind of the cluster
  std::optional<TableForm> table;
  std::int32_t attempts = 0;          ///< of a write that lost races
  std::vector<std::string> warnings;  ///< what the client is told besides the answer

  [[nodiscard]] DocumentKey key() const;
  [[nodiscard]] access::AccessRequest access_request() const;
  [[nodiscard]] DocumentScope scope() const;
  void respond(std::uint16_t code, std::string body) const;
  void respond(std::uint16_t code, const boost::json::value& body) const;
  void fail(ApiError error) const;  ///< fills in what the error is about
  void fail(ApiReason reason, std::string message) const;
  void fail_not_found() const;
};
using ApiCallPtr = std::shared_ptr<ApiCall>;

struct OpenWatch {
  ApiCallPtr call;
  ListOptions options;
  std::uint64_t store_watch = 0;
};

struct Api::State : std::enable_shared_from_this<Api::State> {
  State(DocumentStore& documents, Sources given);

  DocumentStore& store;
  Sources sources;
  CustomKinds kinds;
  std::map<std::uint64_t, OpenWatch> watches;
  std::uint64_t next_watch = 1;
  Revision settled_revision = 0;  ///< see Api::send_bookmarks
  std::string continuation_key;   ///< signs continue tokens

  // api_access.cc
  /// Settles the tenant of a request and asks whether the caller may do it. False after a refusal.
  bool authorize(ApiCall& call) const;
  /// May this object be written? False after a refusal.
  bool admit(const ApiCall& call, const boost::json::object* before,
             const boost::json::object* after) const;

  // custom_objects.cc
  /// Removes the objects of a definition that is to go, then the definition. To be called again
  /// while others hold objects back.
  void sweep_definition(const DocumentKey& key);

  // api.cc
  void serve_document(const ApiCall& call);
  void serve_openapi(const ApiCall& call);
  // object_reads.cc
  void get(const ApiCallPtr& call);
  void list(const ApiCallPtr& call);
  // object_watches.cc
  std::uint64_t watch(const ApiCallPtr& call);
  // object_writes.cc
  void create(const ApiCallPtr& call);
  void update(const ApiCallPtr& call);
  /// Writes a new object, or another version of a stored one, and answers. Both have been read, but
  /// not checked.
  void write_new(const ApiCallPtr& call, const WriteOptions& options, boost::json::object object);
  /// What the commit that was to create an object came to; tries again where that may help.
  void answer_created(const ApiCallPtr& call, const std::string& text, bool generated,
                      const DocumentCommit& commit);
  void write_changed(const ApiCallPtr& call, const WriteOptions& options, const Document& current,
                     const boost::json::object& stored, boost::json::object wanted);
  void remove(const ApiCallPtr& call);
  void remove_collection(const ApiCallPtr& call);
  // object_apply.cc
  void apply(const ApiCallPtr& call);
  // subresources.cc
  void subresource(const ApiCallPtr& call);
  void pod_log(const ApiCallPtr& call);
  void connect_pod(const ApiCallPtr& call);
  // service_account_token.cc
  void create_token(const ApiCallPtr& call);
  // pod_subresources.cc
  void bind_pod(const ApiCallPtr& call);
  void evict_pod(const ApiCallPtr& call);

  std::string new_uid() const;
};

/// The table's form that an Accept header asks for first; nothing when it wants plain objects.
std::optional<TableForm> table_form(std::string_view accept);
/// Does the header let JSON be sent?
bool accepts_json(std::string_view accept);

}  // namespace arcas::real
