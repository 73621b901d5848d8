#include <gtest/gtest.h>

#include "core/manifest/node.h"
#include "core/manifest/storage.h"
#include "core/manifest/workloads.h"
#include "fixture.h"

namespace arcas::manifest {
namespace {

class ObjectsTest : public ::testing::Test {
 protected:
  World world_;
};

TEST_F(ObjectsTest, ANodeArrivesWithLabelsTaintsImagesAndConditions) {
  const auto node = decode_node(parsed(R"({'metadata':{'name':'n1','labels':{
      'topology.kubernetes.io/zone':'z1','topology.kubernetes.io/rack':'r1'}},
    'spec':{'unschedulable':true,'taints':[
      {'key':'gpu','value':'yes','effect':'NoExecute','timeAdded':'1970-01-01T00:00:05Z'}]},
    'status':{'allocatable':{'cpu':'3999m','memory':'1Gi','pods':'110','ephemeral-storage':'1k'},
      'images':[{'names':['a:1','a@sha256:0'],'sizeBytes':12345678901}],
      'conditions':[{'type':'Ready','status':'True'},{'type':'VmRuntimeReady','status':'False'},
                    {'type':'DiskPressure','status':'Unknown'}]}})"),
                                world_.decoding);
  ASSERT_TRUE(node) << message(node);
  EXPECT_EQ(node->id, world_.catalog.nodes.find("n1"));
  EXPECT_EQ(world_.catalog.zones.text(node->zone), "z1");
  EXPECT_EQ(world_.catalog.racks.text(node->rack), "r1");
  EXPECT_TRUE(node->unschedulable);
  EXPECT_EQ(node->allocatable.get(model::kCpu), 3999);
  EXPECT_EQ(node->allocatable.get(model::kPods), 110);
  EXPECT_EQ(node->taints.at(0).effect, model::TaintEffect::no_execute);
  EXPECT_EQ(node->taints.at(0).added_ns, 5'000'000'000);
  EXPECT_EQ(node->images.at(0).size_bytes, 12345678901);
  EXPECT_EQ(node->images.at(0).names.size(), 2U);
  EXPECT_EQ(node->ready, model::ConditionStatus::yes);
  EXPECT_EQ(node->vm_runtime_ready, model::ConditionStatus::no);
  EXPECT_EQ(node->container_runtime_ready, model::ConditionStatus::unknown);
  EXPECT_EQ(node->pressure.disk, model::ConditionStatus::unknown);
  EXPECT_EQ(node->pressure.memory, model::ConditionStatus::no);
}

TEST_F(ObjectsTest, WrongNodesNameThePath) {
  const auto error = [this](const std::string& text) {
    return message(decode_node(parsed(text), world_.decoding));
  };
  EXPECT_EQ(error("{'metadata':{'name':'n'},'status':{'allocatable':{'pods':'1e30'}}}"),
            "status.allocatable.pods: \"1e30\" is out of range; allowed: 0 up to 2^63-1");
  EXPECT_EQ(error("{'metadata':{'name':'n'},'status':{'images':[{'sizeBytes':-1}]}}"),
            "status.images[0].sizeBytes: -1 is out of range; allowed: 0..9223372036854775807");
  EXPECT_EQ(error("{'metadata':{'name':'n'},'spec':{'taints':[{'key':'a'}]}}"),
            "spec.taints[0].effect: is missing");
  EXPECT_EQ(error("{'metadata':{'name':'n'},'spec':{'unschedulable':'yes'}}"),
            "spec.unschedulable: is a string; allowed: true or false");
}

TEST_F(ObjectsTest, ServicesSelectByAMapAndSetsByASelector) {
  using Kind = model::WorkloadSelector::Kind;
  const auto service = decode_workload_selector(
      parsed("{'metadata':{'name':'s','namespace':'a'},'spec':{'selector':{'app':'web'}}}"),
      Kind::service, world_.decoding);
  const auto set = decode_workload_selector(
      parsed("{'metadata':{'name':'s','namespace':'a'},'spec':{'selector':{'matchLabels':"
             "{'app':'web'}}}}"),
      Kind::stateful_set, world_.decoding);
  ASSERT_TRUE(service && set);
  EXPECT_TRUE(service->selector.valid());
  EXPECT_EQ(service->selector, set->selector);
  const auto none = decode_workload_selector(parsed("{'metadata':{'name':'s'},'spec':{}}"),
                                             Kind::service, world_.decoding);
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->selector.valid());
}

TEST_F(ObjectsTest, AReplicaSetArrivesWithItsTemplate) {
  const auto set = decode_replica_set(parsed(R"({'metadata':{'name':'w','namespace':'a'},
    'spec':{'replicas':3,'minReadySeconds':5,'selector':{'matchLabels':{'app':'w'}},
      'template':{'metadata':{'labels':{'app':'w'}},
                  'spec':{'containers':[{'resources':{'requests':{'cpu':'1'}}}]}}},
    'status':{'replicas':2,'readyReplicas':1}})"),
                                      world_.decoding);
  ASSERT_TRUE(set) << message(set);
  EXPECT_EQ(set->replicas, 3);
  EXPECT_EQ(set->status_ready, 1);
  EXPECT_EQ(world_.catalog.spec(set->pod_template.spec).requests.get(model::kCpu), 1000);
  EXPECT_TRUE(model::matches(world_.catalog.selectors[set->selector],
                             world_.catalog.label_sets[set->pod_template.labels], world_.catalog));
}

