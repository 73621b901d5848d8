#include "real/all_in_one/stream_requests.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <string_view>
#include <utility>

#include "real/api/object_text.h"
#include "real/api/status_body.h"
#include "real/streams/spdy_channels.h"
#include "real/streams/websocket_channels.h"

namespace arcas::real {
namespace {

constexpr std::string_view kChannels5 = "v5.channel.k8s.io";
constexpr std::string_view kChannels4 = "v4.channel.k8s.io";
constexpr std::string_view kTunnelled = "SPDY/3.1+portforward.k8s.io";

std::string_view header(const ApiRequest& request, std::string_view name) {
  for (const auto& [key, value] : request.upgrade) {
    if (key == name) return value;
  }
  return {};
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  });
}

/// Is `word` in a list with commas?
bool offers(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    std::string_view entry = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    while (entry.starts_with(' ')) entry.remove_prefix(1);
    while (entry.ends_with(' ')) entry.remove_suffix(1);
    if (equals_ignoring_case(entry, word)) return true;
  }
  return false;
}

Status read_flag(const std::string& name, const std::string& value, bool& flag) {
  flag = value == "true" || value == "1";
  if (flag || value == "false" || value == "0" || value.empty()) return Status::success();
  return Status::invalid(name + ": \"" + value + "\"; allowed: true, false");
}

Status read_ports(const std::string& value, std::vector<std::int32_t>& ports) {
  std::string_view rest = value;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    std::int32_t port = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + end, port);
    if (error != std::errc() || stop != rest.data() + end || port < 1 || port > 65535) {
      return Status::invalid("ports: \"" + value + "\"; allowed: numbers from 1 to 65535");
    }
    ports.push_back(port);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return Status::success();
}

/// A head that asks the streaming server to switch as the client asked here.
std::string head_to(const std::string& path, const std::string& host, bool websocket,
                    std::string_view protocol, const ApiRequest& request) {
  std::string head = (websocket ? "GET " : "POST ") + path + " HTTP/1.1\r\nHost: " + host +
                     "\r\nConnection: Upgrade\r\n";
  if (!protocol.empty()) {
    return head.append("Upgrade: SPDY/3.1\r\nContent-Length: 0\r\nX-Stream-Protocol-Version: ")
        .append(protocol)
        .append("\r\n\r\n");
  }
  for (const auto& [name, value] : request.upgrade) {
    if (name != "connection") head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!websocket) head += "Content-Length: 0\r\n";
  return head += "\r\n";
}

}  // namespace

Expected<StreamOptions> parse_stream_options(std::string_view subresource,
                                             const Api::Sources::Query& query) {
  StreamOptions options;
  ChannelSet& channels = options.channels;
  for (const auto& [name, value] : query) {
    Status status;
    if (name == "container") options.container = value;
    if (name == "command") options.command.push_back(value);
    if (name == "stdin") status = read_flag(name, value, channels.input);
    if (name == "stdout") status = read_flag(name, value, channels.output);
    if (name == "stderr") status = read_flag(name, value, channels.errors);
    if (name == "tty") status = read_flag(name, value, channels.terminal);
    if (name == "ports") status = read_ports(value, options.ports);
    if (!status.ok()) return status;
  }
  if (subresource == "portforward") return options;
  if (!channels.input && !channels.output && !channels.errors) {
    return Status::invalid("you must specify at least one of stdin, stdout, stderr");
  }
  if (channels.terminal) channels.errors = false;  // a terminal has one stream of output
  if (subresource == "exec" && options.command.empty()) {
    return Status::invalid("you must specify at least one command for the container");
  }
  return options;
}

Expected<StreamProtocol> stream_protocol(std::string_view subresource, const ApiRequest& request) {
  const std::string_view to = header(request, "upgrade");
  StreamProtocol protocol;
  if (equals_ignoring_case(to, "SPDY/3.1")) return protocol;
  if (!equals_ignoring_case(to, "websocket")) {
    return Status::invalid("Upgrade: \"" + std::string(to) + "\"; " + std::string(subresource) +
                           " needs SPDY/3.1 or websocket");
  }
  protocol.websocket = true;
  protocol.key = header(request, "sec-websocket-key");
  if (protocol.key.empty() || protocol.key.size() > 64) {
    return Status::invalid("Sec-WebSocket-Key: a key of 24 characters is required");
  }
  const std::string_view offered = header(request, "sec-websocket-protocol");
  if (subresource == "portforward") {
    if (offers(offered, kTunnelled)) {
      protocol.kind = StreamProtocol::Kind::spdy_in_frames;
      protocol.chosen = kTunnelled;
    }
  } else if (offers(offered, kChannels5)) {
    protocol.kind = StreamProtocol::Kind::channels_v5;
    protocol.chosen = kChannels5;
  } else if (offers(offered, kChannels4)) {
    protocol.kind = StreamProtocol::Kind::channels_v4;
    protocol.chosen = kChannels4;
  }
  return protocol;
}

