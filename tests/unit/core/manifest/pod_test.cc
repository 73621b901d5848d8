#include "core/manifest/pod.h"

#include <gtest/gtest.h>

#include "fixture.h"

namespace arcas::manifest {
namespace {

const char* const kPod = R"({'apiVersion':'v1','kind':'Pod',
  'metadata':{'name':'web-1','namespace':'shop','uid':'u-1','labels':{'app':'web'},
    'creationTimestamp':'2025-01-01T00:00:00Z','deletionTimestamp':'2025-01-01T00:00:01.5Z',
    'ownerReferences':[{'apiVersion':'apps/v1','kind':'ReplicaSet','name':'web','uid':'r',
                        'controller':true}]},
  'spec':{'nodeName':'n1','schedulerName':'other','priority':-7,'preemptionPolicy':'Never',
    'restartPolicy':'OnFailure','terminationGracePeriodSeconds':5,
    'nodeSelector':{'disk':'ssd'},
    'overhead':{'cpu':'10m'},
    'resources':{'requests':{'cpu':2,'memory':'1Gi','hugepages-2Mi':'4Mi'}},
    'initContainers':[
      {'name':'setup','image':'busybox','resources':{'requests':{'cpu':'1.5'}},
       'ports':[{'containerPort':1,'hostPort':1}]},
      {'name':'proxy','image':'envoy','restartPolicy':'Always',
       'ports':[{'containerPort':1,'hostPort':1}]}],
    'containers':[{'name':'web','image':'nginx:1',
       'resources':{'requests':{'cpu':'100m','memory':'0.5','example.com/gpu':1},
                    'limits':{'cpu':'200m'}},
       'ports':[{'containerPort':8080},{'containerPort':443,'hostPort':443},
                {'containerPort':80,'hostPort':80,'protocol':'UDP','hostIP':'10.0.0.1'}]}],
    'volumes':[{'name':'d','persistentVolumeClaim':{'claimName':'data','readOnly':true}},
               {'name':'s','emptyDir':{}},
               {'name':'e','ephemeral':{'volumeClaimTemplate':{}}},
               {'name':'r','rbd':{'image':'i','pool':'p','monitors':['b','a']}}],
    'tolerations':[{'operator':'Exists'},
                   {'key':'k','value':'v','effect':'NoExecute','tolerationSeconds':-5}],
    'schedulingGates':[{'name':'example.com/wait'}],
    'topologySpreadConstraints':[{'maxSkew':2,'topologyKey':'zone','minDomains':3,
       'whenUnsatisfiable':'ScheduleAnyway','nodeAffinityPolicy':'Ignore',
       'nodeTaintsPolicy':'Honor','labelSelector':{},'matchLabelKeys':['rev']}],
    'affinity':{
      'nodeAffinity':{
        'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[
          {'matchExpressions':[{'key':'gen','operator':'Gt','values':['3']}],
           'matchFields':[{'key':'metadata.name','operator':'In','values':['n1']}]}]},
        'preferredDuringSchedulingIgnoredDuringExecution':[
          {'weight':100,'preference':{'matchExpressions':[{'key':'a','operator':'Exists'}]}}]},
      'podAntiAffinity':{
        'requiredDuringSchedulingIgnoredDuringExecution':[
          {'topologyKey':'host','namespaces':['x'],'namespaceSelector':{},
           'labelSelector':{'matchLabels':{'app':'web'}}}]},
      'podAffinity':{
        'preferredDuringSchedulingIgnoredDuringExecution':[
          {'weight':1,'podAffinityTerm':{'topologyKey':'zone'}}]}},
    'unknownField':[1,2,3]},
  'status':{'phase':'Running','startTime':'2025-01-01T00:00:02+01:00',
    'nominatedNodeName':'n9','conditions':[{'type':'Ready','status':'True'},
      {'type':'DisruptionTarget','status':'True','reason':'PreemptionByScheduler'}]}})";

class PodManifestTest : public ::testing::Test {
 protected:
  PodManifest read(const std::string& text) {
    const auto manifest = decode_pod(parsed(text), world_.decoding);
    EXPECT_TRUE(manifest) << message(manifest);
    return manifest ? *manifest : PodManifest{};
  }
  std::string error(const std::string& text) {
    return message(decode_pod(parsed(text), world_.decoding));
  }
  /// The error of a pod whose spec has one member.
  std::string spec_error(const std::string& member) {
    return error("{'metadata':{'name':'p'},'spec':{" + member + "}}");
  }

