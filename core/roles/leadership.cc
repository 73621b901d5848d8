#include "core/roles/leadership.h"

#include <utility>

#include "core/roles/configs.h"

namespace arcas::roles {
namespace {

// Request ids of the election have the top bit set, so that a role that makes requests of its own
// can tell the answers apart.
constexpr std::uint64_t kElectionRequest = std::uint64_t{1} << 63U;

}  // namespace

Leadership::Leadership(const RoleContext& context, StringId lease_name, PartitionId partition)
    : context_(context),
      lease_name_(lease_name),
      partition_(partition),
      election_(election_config(*context.profile), context.self, lease_name) {}

void Leadership::start(std::uint64_t tag) {
  tag_ = tag;
  election_ =
      partition::LeaderElection(election_config(*context_.profile), context_.self, lease_name_);
  lease_.reset();
  was_leading_ = false;
  attempt_ = 0;
  connect();
  context_.arm(context_.now() + context_.profile->leader_retry, tag_);
}

void Leadership::connect() {
  const auto index = context_.endpoints->tenant_partition(partition_);
  api_server_ = choose_instance(context_.endpoints->tenant_partitions[index].api_servers,
                                context_.zone, attempt_);
  synced_ = false;
  connected_at_ = context_.now();
  ports::WatchRequest request;
  request.scope = ports::WatchScope::leases;
  request.session = ++session_;
  request.caller.type = ports::Identity::Type::component;
  context_.ports.network->monitor(context_.self, api_server_);
  context_.send(api_server_, request);
}

void Leadership::step() {
  if (!synced_) return;
  auto step = election_.step(context_.now(), lease_ ? &*lease_ : nullptr);
  if (!step.transaction) return;
  ports::ApiRequest request;
  request.id = kElectionRequest | ++next_request_;
  request.caller.type = ports::Identity::Type::component;
  request.transaction = std::move(*step.transaction);
  context_.send(api_server_, std::move(request));
}

Leadership::Event Leadership::on_timer() {
  if (!synced_ && context_.now() - connected_at_ >= context_.profile->reconnect_period) {
    ++attempt_;
    connect();
  }
  step();
  context_.arm(context_.now() + context_.profile->leader_retry, tag_);
  return changed();
}

Leadership::Event Leadership::changed() {
  const bool now_leading = leading();
  if (now_leading == was_leading_) return Event::none;
  was_leading_ = now_leading;
  if (!now_leading) election_.begin_anew();
  return now_leading ? Event::gained : Event::lost;
}

void Leadership::begin_anew() {
  election_.begin_anew();
  was_leading_ = false;
  step();
}

bool Leadership::on_message(ActorId from, const ports::Message& message) {
  if (const auto* reply = std::get_if<ports::ApiReply>(&message)) {
    if ((reply->id & kElectionRequest) == 0) return false;
    if (reply->id == (kElectionRequest | next_request_)) {
      election_.answered(context_.now(), reply->result);
      // The timer tells the role; it comes at once. A renewal is no news.
      if (leading() != was_leading_) context_.arm(context_.now(), tag_ | kAtOnce);
    }
    return true;
  }
  const auto* events = std::get_if<ports::WatchEvents>(&message);
  if (events == nullptr || events->scope != ports::WatchScope::leases) return false;
  if (from != api_server_ || events->session != session_) return true;
  for (const ports::ObjectChange& change : events->changes.objects) {
    const auto* lease = std::get_if<model::Lease>(&change.object);
    if (lease == nullptr || lease->meta.name.base != lease_name_) continue;
    if (change.type == ports::ChangeType::removed) {
      lease_.reset();
    } else {
      lease_ = *lease;
    }
  }
  const bool just_synced = events->synced && !synced_;
  synced_ = synced_ || events->synced;
  if (just_synced) step();
  return true;
}

void Leadership::on_peer_lost(ActorId peer) {
  if (peer != api_server_) return;
  election_.abandoned();
  ++attempt_;
  connect();
}

bool Leadership::leading() const { return election_.leading(context_.now()); }

model::SpentEvictions Leadership::inherited() const { return election_.inherited(); }

ports::Fence Leadership::fence() const { return {lease_name_, election_.epoch()}; }

}  // namespace arcas::roles