TEST_F(ObjectsTest, BudgetsHoldNumbersOrPercentages) {
  const auto budget = [this](const std::string& spec) {
    return decode_budget(parsed("{'metadata':{'name':'b','namespace':'a'},'spec':{" + spec +
                                "},'status':{'disruptionsAllowed':2,"
                                "'disruptedPods':{'p1':'2025-01-01T00:00:00Z'}}}"),
                         world_.decoding);
  };
  const auto number = budget("'minAvailable':2");
  ASSERT_TRUE(number);
  EXPECT_EQ(number->min_available, 2);
  EXPECT_EQ(number->max_unavailable, -1);
  EXPECT_EQ(number->status_disruptions_allowed, 2);
  EXPECT_EQ(world_.text(number->disrupted_pods.at(0)), "p1");
  const auto percent = budget("'maxUnavailable':'25%'");
  ASSERT_TRUE(percent);
  EXPECT_EQ(percent->max_unavailable, 25);
  EXPECT_TRUE(percent->is_percent);
  EXPECT_EQ(message(budget("'minAvailable':'half'")),
            "spec.minAvailable: \"half\" is neither a number nor a percentage; allowed: 3 or 25%");
  EXPECT_EQ(message(budget("'minAvailable':'3'")),
            "spec.minAvailable: \"3\" is neither a number nor a percentage; allowed: 3 or 25%");
  EXPECT_EQ(message(budget("'minAvailable':-1")),
            "spec.minAvailable: -1 is out of range; allowed: 0..2147483647");
  EXPECT_EQ(message(budget("'minAvailable':1,'maxUnavailable':1")),
            "spec.maxUnavailable: stands beside minAvailable; allowed: one of the two");
}

TEST_F(ObjectsTest, NamespacesAndPriorityClassesArrive) {
  const auto name_space = decode_namespace(
      parsed("{'metadata':{'name':'a','labels':{'team':'x'}},'status':{'phase':'Terminating'}}"),
      world_.decoding);
  ASSERT_TRUE(name_space);
  EXPECT_EQ(name_space->phase, model::TenantPhase::terminating);
  EXPECT_EQ(world_.catalog.namespace_name(name_space->id), "a");
  const auto priority = decode_priority_class(
      parsed("{'metadata':{'name':'high'},'value':1000,'preemptionPolicy':'Never'}"),
      world_.decoding);
  ASSERT_TRUE(priority);
  EXPECT_EQ(priority->value, 1000);
  EXPECT_TRUE(priority->never_preempts);
}

TEST_F(ObjectsTest, VolumesAndClaimsArrive) {
  const auto volume = decode_persistent_volume(parsed(R"({'metadata':{'name':'v'},
    'spec':{'capacity':{'storage':'1Gi'},'accessModes':['ReadWriteOncePod'],'volumeMode':'Block',
      'storageClassName':'fast','csi':{'driver':'d','volumeHandle':'h'},
      'claimRef':{'namespace':'a','name':'c','uid':'u'},
      'nodeAffinity':{'required':{'nodeSelectorTerms':[{'matchExpressions':[
        {'key':'zone','operator':'In','values':['z1']}]}]}}},
    'status':{'phase':'Bound'}})"),
                                               world_.decoding);
  ASSERT_TRUE(volume) << message(volume);
  EXPECT_EQ(volume->capacity_bytes, 1 << 30);
  EXPECT_EQ(volume->access_modes.at(0), model::AccessMode::read_write_once_pod);
  EXPECT_EQ(volume->mode, model::VolumeMode::block);
  EXPECT_EQ(volume->phase, model::PersistentVolume::Phase::bound);
  EXPECT_TRUE(volume->has_claim && volume->has_node_affinity);
  EXPECT_EQ(volume->node_affinity.at(0).labels.size(), 1U);

  const auto claim = decode_persistent_volume_claim(parsed(R"({'metadata':{'name':'c',
    'namespace':'a','uid':'u','annotations':{'pv.kubernetes.io/bind-completed':'yes',
      'volume.kubernetes.io/selected-node':'n1'}},
    'spec':{'resources':{'requests':{'storage':'5G'}},'storageClassName':'','volumeName':'v'},
    'status':{'phase':'Bound'}})"),
                                                    world_.decoding);
  ASSERT_TRUE(claim) << message(claim);
  EXPECT_EQ(claim->request_bytes, 5'000'000'000);
  EXPECT_TRUE(claim->bind_completed);
  EXPECT_EQ(world_.text(claim->selected_node), "n1");
  EXPECT_TRUE(claim->has_storage_class);
  EXPECT_FALSE(claim->storage_class.valid());
  EXPECT_FALSE(claim->has_selector);
}

TEST_F(ObjectsTest, StorageClassesAndCsiNodesArrive) {
  const auto storage = decode_storage_class(parsed(R"({'metadata':{'name':'fast'},
    'provisioner':'csi.example.com','volumeBindingMode':'WaitForFirstConsumer',
    'allowedTopologies':[{'matchLabelExpressions':[{'key':'zone','values':['a','b']}]}]})"),
                                            world_.decoding);
  ASSERT_TRUE(storage) << message(storage);
  EXPECT_TRUE(storage->wait_for_first_consumer);
  EXPECT_EQ(storage->allowed_topologies.at(0).at(0).second.size(), 2U);
  const auto node = decode_csi_node(parsed(R"({'metadata':{'name':'n'},'spec':{'drivers':[
    {'name':'a','allocatable':{'count':0}},{'name':'b'}]}})"),
                                    world_.decoding);
  ASSERT_TRUE(node);
  EXPECT_TRUE(node->drivers.at(0).has_limit);
  EXPECT_FALSE(node->drivers.at(1).has_limit);
  EXPECT_EQ(message(decode_csi_node(parsed("{'metadata':{'name':'n'},'spec':{'drivers':[{}]}}"),
                                    world_.decoding)),
            "spec.drivers[0].name: is missing");
}

}  // namespace
}  // namespace arcas::manifest
