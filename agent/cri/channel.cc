#include "agent/cri/channel.h"

#include <google/protobuf/message_lite.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace arcas::agent {

struct CriChannel::Connection {
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<grpc::GenericStub> stub;
};

namespace {

constexpr int kLargestMessage = 64 << 20;  // a node full of pods lists in well under a megabyte

StatusCode code_of(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::NOT_FOUND:
      return StatusCode::not_found;
    case grpc::StatusCode::ALREADY_EXISTS:
      return StatusCode::already_exists;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::UNIMPLEMENTED:
      return StatusCode::invalid;
    case grpc::StatusCode::PERMISSION_DENIED:
      return StatusCode::forbidden;
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return StatusCode::exhausted;
    default:
      return StatusCode::unavailable;
  }
}

std::string bytes_of(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

}  // namespace

CriChannel::CriChannel(std::string socket_path)
    : socket_path_(std::move(socket_path)), connection_(std::make_unique<Connection>()) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 50);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  connection_->channel = grpc::CreateCustomChannel("unix://" + socket_path_,
                                                   grpc::InsecureChannelCredentials(), arguments);
  connection_->stub = std::make_unique<grpc::GenericStub>(connection_->channel);
}

CriChannel::~CriChannel() = default;

Status CriChannel::call(std::string_view method, const google::protobuf::MessageLite& request,
                        google::protobuf::MessageLite& response, Duration timeout) {
  const std::string path = "/runtime.v1." + std::string(method);
  const grpc::Slice slice(request.SerializeAsString());
  const grpc::ByteBuffer sent(&slice, 1);
  grpc::ByteBuffer received;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::nanoseconds(timeout.ns));

  std::mutex mutex;
  std::condition_variable done;
  std::optional<grpc::Status> outcome;
  connection_->stub->UnaryCall(&context, path, grpc::StubOptions(), &sent, &received,
                               [&](grpc::Status status) {
                                 const std::lock_guard lock(mutex);
                                 outcome = std::move(status);
                                 done.notify_one();
                               });
  std::unique_lock lock(mutex);
  done.wait(lock, [&] { return outcome.has_value(); });

  if (!outcome->ok()) {
    const bool late = outcome->error_code() == grpc::StatusCode::DEADLINE_EXCEEDED;
    return {code_of(outcome->error_code()),
            std::string(method) + " at " + socket_path_ + ": " +
                (late ? "no answer within " + to_string(timeout) : outcome->error_message())};
  }
  if (!response.ParseFromString(bytes_of(received))) {
    return {StatusCode::unavailable,
            std::string(method) + " at " + socket_path_ + ": the answer cannot be decoded"};
  }
  return Status::success();
}

}  // namespace arcas::agent
