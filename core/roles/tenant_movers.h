#pragma once

#include <cstdint>
#include <map>

#include "core/partition/tenant_mover.h"
#include "core/roles/context.h"
#include "core/roles/leadership.h"

namespace arcas::roles {

/// The moves of tenants away from one partition, carried out by its leading controller manager:
/// one mover for each, their requests sent to the api servers of both partitions.
class TenantMovers {
 public:
  TenantMovers(const RoleContext& context, const Leadership& leadership)
      : context_(context), leadership_(leadership) {}

  /// Request ids of moves have this bit, so that their answers can be told from others.
  static constexpr std::uint64_t kRequest = std::uint64_t{1} << 62U;

  /// Everything is to be told anew.
  void clear();
  /// One batch of the partition's watch, which `view` holds already; `synced`: the list is complete
  /// with it, or was before.
  void absorb(const ports::WatchEvents& events, bool synced);
  void answered(const ports::ApiReply& reply);
  /// Sends what is to be sent now.
  void run(const state::Tables& view);
  /// When `run` has something to do without another input; TimePoint::max() for never.
  [[nodiscard]] TimePoint again_at() const;

 private:
  struct Move {
    partition::TenantMover mover;
    std::uint64_t request = 0;  // whose answer is awaited
    bool at_target = false;
    std::uint32_t attempt = 0;  // of the target's api servers
  };
  void take(const model::TenantMove& record, bool inherited);
  void send(Move& move, partition::TenantMover::Request request);

  const RoleContext& context_;
  const Leadership& leadership_;
  std::map<TenantId, Move> moves_;
  std::uint64_t next_request_ = 0;
};

}  // namespace arcas::roles
