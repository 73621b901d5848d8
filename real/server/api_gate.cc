#include "real/server/api_gate.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>
#include <utility>

#include "real/api/status_body.h"
#include "real/auth/access_reviews.h"
#include "real/auth/service_account_tokens.h"

namespace arcas::real {
namespace {

ApiResponse refusal(ApiReason reason, std::string message, std::int32_t retry_after_seconds = 0) {
  ApiError error;
  error.reason = reason;
  error.message = std::move(message);
  error.retry_after_seconds = retry_after_seconds;
  ApiResponse response;
  response.code = error.http_code();
  response.body = boost::json::serialize(error.body());
  if (retry_after_seconds > 0) {
    response.headers.emplace_back("Retry-After", std::to_string(retry_after_seconds));
  }
  return response;
}

/// "/livez", "/readyz?verbose": the word, a constant; nothing for other paths.
std::string_view health_question(std::string_view target) {
  constexpr std::string_view kQuestions[] = {"/livez", "/readyz", "/healthz"};
  for (const std::string_view word : kQuestions) {
    if (!target.starts_with(word)) continue;
    const std::string_view rest = target.substr(word.size());
    if (rest.empty() || rest.front() == '?' || rest == "/ping") return word.substr(1);
  }
  return {};
}

ApiResponse health_answer(std::string_view word, bool good, bool verbose) {
  ApiResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.code = good ? 200 : 503;
  if (good && !verbose) {
    response.body = "ok";
    return response;
  }
  response.body = std::string(good ? "[+]" : "[-]") + "api " + (good ? "ok\n" : "not ready\n");
  response.body.append(word).append(good ? " check passed\n" : " check failed\n");
  return response;
}

bool is_operator(const access::User& user) {
  return user.tenant == access::kSystemTenant && access::is_in_group(user, access::kMasters);
}

/// The headers that say to which protocol a client wants to switch; none when it does not.
std::vector<std::pair<std::string, std::string>> upgrade_headers(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string>> headers;
  if (request.header("upgrade").empty()) return headers;
  for (const auto& [name, value] : request.headers) {
    if (name == "connection" || name == "upgrade" || name.starts_with("sec-websocket-") ||
        name.starts_with("x-stream-protocol-version")) {
      headers.emplace_back(name, value);
    }
  }
  return headers;
}

bool impersonates(const HttpRequest& request) {
  return std::any_of(request.headers.begin(), request.headers.end(),
                     [](const auto& header) { return header.first.starts_with("impersonate-"); });
}

}  // namespace

/// An answer on its way: it is counted while it is, and written down.
class ApiGate::Reply final : public ApiReply {
 public:
  Reply(std::shared_ptr<ApiGate> gate, std::shared_ptr<HttpReply> reply, AuditRecord record,
        TimePoint began)
      : gate_(std::move(gate)),
        reply_(std::move(reply)),
        record_(std::move(record)),
        began_(began),
        counted_(!is_operator(record_.user)) {
    if (counted_) ++gate_->unanswered_;
  }
  ~Reply() override {
    settle(0);
    if (ended_) ended_();
  }
  Reply(const Reply&) = delete;
  Reply& operator=(const Reply&) = delete;

  void respond(ApiResponse response) override {
    settle(response.code);
    reply_->respond(std::move(response));
  }
  void begin_stream(std::string content_type, std::uint32_t timeout_seconds) override {
    settle(200);
    reply_->begin_stream(std::move(content_type), timeout_seconds);
  }
  bool write(std::string_view text) override { return reply_->write(text); }
  void end() override { reply_->end(); }
  void upgrade(std::shared_ptr<Tunnel> tunnel) override {
    settle(101);
    reply_->upgrade(std::move(tunnel));
  }
  void when_gone(std::function<void()> gone) { reply_->when_gone(std::move(gone)); }
  /// Runs when nobody holds the reply any more: after its watch.
  void when_ended(std::function<void()> ended) { ended_ = std::move(ended); }

 private:
  void settle(std::uint16_t code) {
    if (std::exchange(settled_, true)) return;
    if (counted_) --gate_->unanswered_;
    if (gate_->parts_.audit == nullptr) return;
    record_.code = code;
    record_.took_us = (gate_->parts_.now() - began_).ns / 1000;
    gate_->parts_.audit->write(record_);
  }

