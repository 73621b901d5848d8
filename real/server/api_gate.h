#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/access/service_account.h"
#include "core/base/expected.h"
#include "core/base/time.h"
#include "real/api/api.h"
#include "real/auth/access_control.h"
#include "real/auth/audit_log.h"
#include "real/auth/authenticator.h"
#include "real/auth/token_key.h"
#include "real/http/http_request.h"
#include "real/store/document_store.h"
#include "real/store/executor.h"

namespace arcas::real {

/// How much users may ask for at once. Members of "system:masters" of tenant `system` are not
/// counted, so that they can help when others are too many.
struct GateLimits {
  std::size_t requests = 1000;         ///< unanswered ones of all; beyond: 429
  std::size_t watches_of_user = 1000;  ///< beyond: 429
};

/// What the gate stands between; all of it outlives every request.
struct GateParts {
  Executor& api_thread;
  Api& api;                     ///< on its thread
  const AccessControl& access;  ///< on the API's thread
  const Authenticator& authenticator;
  AuditLog* audit = nullptr;       ///< null: nothing is written down
  std::function<TimePoint()> now;  ///< from any thread
  GateLimits limits{};
  /// Whose signatures of tokens of service accounts count, and where the accounts are; null: no
  /// such token does.
  const TokenKey* token_key = nullptr;
  const DocumentStore* documents = nullptr;
};

/// Between the transport and the API: settles who asks, writes down what came of it, answers
/// questions about health and about one's own rights, and carries requests to the API's thread,
/// ended watches too. `handle` is called on the transport's loop.
class ApiGate : public std::enable_shared_from_this<ApiGate> {
 public:
  explicit ApiGate(GateParts parts) : parts_(std::move(parts)) {}

  void handle(HttpRequest request, std::shared_ptr<HttpReply> reply);
  /// What `/readyz` says; not ready at first. From any thread.
  void set_ready(bool ready) { ready_ = ready; }
  /// On the API's thread: from now on requests are answered with 503, and the API is left alone.
  void close() { closed_ = true; }

 private:
  class Reply;

  void answer_health(const HttpRequest& request, std::shared_ptr<HttpReply> reply);
  /// Who asks, and, of a service account, by which token, which is yet to be looked after.
  struct Identity {
    access::User user;
    std::optional<access::ServiceAccountToken> token;
  };
  [[nodiscard]] Expected<Identity> identify(const HttpRequest& request, TimePoint now) const;
  void hand_over(ApiRequest request, std::optional<access::ServiceAccountToken> token,
                 std::shared_ptr<Reply> reply);
  void serve(ApiRequest request, const std::shared_ptr<Reply>& reply);

  GateParts parts_;
  std::atomic<bool> ready_ = false;
  std::atomic<std::size_t> unanswered_ = 0;
  bool closed_ = false;                         // on the API's thread
  std::map<std::string, std::size_t> watches_;  // by user; on the API's thread
};

}  // namespace arcas::real
