#include "real/server/api_gate.h"

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "real/api/status_body.h"

namespace arcas::real {
namespace {

ApiResponse refusal(ApiReason reason, std::string message) {
  ApiError error;
  error.reason = reason;
  error.message = std::move(message);
  ApiResponse response;
  response.code = error.http_code();
  response.body = boost::json::serialize(error.body());
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

}  // namespace

void ApiGate::handle(HttpRequest request, std::shared_ptr<HttpReply> reply) {
  if (!health_question(request.target).empty()) return answer_health(request, std::move(reply));
  if (request.peer.certificate == nullptr) {
    return reply->respond(refusal(ApiReason::unauthorized, "Unauthorized"));
  }
  Expected<access::User> user = access::user_of(*request.peer.certificate);
  if (!user) {
    return reply->respond(
        refusal(ApiReason::unauthorized, "Unauthorized: " + user.error().message));
  }
  ApiRequest call;
  call.method = std::move(request.method);
  call.target = std::move(request.target);
  call.accept = request.header("accept");
  call.content_type = request.header("content-type");
  call.user_agent = request.header("user-agent");
  call.body = std::move(request.body);
  call.caller = std::move(*user);
  hand_over(std::move(call), reply);
}

void ApiGate::answer_health(const HttpRequest& request, std::shared_ptr<HttpReply> reply) {
  // By way of the API's thread: that it answers is what the question is about.
  api_thread_.post([self = shared_from_this(), word = health_question(request.target),
                    verbose = request.target.find("verbose") != std::string::npos,
                    reply = std::move(reply)] {
    const bool good = self->api_ != nullptr && (word == "livez" || self->ready_);
    reply->respond(health_answer(word, good, verbose));
  });
}

void ApiGate::hand_over(ApiRequest request, const std::shared_ptr<HttpReply>& reply) {
  auto held = std::make_shared<ApiRequest>(std::move(request));
  api_thread_.post([self = shared_from_this(), held, reply] {
    if (self->api_ == nullptr) {
      return reply->respond(refusal(ApiReason::unavailable, "the server is going down"));
    }
    const std::uint64_t watch = self->api_->handle(std::move(*held), reply);
    if (watch == 0) return;
    reply->when_gone([self, watch] {
      self->api_thread_.post([self, watch] {
        if (self->api_ != nullptr) self->api_->cancel(watch);
      });
    });
  });
}

}  // namespace arcas::real
