#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/base/expected.h"
#include "real/api/api.h"
#include "real/loop/event_loop.h"
#include "real/server/server_options.h"
#include "real/store/document_store.h"

namespace arcas::real {

/// The control plane of one machine. Two threads: the store, the API and the roles on one, the
/// transport on the other.
class Server {
 public:
  /// Opens the store, makes what is missing (authority, tenant `system`), listens, and writes the
  /// administrator's kubeconfig. Errors name the file or the option.
  static Expected<std::unique_ptr<Server>> open(const ServerOptions& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Works until `stop`, SIGTERM or SIGINT; then answers what is in hand and closes the store.
  void run();
  void stop();  ///< from any thread

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string address() const;  ///< "https://127.0.0.1:6443"

  // For the roles; on the loop's thread, or before `run`.
  [[nodiscard]] EventLoop& loop();
  [[nodiscard]] DocumentStore& store();
  [[nodiscard]] Api& api();

 private:
  struct Parts;
  explicit Server(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace arcas::real