  World world_;
};

TEST_F(PodManifestTest, MetadataAndStatusArriveInThePod) {
  const PodManifest manifest = read(kPod);
  const model::Pod& pod = manifest.pod;
  EXPECT_EQ(world_.text(pod.meta.name.base), "web-1");
  EXPECT_EQ(world_.catalog.namespace_name(pod.meta.name_space), "shop");
  EXPECT_TRUE(pod.meta.terminating());
  EXPECT_EQ((pod.meta.deleted_at - pod.meta.created_at).ns, 1'500'000'000);
  EXPECT_EQ((pod.started_at - pod.meta.created_at).ns, -3'598'000'000'000);
  EXPECT_EQ(pod.phase, model::PodPhase::running);
  EXPECT_TRUE(pod.ready);
  EXPECT_FALSE(pod.meta.uid.valid());
  EXPECT_FALSE(pod.node.valid());
  EXPECT_EQ(world_.text(manifest.uid), "u-1");
  EXPECT_EQ(world_.text(manifest.node_name), "n1");
  EXPECT_EQ(world_.text(manifest.nominated), "n9");
  EXPECT_TRUE(manifest.preempted_by_scheduler);
  ASSERT_EQ(manifest.owners.size(), 1U);
  EXPECT_EQ(world_.text(manifest.owners[0].kind), "ReplicaSet");
  EXPECT_TRUE(manifest.owners[0].controller);
}

TEST_F(PodManifestTest, ContainersStandInitFirstWithAmountsInTheCoresUnits) {
  const model::PodSpec spec = read(kPod).spec;
  ASSERT_EQ(spec.containers.size(), 3U);
  EXPECT_TRUE(spec.containers[0].init && !spec.containers[0].sidecar);
  EXPECT_TRUE(spec.containers[1].init && spec.containers[1].sidecar);
  EXPECT_FALSE(spec.containers[2].init);
  EXPECT_EQ(spec.containers[0].requests.get(model::kCpu), 1500);
  const model::ResourceList& requests = spec.containers[2].requests;
  EXPECT_EQ(requests.get(model::kCpu), 100);
  EXPECT_EQ(requests.get(model::kMemory), 1);
  EXPECT_EQ(requests.get(world_.catalog.resources.find("example.com/gpu")), 1);
  EXPECT_FALSE(requests.has(model::kEphemeralStorage));
  EXPECT_EQ(spec.containers[2].limits.get(model::kCpu), 200);
  EXPECT_EQ(spec.overhead.get(model::kCpu), 10);
  EXPECT_TRUE(spec.has_pod_requests);
  EXPECT_EQ(spec.pod_requests.items().size(), 2U);
  EXPECT_EQ(spec.pod_requests.get(model::kCpu), 2000);
}

TEST_F(PodManifestTest, WhatANodeHasSetAsideIsWhatARunningPodTakes) {
  const std::string containers =
      "'containers':[{'resources':{'requests':{'cpu':2,'memory':'4Gi'}},"
      "'resourcesAllocated':{'cpu':'500m'}}]}}";
  const model::PodSpec waiting = read("{'metadata':{'name':'p'},'spec':{" + containers).spec;
  EXPECT_EQ(waiting.containers[0].requests.get(model::kCpu), 2000);
  const std::string on_node = "{'metadata':{'name':'p'},'spec':{'nodeName':'n1',";
  const model::PodSpec runs = read(on_node + "'initContainers':[{}]," + containers).spec;
  EXPECT_EQ(runs.containers[1].requests.get(model::kCpu), 500);
  EXPECT_EQ(runs.containers[1].requests.get(model::kMemory), std::int64_t{4} << 30);
  const model::PodSpec vm = read(on_node +
                                 "'virtualMachine':{'resources':{'requests':{'cpu':1}},"
                                 "'resourcesAllocated':{'cpu':3}}}}")
                                .spec;
  EXPECT_EQ(vm.vm.requests.get(model::kCpu), 3000);
  EXPECT_EQ(error(on_node + "'containers':[{'resourcesAllocated':{'cpu':'much'}}]}}"),
            "spec.containers[0].resourcesAllocated.cpu: \"much\" is no quantity; allowed: a number "
            "and a suffix, such as 500m, 1.5Gi or 1e3");
}

TEST_F(PodManifestTest, RequestsFinerThanAUnitAddUpBeforeTheyAreRounded) {
  model::PodSpec spec = read(
                            "{'metadata':{'name':'p'},'spec':{'containers':["
                            "{'resources':{'requests':{'cpu':'500u','memory':'0.5'}}},"
                            "{'resources':{'requests':{'cpu':'500u','memory':'0.25'}}},"
                            "{'resources':{'requests':{'cpu':'1500u','memory':'16Gi'}}}]}}")
                            .spec;
  const model::ResourceList sum = model::effective_requests(spec);
  EXPECT_EQ(sum.get(model::kCpu), 3);  // 2.5
  EXPECT_EQ(sum.get(model::kMemory), (std::int64_t{16} << 30) + 1);
}

TEST_F(PodManifestTest, HostPortsAreThoseOfContainersButNotOfSidecars) {
  const model::PodSpec spec = read(kPod).spec;
  ASSERT_EQ(spec.host_ports.size(), 2U);
  EXPECT_EQ(spec.host_ports[0].port, 443);
  EXPECT_FALSE(spec.host_ports[0].host_ip.valid());
  EXPECT_EQ(spec.host_ports[1].port, 80);
  EXPECT_EQ(spec.host_ports[1].protocol, model::HostPort::Protocol::udp);
  EXPECT_EQ(world_.text(spec.host_ports[1].host_ip), "10.0.0.1");
}

TEST_F(PodManifestTest, PlacementRulesArrive) {
  const model::PodSpec spec = read(kPod).spec;
  EXPECT_EQ(spec.priority, -7);
  EXPECT_EQ(spec.preemption, model::PreemptionPolicy::never);
  EXPECT_EQ(spec.restart, model::RestartPolicy::on_failure);
  EXPECT_EQ(world_.text(spec.scheduler_name), "other");
  EXPECT_FALSE(spec.node_name.valid());
  ASSERT_EQ(spec.node_affinity.required.size(), 1U);
  EXPECT_EQ(spec.node_affinity.required[0].labels[0].op, model::SelectorOperator::gt);
  EXPECT_EQ(spec.node_affinity.required[0].fields.size(), 1U);
  EXPECT_EQ(spec.node_affinity.preferred[0].weight, 100);
  const model::PodAffinityTerm& anti = spec.pod_affinity.required_anti.at(0);
  EXPECT_TRUE(anti.has_namespace_selector);
  EXPECT_TRUE(world_.catalog.selectors[anti.namespace_selector].requirements.empty());
  EXPECT_EQ(world_.text(anti.namespaces.at(0)), "x");
  EXPECT_FALSE(spec.pod_affinity.preferred.at(0).term.selector.valid());
  const model::TopologySpreadConstraint& spread = spec.topology_spread.at(0);
  EXPECT_EQ(spread.max_skew, 2);
  EXPECT_EQ(spread.min_domains, 3);
  EXPECT_FALSE(spread.honor_node_affinity);
  EXPECT_TRUE(spread.honor_node_taints);
  EXPECT_TRUE(spread.selector.valid());
  EXPECT_EQ(world_.text(spread.match_label_keys.at(0)), "rev");
  EXPECT_EQ(world_.text(spec.scheduling_gates.at(0)), "example.com/wait");
}

TEST_F(PodManifestTest, TolerationsAndVolumesArrive) {
  const model::PodSpec spec = read(kPod).spec;
  ASSERT_EQ(spec.tolerations.size(), 2U);
  EXPECT_FALSE(spec.tolerations[0].key.valid());
  EXPECT_TRUE(spec.tolerations[0].any_effect);
  EXPECT_EQ(spec.tolerations[0].seconds, model::Toleration::kForever);
  EXPECT_EQ(spec.tolerations[1].effect, model::TaintEffect::no_execute);
  EXPECT_EQ(spec.tolerations[1].seconds, 0);
  ASSERT_EQ(spec.volumes.size(), 3U);
  EXPECT_EQ(world_.text(spec.volumes[0].source), "data");
  EXPECT_TRUE(spec.volumes[0].read_only);
  EXPECT_EQ(world_.text(spec.volumes[1].source), "web-1-e");
  EXPECT_EQ(spec.volumes[2].kind, model::Volume::Kind::rbd);
  EXPECT_EQ(spec.volumes[2].monitors.size(), 2U);
}

TEST_F(PodManifestTest, NothingIsDefaulted) {
  const PodManifest manifest = read(
      "{'metadata':{'name':'p'},'spec':{'containers':[{'resources':{'limits':{'cpu':'1'}}}]}}");
  EXPECT_TRUE(manifest.spec.containers.at(0).requests.empty());
  EXPECT_FALSE(manifest.pod.meta.name_space.valid());
  EXPECT_LT(manifest.pod.started_at.ns, 0);
  EXPECT_FALSE(manifest.spec.has_pod_requests);
}

TEST_F(PodManifestTest, AVirtualMachineStandsInsteadOfContainers) {
  const model::PodSpec spec =
      read(
          "{'metadata':{'name':'p'},'spec':{'virtualMachine':{'name':'vm','image':'cirros',"
          "'resources':{'requests':{'cpu':'2'}},'powerSpec':'Shutdown'}}}")
          .spec;
  EXPECT_EQ(spec.workload, model::WorkloadType::vm);
  EXPECT_EQ(spec.vm.requests.get(model::kCpu), 2000);
  EXPECT_EQ(spec.vm.power, model::VirtualMachine::PowerSpec::shutdown);
  EXPECT_EQ(spec_error("'virtualMachine':{},'containers':[{'name':'c'}]"),
            "spec.virtualMachine: stands beside containers; allowed: one of the two");
}

TEST_F(PodManifestTest, NullIsTheSameAsAbsent) {
  EXPECT_EQ(error("{'metadata':{'name':'p','namespace':null,'labels':null},'spec':{"
                  "'containers':null,'affinity':null,'priority':null},'status':null}"),
            "no error");
}

TEST_F(PodManifestTest, WrongTypesAndValuesNameTheirPath) {
  EXPECT_EQ(error("[]"), "is a list; allowed: an object");
  EXPECT_EQ(error("{}"), "metadata: is missing");
  EXPECT_EQ(error("{'metadata':{}}"), "metadata.name: is missing");
  EXPECT_EQ(error("{'metadata':{'name':''}}"),
            "metadata.name: is empty; allowed: a text of at least one character");
  EXPECT_EQ(error("{'metadata':{'name':'p','labels':{'a.b/c':3}}}"),
            "metadata.labels[a.b/c]: is a whole number; allowed: a string");
  EXPECT_EQ(error("{'metadata':{'name':'p','deletionTimestamp':'yesterday'}}"),
            "metadata.deletionTimestamp: \"yesterday\" is no time; allowed: RFC 3339, such as "
            "2025-01-01T01:32:06Z, of 1970 to 2261");
  EXPECT_EQ(spec_error("'containers':{}"), "spec.containers: is an object; allowed: a list");
  EXPECT_EQ(spec_error("'containers':[{},{'image':7}]"),
            "spec.containers[1].image: is a whole number; allowed: a string");
  EXPECT_EQ(spec_error("'priority':1.5"),
            "spec.priority: is a number with a fraction or exponent; allowed: a whole number");
  EXPECT_EQ(spec_error("'priority':99999999999"),
            "spec.priority: 99999999999 is out of range; allowed: -2147483648..2147483647");
  EXPECT_EQ(spec_error("'priority':-2147483649"),
            "spec.priority: -2147483649 is out of range; allowed: -2147483648..2147483647");
  EXPECT_EQ(spec_error("'priority':18446744073709551615"),
            "spec.priority: 18446744073709551615 is out of range; allowed: "
            "-2147483648..2147483647");
  EXPECT_EQ(spec_error("'containers':[{'resources':{'requests':{'cpu':'lots'}}}]"),
            "spec.containers[0].resources.requests.cpu: \"lots\" is no quantity; allowed: a "
            "number and a suffix, such as 500m, 1.5Gi or 1e3");
  EXPECT_EQ(spec_error("'containers':[{'resources':{'requests':{'cpu':'-1'}}}]"),
            "spec.containers[0].resources.requests.cpu: \"-1\" is out of range; allowed: 0 up to "
            "2^63-1 thousandths");
  EXPECT_EQ(spec_error("'containers':[{'ports':[{'hostPort':70000}]}]"),
            "spec.containers[0].ports[0].hostPort: 70000 is out of range; allowed: 0..65535");
  EXPECT_EQ(spec_error("'tolerations':[{'key':'a','effect':'Never'}]"),
            "spec.tolerations[0].effect: \"Never\" is unknown; allowed: NoSchedule, "
            "PreferNoSchedule, NoExecute");
  EXPECT_EQ(spec_error("'tolerations':[{'value':'a'}]"),
            "spec.tolerations[0].operator: must be Exists where there is no key");
}

TEST_F(PodManifestTest, WrongSelectorsNameTheirPath) {
  const auto term = [this](const std::string& expression) {
    return spec_error(
        "'affinity':{'nodeAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':{"
        "'nodeSelectorTerms':[{'matchExpressions':[" +
        expression + "]}]}}}");
  };
  const std::string path =
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution."
      "nodeSelectorTerms[0].matchExpressions[0].";
  EXPECT_EQ(term("{'key':'a','operator':'Near'}"),
            path +
                "operator: \"Near\" is unknown; allowed: In, NotIn, Exists, DoesNotExist, Gt, "
                "Lt");
  EXPECT_EQ(term("{'key':'a','operator':'In'}"),
            path + "values: for 'in', 'notin' operators, values set can't be empty");
  EXPECT_EQ(term("{'key':'a','operator':'Gt','values':['1','2']}"),
            path + "values: for 'Gt', 'Lt' operators, exactly one value is required");
  EXPECT_EQ(term("{'operator':'Exists'}"), path + "key: is missing");
  EXPECT_NE(term("{'key':'a','operator':'In','values':['ok','-']}").find(path + "values[1]: "),
            std::string::npos);
  EXPECT_EQ(spec_error("'topologySpreadConstraints':[{'maxSkew':0,'topologyKey':'z',"
                       "'whenUnsatisfiable':'DoNotSchedule'}]"),
            "spec.topologySpreadConstraints[0].maxSkew: 0 is out of range; allowed: "
            "1..2147483647");
  EXPECT_EQ(spec_error("'affinity':{'podAffinity':{"
                       "'preferredDuringSchedulingIgnoredDuringExecution':["
                       "{'weight':101,'podAffinityTerm':{'topologyKey':'z'}}]}}"),
            "spec.affinity.podAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: "
            "101 is out of range; allowed: 1..100");
}

TEST_F(PodManifestTest, TheOrderOfMatchLabelsDoesNotMakeAnotherSelector) {
  const auto selector = [this](const std::string& labels) {
    return read(
               "{'metadata':{'name':'p'},'spec':{'topologySpreadConstraints':[{'maxSkew':1,"
               "'topologyKey':'z','whenUnsatisfiable':'DoNotSchedule','labelSelector':{"
               "'matchLabels':{" +
               labels + "}}}]}}")
        .spec.topology_spread.at(0)
        .selector;
  };
  EXPECT_EQ(selector("'b':'1','a':'2'"), selector("'a':'2','b':'1'"));
  EXPECT_NE(selector("'b':'1','a':'2'"), selector("'a':'1','b':'2'"));
}

TEST_F(PodManifestTest, TimesThatDoNotExistAreRefused) {
  const auto at = [this](const std::string& time) {
    return error("{'metadata':{'name':'p','creationTimestamp':'" + time + "'}}") == "no error";
  };
  EXPECT_TRUE(at("2024-02-29T23:59:59Z"));
  EXPECT_TRUE(at("2024-02-29t23:59:59.123456789123z"));
  EXPECT_TRUE(at("2261-12-31T23:59:59-00:00"));
  for (const char* time :
       {"2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
        "2024-01-32T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01",
        "1969-12-31T00:00:00Z", "2262-01-01T00:00:00Z", "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+24:00", "2024-01-01T00:00:00ZZ", "", "-001-01-01T00:00:00Z"}) {
    EXPECT_FALSE(at(time)) << time;
  }
}

}  // namespace
}  // namespace arcas::manifest
