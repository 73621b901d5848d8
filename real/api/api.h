#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/access/service_account.h"
#include "core/access/user.h"
#include "real/store/document_store.h"

namespace arcas::real {

class ApiAccess;
class Tunnel;

/// Who asks, as the transport has proved it.
using ApiCaller = access::User;

struct ApiRequest {
  std::string method{};
  std::string target{};  ///< path and query
  std::string accept{};
  std::string content_type{};
  std::string body{};
  ApiCaller caller{};
  std::string user_agent{};  ///< names the manager of fields that the query does not name
  /// Of a request that asks to switch protocols: its headers that say to which, in lower case.
  std::vector<std::pair<std::string, std::string>> upgrade{};
};

struct ApiResponse {
  std::uint16_t code = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// Where an answer goes. Called on the thread of the store. Either `respond` is called once, or
/// `begin_stream`, any number of `write`, and `end`; or `upgrade`.
class ApiReply {
 public:
  virtual ~ApiReply() = default;
  virtual void respond(ApiResponse response) = 0;
  /// `timeout_seconds`: when the transport ends the stream by itself; 0: it chooses.
  virtual void begin_stream(std::string content_type, std::uint32_t timeout_seconds) = 0;
  /// False when the reader is too slow and the stream has been given up.
  virtual bool write(std::string_view text) = 0;
  virtual void end() = 0;
  /// The connection becomes a tunnel. Where there is none to be had: an answer that says so.
  virtual void upgrade(std::shared_ptr<Tunnel> tunnel);
};

/// The Kubernetes API with Arktos's tenants over a store of documents. No sockets, no clock, no
/// threads: everything happens on the thread of the store.
class Api {
 public:
  struct Sources {
    std::function<std::uint64_t()> random;
    std::function<std::int64_t()> unix_seconds;
    std::string address{};  ///< told in discovery: "127.0.0.1:6443"
    /// UUIDs of new objects; empty: random ones.
    std::function<std::string()> uuid{};
    /// What those who live on the documents cannot read in one that is to be written, by its first
    /// wrong field; empty: they read everything.
    std::function<Status(const DocumentKey&, const std::string& json)> check{};
    /// Answers a request for a pod's log by its query; empty: no log can be had.
    using Query = std::vector<std::pair<std::string, std::string>>;
    std::function<void(const Document& pod, const Query&, std::shared_ptr<ApiReply>)> log{};
    /// Connects a client with something of a pod ("exec", "attach", "portforward"), which is bound;
    /// empty: no such thing can be had.
    std::function<void(const Document& pod, const ApiRequest&, const std::string& subresource,
                       const Query&, std::shared_ptr<ApiReply>)>
        connect{};
    /// What callers may do; null: members of "system:masters" everything within the walls of their
    /// tenant, others nothing. Outlives the API.
    const ApiAccess* access = nullptr;
    /// The text of a token of a service account. It fills in the issuer, and for whom the token is
    /// when nobody is named. Empty: none can be had.
    std::function<Expected<std::string>(access::ServiceAccountToken&)> issue_token{};
  };

  Api(DocumentStore& store, Sources sources);
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// Writes what a new cluster has: tenant `system` and its namespaces. What exists stays.
  void bootstrap(std::function<void()> done);

  /// Answers a request, at once or later. Gives what `cancel` wants when it is a watch, else 0.
  std::uint64_t handle(ApiRequest request, std::shared_ptr<ApiReply> reply);
  /// The client has gone: its watch ends without a word. Others are left alone.
  void cancel(std::uint64_t watch);
  /// Tells every watcher that asked for bookmarks how far the store was when this was called the
  /// last time. To be called at intervals, of a few seconds at least.
  void send_bookmarks();
  /// Ends the watches of callers who may not watch any more. To be called when rights change.
  void recheck_watches();
  [[nodiscard]] std::size_t watches() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace arcas::real
