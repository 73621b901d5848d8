#include <gtest/gtest.h>

#include "small_cluster.h"

namespace arcas::scheduler {
namespace {

using Reasons = std::vector<std::string>;
using model::AccessMode;
using model::PersistentVolume;
using model::PersistentVolumeClaim;

/// A cluster with a node in each of two zones and a class that waits for its pod.
class VolumePlugins : public testing::Test {
 protected:
  VolumePlugins() {
    first_ = small_.add_node("n1", {{"topology.kubernetes.io/zone", "a"}});
    second_ = small_.add_node("n2", {{"topology.kubernetes.io/zone", "b"}});
    model::StorageClass storage;
    storage.name = small_.id("wait");
    storage.provisioner = small_.id("csi.example");
    storage.wait_for_first_consumer = true;
    volumes().classes[storage.name] = storage;
  }

  VolumeCatalog& volumes() { return small_.cluster.volumes; }

  PersistentVolumeClaim& add_claim(std::string_view name, std::int64_t bytes = 1) {
    PersistentVolumeClaim claim;
    claim.name_space = small_.name_space;
    claim.name = small_.id(name);
    claim.uid = small_.id("uid-" + std::string(name));
    claim.request_bytes = bytes;
    claim.access_modes = {AccessMode::read_write_once};
    claim.has_storage_class = true;
    claim.storage_class = small_.id("wait");
    return volumes().claims[{claim.name_space, claim.name}] = claim;
  }

  PersistentVolume& add_volume(std::string_view name, std::int64_t bytes, std::string_view zone) {
    PersistentVolume volume;
    volume.name = small_.id(name);
    volume.labels = small_.catalog.label_sets.intern({});
    volume.capacity_bytes = bytes;
    volume.access_modes = {AccessMode::read_write_once};
    volume.storage_class = small_.id("wait");
    volume.has_node_affinity = true;
    volume.node_affinity.push_back({{{small_.id("topology.kubernetes.io/zone"),
                                      model::SelectorOperator::in,
                                      {small_.id(zone)}}},
                                    {}});
    return volumes().volumes[volume.name] = volume;
  }

  static void bind(PersistentVolumeClaim& claim, StringId volume) {
    claim.volume_name = volume;
    claim.bind_completed = true;
    claim.phase = PersistentVolumeClaim::Phase::bound;
  }

  model::PodSpec spec_with(std::initializer_list<std::string_view> claims) {
    model::PodSpec spec = SmallCluster::spec(100, 0);
    for (const std::string_view claim : claims) {
      spec.volumes.emplace_back().source = small_.id(claim);
    }
    return spec;
  }

  Reasons refusal(const model::PodSpec& spec) { return small_.evaluate(spec).pre_filter().reasons; }

