#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core/base/hash.h"
#include "real/all_in_one/hollow_nodes.h"
#include "real/api/api.h"
#include "real/control/control_plane.h"
#include "real/loop/event_loop.h"
#include "real/store/memory_document_store.h"
#include "tests/support/api_world.h"

namespace arcas::real {

/// A whole control plane in one process, over documents in memory, with hollow nodes and an API
/// without sockets. Real time: a test says what it waits for.
class ControlWorld {
 public:
  explicit ControlWorld(std::uint32_t nodes) : store_(loop) { open(nodes); }
  ~ControlWorld() { close(); }

  /// Ends the roles and begins anew on the same documents, as after a crash.
  void restart(std::uint32_t nodes) {
    close();
    open(nodes);
  }

  std::shared_ptr<KeptReply> send(std::string method, std::string target, std::string body = {},
                                  std::string type = "application/json") {
    auto reply = std::make_shared<KeptReply>();
    ApiRequest request{.method = std::move(method),
                       .target = std::move(target),
                       .content_type = std::move(type),
                       .body = std::move(body),
                       .caller = ApiWorld::admin("system")};
    loop.post([this, request = std::move(request), reply]() mutable {
      api->handle(std::move(request), reply);
    });
    run_until([&] { return reply->answers > 0; });
    return reply;
  }
  boost::json::value get(const std::string& target) { return send("GET", target)->json(); }
  /// The objects of a list.
  boost::json::array list(const std::string& target) { return get(target).at("items").as_array(); }
  /// How many objects of a list have `value` at `path`.
  std::size_t count(const std::string& target, std::string_view path, std::string_view value) {
    std::size_t found = 0;
    for (const boost::json::value& item : list(target)) {
      boost::system::error_code none;
      const boost::json::value* at = item.find_pointer(path, none);
      if (at != nullptr && at->is_string() && at->get_string() == value) ++found;
    }
    return found;
  }

  /// Runs until it holds; false after half a minute.
  bool run_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      run_for(milliseconds(5));
    }
    return true;
  }
  void run_for(Duration span) {
    loop.at(loop.now() + span, [this] { loop.stop(); });
    loop.run();
  }

  EventLoop loop;
  std::unique_ptr<ControlPlane> plane;
  std::unique_ptr<Api> api;
  std::vector<std::string> unreadable;

 private:
  void open(std::uint32_t nodes) {
    ControlPlaneOptions options;
    options.random = mix64(++starts_) >> 1U;
    options.most_nodes = 1000;
    options.unreadable = [this](const DocumentKey& key, const Status& why) {
      unreadable.push_back(key.resource + ' ' + key.name + ": " + why.message);
    };
    plane = std::make_unique<ControlPlane>(loop, store_, std::move(options));
    bool opened = false;
    plane->open([&opened] { opened = true; });
    run_until([&] { return opened; });
    api = std::make_unique<Api>(
        store_, Api::Sources{[this] { return mix64(++draws_); },
                             [this] { return loop.now().ns / 1'000'000'000; }, "127.0.0.1:6443",
                             [this] { return plane->new_uuid(); },
                             [this](const DocumentKey& key, const std::string& text) {
                               return plane->check(key, text);
                             }});
    bool ready = false;
    api->bootstrap([&ready] { ready = true; });
    run_until([&] { return ready; });
    HollowNodesOptions hollow_options;
    hollow_options.count = nodes;
    hollow_ = std::make_unique<HollowNodes>(plane->local_agents(), hollow_options);
    const Status started = plane->start();
    hollow_->start();
    if (!started.ok()) unreadable.push_back(started.message);
  }
  void close() {
    api.reset();
    hollow_.reset();
    plane.reset();
    run_for(milliseconds(20));
  }

  MemoryDocumentStore store_;
  std::unique_ptr<HollowNodes> hollow_;
  std::uint64_t draws_ = 0;
  std::uint64_t starts_ = 0;
};

}  // namespace arcas::real