  std::shared_ptr<ApiGate> gate_;
  std::shared_ptr<HttpReply> reply_;
  AuditRecord record_;
  TimePoint began_;
  bool counted_;
  bool settled_ = false;
  std::function<void()> ended_;
};

void ApiGate::handle(HttpRequest request, std::shared_ptr<HttpReply> http_reply) {
  if (!health_question(request.target).empty()) {
    return answer_health(request, std::move(http_reply));
  }
  const TimePoint began = parts_.now();
  Expected<Identity> identity = identify(request, began);
  AuditRecord record;
  record.unix_ms = began.ns / 1'000'000;
  if (identity) record.user = identity->user;
  record.address = request.peer.address;
  record.method = request.method;
  record.target = request.target;
  record.user_agent = request.header("user-agent");
  const auto reply =
      std::make_shared<Reply>(shared_from_this(), std::move(http_reply), std::move(record), began);
  if (!identity) {
    return reply->respond(refusal(ApiReason::unauthorized, identity.error().message));
  }
  if (impersonates(request)) {
    return reply->respond(refusal(ApiReason::forbidden, "impersonation is not served"));
  }
  if (!is_operator(identity->user) && unanswered_ > parts_.limits.requests) {
    return reply->respond(
        refusal(ApiReason::too_many_requests, "too many requests are waiting", 1));
  }
  ApiRequest call;
  call.method = std::move(request.method);
  call.target = std::move(request.target);
  call.accept = request.header("accept");
  call.content_type = request.header("content-type");
  call.user_agent = request.header("user-agent");
  call.upgrade = upgrade_headers(request);
  call.body = std::move(request.body);
  call.caller = std::move(identity->user);
  hand_over(std::move(call), std::move(identity->token), std::move(reply));
}

Expected<ApiGate::Identity> ApiGate::identify(const HttpRequest& request, TimePoint now) const {
  const std::string_view header = request.header("authorization");
  Expected<access::User> user =
      parts_.authenticator.authenticate(request.peer.certificate.get(), header);
  if (user) return Identity{std::move(*user), std::nullopt};
  if (request.peer.certificate != nullptr || parts_.token_key == nullptr) return user.error();
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  Expected<access::ServiceAccountToken> token =
      read_token(*parts_.token_key, header, now.ns / kNanoseconds);
  if (!token) return user.error();  // which says nothing of tokens
  Identity identity{access::user_of(*token), std::move(*token)};
  identity.user.groups.emplace_back(access::kAuthenticated);
  return identity;
}

void ApiGate::answer_health(const HttpRequest& request, std::shared_ptr<HttpReply> reply) {
  // By way of the API's thread: that it answers is what the question is about.
  parts_.api_thread.post([self = shared_from_this(), word = health_question(request.target),
                          verbose = request.target.find("verbose") != std::string::npos,
                          reply = std::move(reply)] {
    const bool good = !self->closed_ && (word == "livez" || self->ready_);
    reply->respond(health_answer(word, good, verbose));
  });
}

/// The reply goes along: from here on it is held, and let go, on the API's thread.
void ApiGate::hand_over(ApiRequest request, std::optional<access::ServiceAccountToken> token,
                        std::shared_ptr<Reply> reply) {
  auto held = std::make_shared<ApiRequest>(std::move(request));
  parts_.api_thread.post(
      [self = shared_from_this(), held, token = std::move(token), reply = std::move(reply)] {
        if (self->closed_) {
          return reply->respond(refusal(ApiReason::unavailable, "the server is going down"));
        }
        if (token && !is_token_alive(*self->parts_.documents, *token)) {
          return reply->respond(refusal(ApiReason::unauthorized, "Unauthorized"));
        }
        self->serve(std::move(*held), reply);
      });
}

void ApiGate::serve(ApiRequest request, const std::shared_ptr<Reply>& reply) {
  const std::string user = request.caller.tenant + '/' + request.caller.name;
  const bool may_watch = request.target.find("watch") != std::string::npos;
  const auto open = watches_.find(user);
  if (may_watch && !is_operator(request.caller) && open != watches_.end() &&
      open->second >= parts_.limits.watches_of_user) {
    return reply->respond(refusal(ApiReason::too_many_requests, "too many watches are open", 1));
  }
  if (auto review = answer_access_review(parts_.access, request)) {
    return reply->respond(std::move(*review));
  }
  const std::uint64_t watch = parts_.api.handle(std::move(request), reply);
  if (watch == 0) return;
  ++watches_[user];
  reply->when_ended([gate = this, user] {
    if (--gate->watches_[user] == 0) gate->watches_.erase(user);
  });
  reply->when_gone([self = shared_from_this(), watch] {
    self->parts_.api_thread.post([self, watch] {
      if (!self->closed_) self->parts_.api.cancel(watch);
    });
  });
}

}  // namespace arcas::real
