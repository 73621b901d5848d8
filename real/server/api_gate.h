#pragma once

#include <atomic>
#include <memory>

#include "real/api/api.h"
#include "real/http/http_request.h"
#include "real/store/executor.h"

namespace arcas::real {

/// Between the transport and the API: settles who asks, answers questions about health, and carries
/// requests to the API's thread and ended watches, too. `handle` is called on the transport's loop;
/// the API lives on `api_thread`, which outlives every request.
class ApiGate : public std::enable_shared_from_this<ApiGate> {
 public:
  ApiGate(Executor& api_thread, Api& api) : api_thread_(api_thread), api_(&api) {}

  void handle(HttpRequest request, std::shared_ptr<HttpReply> reply);
  /// What `/readyz` says; not ready at first. From any thread.
  void set_ready(bool ready) { ready_ = ready; }
  /// On the API's thread: from now on requests are answered with 503, and the API is left alone.
  void close() { api_ = nullptr; }

 private:
  void answer_health(const HttpRequest& request, std::shared_ptr<HttpReply> reply);
  void hand_over(ApiRequest request, const std::shared_ptr<HttpReply>& reply);

  Executor& api_thread_;
  Api* api_;  // on its thread alone
  std::atomic<bool> ready_ = false;
};

}  // namespace arcas::real
