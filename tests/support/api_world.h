#pragma once

#include <boost/json.hpp>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/hash.h"
#include "real/api/api.h"
#include "real/store/memory_document_store.h"

namespace arcas::real {

/// Runs what is posted when it is told to.
class ManualExecutor final : public Executor {
 public:
  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void run() {
    while (!queue_.empty()) {
      const std::function<void()> work = std::move(queue_.front());
      queue_.pop_front();
      work();
    }
  }

 private:
  std::deque<std::function<void()>> queue_;
};

/// Keeps an answer.
class KeptReply final : public ApiReply {
 public:
  void respond(ApiResponse response) override {
    ++answers;
    last = std::move(response);
  }
  void begin_stream(std::string type, std::uint32_t seconds) override {
    ++answers;
    last.content_type = std::move(type);
    timeout_seconds = seconds;
    streaming = true;
  }
  bool write(std::string_view text) override {
    if (full) return false;
    stream += text;
    return true;
  }
  void end() override { streaming = false; }

  [[nodiscard]] boost::json::value json() const { return boost::json::parse(last.body); }
  /// The events of a stream so far, as "TYPE name".
  [[nodiscard]] std::vector<std::string> events() const {
    std::vector<std::string> list;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = stream.find('\n', begin)) != std::string::npos;
         begin = end + 1) {
      const boost::json::value event = boost::json::parse(stream.substr(begin, end - begin));
      std::string text(event.at("type").as_string());
      const boost::json::object& object = event.at("object").as_object();
      if (const auto* metadata = object.if_contains("metadata")) {
        if (const auto* name = metadata->as_object().if_contains("name")) {
          text += ' ' + std::string(name->as_string());
        }
      }
      list.push_back(text);
    }
    return list;
  }

  ApiResponse last;
  std::string stream;
  std::uint32_t timeout_seconds = 0;
  int answers = 0;
  bool streaming = false;
  bool full = false;
};

/// An API over a store in memory, with a clock and random numbers of the test's own.
class ApiWorld {
 public:
  ApiWorld() : store(executor, HistoryLimit{50}), api(store, sources()) {
    api.bootstrap({});
    executor.run();
  }

  std::shared_ptr<KeptReply> send(ApiRequest request) {
    auto reply = std::make_shared<KeptReply>();
    if (request.caller.name.empty()) request.caller = admin("system");
    watch = api.handle(std::move(request), reply);
    executor.run();
    return reply;
  }
  std::shared_ptr<KeptReply> get(std::string target, std::string accept = {}) {
    return send({.method = "GET", .target = std::move(target), .accept = std::move(accept)});
  }
  std::shared_ptr<KeptReply> post(std::string target, std::string body) {
    return send({.method = "POST", .target = std::move(target), .body = std::move(body)});
  }
  std::shared_ptr<KeptReply> put(std::string target, const boost::json::value& body) {
    return send(
        {.method = "PUT", .target = std::move(target), .body = boost::json::serialize(body)});
  }
  std::shared_ptr<KeptReply> patch(std::string target, std::string type, std::string body) {
    return send({.method = "PATCH",
                 .target = std::move(target),
                 .content_type = "application/" + type + "+json",
                 .body = std::move(body)});
  }
  std::shared_ptr<KeptReply> remove(std::string target, std::string body = {}) {
    return send({.method = "DELETE", .target = std::move(target), .body = std::move(body)});
  }
  /// A small deployment that the API accepts.
  static std::string deployment(const std::string& name) {
    return R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":")" + name +
           R"("},"spec":{"selector":{"matchLabels":{"app":"a"}},"template":{"metadata":{"labels":
           {"app":"a"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}})";
  }
  static ApiCaller admin(std::string tenant) {
    return {"admin", std::move(tenant), {"system:masters"}};
  }

  /// What would be connected is told as an answer: "exec of p".
  Api::Sources sources() {
    Api::Sources result{[this] { return mix64(++draws); }, [this] { return now; },
                        "127.0.0.1:6443"};
    result.connect = [](const Document& pod, const ApiRequest&, const std::string& subresource,
                        const Api::Sources::Query&, const std::shared_ptr<ApiReply>& reply) {
      ApiResponse response;
      response.body = subresource + " of " + pod.key.name;
      reply->respond(std::move(response));
    };
    return result;
  }

  ManualExecutor executor;
  MemoryDocumentStore store;
  std::uint64_t draws = 0;
  std::int64_t now = 1'769'860'800;  // 2026-01-31T12:00:00Z
  Api api;
  std::uint64_t watch = 0;
};

}  // namespace arcas::real
