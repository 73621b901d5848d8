#pragma once

#include <memory>
#include <string>
#include <vector>

#include "real/all_in_one/local_node.h"
#include "real/api/api.h"
#include "real/streams/channels.h"
#include "real/streams/stream_tunnel.h"

namespace arcas::real {

/// What a request for exec, attach or port-forward asks for.
struct StreamOptions {
  std::string container;  ///< empty: the first
  std::vector<std::string> command;
  ChannelSet channels;
  std::vector<std::int32_t> ports;  ///< of the older port-forwarding over WebSocket
};

/// Reads the query of exec and attach. Errors name the parameter and what is allowed: a flag that
/// is none, no stream at all, exec without a command, a terminal with a separate stderr.
Expected<StreamOptions> parse_stream_options(std::string_view subresource,
                                             const Api::Sources::Query& query);

/// How a client speaks, by the headers of its request.
struct StreamProtocol {
  enum class Kind : std::uint8_t {
    proxied,        ///< SPDY, or a WebSocket that containerd understands: byte for byte
    channels_v5,    ///< WebSocket v5.channel.k8s.io
    channels_v4,    ///< WebSocket v4.channel.k8s.io, for who cannot pass it on
    spdy_in_frames  ///< port-forwarding: SPDY/3.1 in messages of a WebSocket
  };
  Kind kind = Kind::proxied;
  bool websocket = false;
  std::string chosen;  ///< the subprotocol
  std::string key;     ///< the client's Sec-WebSocket-Key
};
/// Errors: no `Upgrade`, to what nobody speaks, or without a subprotocol that is served.
Expected<StreamProtocol> stream_protocol(std::string_view subresource, const ApiRequest& request);

/// A tunnel to a streaming server's URL ("http://127.0.0.1:1234/exec/token") or, with a path of a
/// Unix socket, to a console. Errors: an URL that is none.
Expected<TunnelPlan> plan_to_url(const std::string& url, const StreamProtocol& protocol,
                                 const StreamOptions& options, const ApiRequest& request);
Expected<TunnelPlan> plan_to_console(const std::string& path, const StreamProtocol& protocol,
                                     const StreamOptions& options);

/// Connects a client with something of a pod, which is bound, by the node of this process. `node`:
/// null when there is none.
void answer_stream_request(LocalNode* node, const Document& pod, const ApiRequest& request,
                           const std::string& subresource, const Api::Sources::Query& query,
                           const std::shared_ptr<ApiReply>& reply);

}  // namespace arcas::real