Expected<TunnelPlan> plan_to_url(const std::string& url, const StreamProtocol& protocol,
                                 const StreamOptions& options, const ApiRequest& request) {
  using Kind = StreamProtocol::Kind;
  constexpr std::string_view kScheme = "http://";
  const std::size_t slash = url.find('/', kScheme.size());
  const std::size_t colon = url.rfind(':', slash);
  TunnelPlan plan;
  bool good = url.starts_with(kScheme) && slash != std::string::npos && colon > kScheme.size() &&
              url.find_first_of("\r\n ") == std::string::npos;
  if (good) {
    plan.address = url.substr(kScheme.size(), colon - kScheme.size());
    if (plan.address.starts_with('['))
      plan.address = plan.address.substr(1, plan.address.size() - 2);
    const auto [stop, error] =
        std::from_chars(url.data() + colon + 1, url.data() + slash, plan.port);
    good = error == std::errc() && stop == url.data() + slash;
  }
  if (!good) return Status{StatusCode::unavailable, "the container runtime gave no URL of streams"};
  const bool channels = protocol.kind == Kind::channels_v5 || protocol.kind == Kind::channels_v4;
  const bool frames = protocol.kind == Kind::spdy_in_frames;
  const std::string_view spoken = channels ? kChannels4
                                  : frames ? std::string_view("portforward.k8s.io")
                                           : std::string_view();
  const std::string host = url.substr(kScheme.size(), slash - kScheme.size());
  plan.request_head =
      head_to(url.substr(slash), host, protocol.websocket && spoken.empty(), spoken, request);
  if (channels) {
    plan.client = std::make_unique<WebSocketChannels>(WebSocketChannels::Form::channels);
    plan.upstream = std::make_unique<SpdyChannels>(SpdyChannels::Side::client, options.channels);
  } else {
    plan.upstream = std::make_unique<PlainChannels>(Channel::output);
    if (frames) {
      plan.client = std::make_unique<WebSocketChannels>(WebSocketChannels::Form::bytes);
    } else {
      plan.client = std::make_unique<PlainChannels>(Channel::input);
    }
  }
  if (!spoken.empty()) plan.own_head = websocket_head(protocol.key, protocol.chosen);
  return plan;
}

Expected<TunnelPlan> plan_to_console(const std::string& path, const StreamProtocol& protocol,
                                     const StreamOptions& options) {
  TunnelPlan plan;
  plan.socket_path = path;
  plan.upstream = std::make_unique<PlainChannels>(Channel::output);
  plan.tells_status = true;
  if (!protocol.websocket) {
    plan.own_head =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
        "X-Stream-Protocol-Version: " +
        std::string(kChannels4) + "\r\n\r\n";
    plan.client = std::make_unique<SpdyChannels>(SpdyChannels::Side::server, options.channels);
    return plan;
  }
  if (protocol.chosen.empty()) {
    return Status::invalid(
        "Sec-WebSocket-Protocol: a console speaks v5.channel.k8s.io and "
        "v4.channel.k8s.io");
  }
  plan.own_head = websocket_head(protocol.key, protocol.chosen);
  plan.client = std::make_unique<WebSocketChannels>(WebSocketChannels::Form::channels);
  return plan;
}

void answer_stream_request(LocalNode* node, const Document& pod, const ApiRequest& request,
                           const std::string& subresource, const Api::Sources::Query& query,
                           const std::shared_ptr<ApiReply>& reply) {
  const auto fail = [name = pod.key.name, kind = pod.key.resource, reply](const Status& why) {
    ApiError error;
    error.reason =
        why.code == StatusCode::unavailable ? ApiReason::unavailable : ApiReason::bad_request;
    error.message = why.message;
    error.name = name;
    error.kind = kind;
    ApiResponse response;
    response.code = error.http_code();
    response.body = boost::json::serialize(error.body());
    reply->respond(std::move(response));
  };
  Expected<StreamOptions> options = parse_stream_options(subresource, query);
  if (!options) return fail(options.error());
  const boost::json::object text = stored_object(*pod.json);
  const std::string_view where = text_at(text, "spec.nodeName");
  if (node == nullptr || where != node->name()) {
    return fail(Status::invalid("node " + std::string(where) + " serves no " + subresource +
                                ": nothing runs there"));
  }
  Expected<StreamProtocol> protocol = stream_protocol(subresource, request);
  if (!protocol) return fail(protocol.error());
  const Expected<std::string> console = node->console(pod);
  if (console) {
    if (subresource != "attach") {
      return fail(Status::invalid("pod " + pod.key.name +
                                  " is a virtual machine: it has a console "
                                  "to attach to, and no " +
                                  subresource));
    }
    Expected<TunnelPlan> plan = plan_to_console(*console, *protocol, *options);
    if (!plan) return fail(plan.error());
    return reply->upgrade(std::make_shared<StreamTunnel>(std::move(*plan)));
  }
  auto held = std::make_shared<StreamOptions>(std::move(*options));
  node->stream_url(pod, subresource, *held,
                   [=, protocol = std::move(*protocol)](const Expected<std::string>& url) {
                     if (!url) return fail(url.error());
                     Expected<TunnelPlan> plan = plan_to_url(*url, protocol, *held, request);
                     if (!plan) return fail(plan.error());
                     reply->upgrade(std::make_shared<StreamTunnel>(std::move(*plan)));
                   });
}

}  // namespace arcas::real