  SmallCluster small_;
  NodeId first_;
  NodeId second_;
};

TEST_F(VolumePlugins, AClaimThatDoesNotExistRefusesThePod) {
  const Evaluation evaluation = small_.evaluate(spec_with({"ghost"}));
  EXPECT_EQ(evaluation.pre_filter().plugin, PluginId::volume_restrictions);
  EXPECT_EQ(evaluation.pre_filter().reasons, Reasons{"persistentvolumeclaim \"ghost\" not found"});
}

TEST_F(VolumePlugins, ALostOrLeavingClaimRefusesThePod) {
  PersistentVolumeClaim& claim = add_claim("c");
  claim.deleting = true;
  EXPECT_EQ(refusal(spec_with({"c"})), Reasons{"persistentvolumeclaim \"c\" is being deleted"});
  claim.phase = PersistentVolumeClaim::Phase::lost;
  claim.volume_name = small_.id("pv");
  EXPECT_EQ(refusal(spec_with({"c"})),
            Reasons{"persistentvolumeclaim \"c\" bound to non-existent persistentvolume \"pv\""});
}

TEST_F(VolumePlugins, AClaimOfAnUnknownClassShouldHaveBeenBound) {
  add_claim("c").storage_class = small_.id("nowhere");
  EXPECT_EQ(refusal(spec_with({"c"})), Reasons{"pod has unbound immediate PersistentVolumeClaims"});
}

TEST_F(VolumePlugins, AVolumeThatIsGoneRefusesThePod) {
  bind(add_claim("c"), small_.id("gone"));
  const Evaluation evaluation = small_.evaluate(spec_with({"c"}));
  EXPECT_EQ(evaluation.pre_filter().plugin, PluginId::volume_zone);
  EXPECT_EQ(evaluation.pre_filter().reasons, Reasons{"persistentvolume \"gone\" not found"});
}

TEST_F(VolumePlugins, ABoundVolumeHoldsThePodInItsZone) {
  const StringId name = add_volume("pv", 5, "b").name;
  bind(add_claim("c"), name);
  const Evaluation evaluation = small_.evaluate(spec_with({"c"}));
  EXPECT_EQ(evaluation.feasible(), std::vector<NodeId>{second_});
  EXPECT_EQ(evaluation.filter(first_).reasons,
            Reasons{"node(s) had volume node affinity conflict"});
}

TEST_F(VolumePlugins, TheSmallestFreeVolumeGoesToTheSmallestClaim) {
  volumes().classes[small_.id("wait")].provisioner = small_.id("kubernetes.io/no-provisioner");
  add_claim("large", 5);
  add_claim("small", 1);
  add_volume("pv5", 5, "a");
  add_volume("pv1", 1, "a");
  EXPECT_EQ(small_.evaluate(spec_with({"large", "small"})).feasible(), std::vector<NodeId>{first_});
  volumes().volumes.erase(small_.id("pv1"));
  const Evaluation evaluation = small_.evaluate(spec_with({"large", "small"}));
  EXPECT_EQ(evaluation.filter(first_).reasons,
            Reasons{"node(s) didn't find available persistent volumes to bind"});
}

TEST_F(VolumePlugins, AVolumeReservedForAnotherClaimIsNotFree) {
  volumes().classes[small_.id("wait")].provisioner = small_.id("kubernetes.io/no-provisioner");
  add_claim("c");
  PersistentVolume& volume = add_volume("pv", 5, "a");
  volume.has_claim = true;
  volume.claim_namespace = small_.id("default");
  volume.claim_name = small_.id("c");
  EXPECT_EQ(small_.evaluate(spec_with({"c"})).feasible(), std::vector<NodeId>{first_});
  volume.claim_uid = small_.id("of an older claim");
  EXPECT_TRUE(small_.evaluate(spec_with({"c"})).feasible().empty());
}

TEST_F(VolumePlugins, AClaimThatIsBeingProvisionedStaysWithItsNode) {
  add_claim("c").selected_node = small_.id("n2");
  EXPECT_EQ(small_.evaluate(spec_with({"c"})).feasible(), std::vector<NodeId>{second_});
}

TEST_F(VolumePlugins, AClassProvisionsOnlyWhereItsTopologyAllows) {
  add_claim("c");
  EXPECT_EQ(small_.evaluate(spec_with({"c"})).feasible().size(), 2U);
  volumes().classes[small_.id("wait")].allowed_topologies = {
      {{small_.id("topology.kubernetes.io/zone"), {small_.id("b")}}}};
  EXPECT_EQ(small_.evaluate(spec_with({"c"})).feasible(), std::vector<NodeId>{second_});
}

TEST_F(VolumePlugins, AZoneLabelMayListZonesAndOneThatCannotBeReadIsPassedOver) {
  PersistentVolume& volume = add_volume("pv", 5, "a");
  volume.has_node_affinity = false;
  bind(add_claim("c"), volume.name);
  const auto label = [&](std::string_view key, std::string_view value) {
    model::LabelSet labels;
    labels.set(small_.id(key), small_.id(value));
    volume.labels = small_.catalog.label_sets.intern(labels);
    return small_.evaluate(spec_with({"c"})).feasible();
  };
  EXPECT_EQ(label("topology.kubernetes.io/zone", "b__c"), std::vector<NodeId>{second_});
  EXPECT_EQ(label("failure-domain.beta.kubernetes.io/zone", "a"), std::vector<NodeId>{first_});
  EXPECT_EQ(label("topology.kubernetes.io/zone", "b__").size(), 2U);
}

TEST_F(VolumePlugins, AnExclusiveClaimInUseAnywhereRefusesEveryNode) {
  PersistentVolumeClaim& claim = add_claim("c");
  claim.access_modes = {AccessMode::read_write_once_pod};
  const NodeId node = first_;
  EXPECT_EQ(small_.evaluate(spec_with({"c"})).feasible().size(), 2U);
  small_.add_pod(spec_with({"c"}), node);
  const Evaluation evaluation = small_.evaluate(spec_with({"c"}));
  EXPECT_TRUE(evaluation.feasible().empty());
  EXPECT_EQ(evaluation.filter(second_).plugin, PluginId::volume_restrictions);
}

TEST_F(VolumePlugins, AVolumeThatIsAttachedAlreadyCountsOnce) {
  PersistentVolume& volume = add_volume("pv", 5, "a");
  volume.csi_driver = small_.id("csi.example");
  volume.csi_handle = small_.id("handle");
  bind(add_claim("c"), volume.name);
  add_claim("other");
  model::CsiNode limits;
  limits.name = small_.id("n1");
  limits.drivers.push_back({small_.id("csi.example"), true, 1});
  volumes().csi_nodes[limits.name] = limits;
  small_.add_pod(spec_with({"c"}), first_);
  EXPECT_TRUE(small_.evaluate(spec_with({"c"})).filter(first_).ok());
  const PluginStatus full = small_.evaluate(spec_with({"other"})).filter(first_);
  EXPECT_EQ(full.plugin, PluginId::node_volume_limits);
  EXPECT_EQ(full.reasons, Reasons{"node(s) exceed max volume count"});
}

TEST(DisksConflict, ReadOnlyMountsShareADiskExceptOnAws) {
  using Kind = model::Volume::Kind;
  SmallCluster small;
  const NodeId node = small.add_node("n1");
  const auto spec = [&](Kind kind, bool read_only, std::string_view monitor) {
    model::PodSpec result = SmallCluster::spec(100, 0);
    model::Volume disk;
    disk.kind = kind;
    disk.source = small.id("disk");
    disk.read_only = read_only;
    disk.monitors = {small.id(monitor)};
    result.volumes.push_back(disk);
    return result;
  };
  for (const Kind kind : {Kind::gce_disk, Kind::aws_disk, Kind::iscsi, Kind::rbd}) {
    const Uid uid = small.add_pod(spec(kind, true, "m1"), node);
    EXPECT_EQ(small.evaluate(spec(kind, true, "m1")).filter(node).ok(), kind != Kind::aws_disk);
    EXPECT_FALSE(small.evaluate(spec(kind, false, "m1")).filter(node).ok());
    EXPECT_EQ(small.evaluate(spec(kind, false, "m2")).filter(node).ok(), kind == Kind::rbd);
    small.cluster.lift(uid, *small.cluster.pods().find(uid));
  }
}

}  // namespace
}  // namespace arcas::scheduler
