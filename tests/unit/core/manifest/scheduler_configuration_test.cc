#include "core/manifest/scheduler_configuration.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fixture.h"

namespace arcas::manifest {
namespace {

using scheduler::PluginId;
using scheduler::SchedulerProfile;
using scheduler::WeightedPlugin;
using enum scheduler::PluginId;

class SchedulerConfigurationTest : public ::testing::Test {
 protected:
  Expected<SchedulerConfiguration> decode(const std::string& members) {
    return decode_scheduler_configuration(parsed("{'apiVersion':'kubescheduler.config.k8s.io/v1',"
                                                 "'kind':'KubeSchedulerConfiguration'" +
                                                 members + "}"),
                                          world_.catalog);
  }
  /// The profile with these members.
  SchedulerProfile profile(const std::string& members) {
    const auto configuration = decode(",'profiles':[{" + members + "}]");
    EXPECT_TRUE(configuration) << message(configuration);
    return configuration ? configuration->profiles.at(0) : SchedulerProfile{};
  }
  SchedulerProfile plugins(const std::string& points) {
    return profile("'plugins':{" + points + "}");
  }
  std::string error(const std::string& members) { return message(decode(members)); }
  std::string profile_error(const std::string& members) {
    return error(",'profiles':[{" + members + "}]");
  }
  std::string plugin_error(const std::string& points) {
    return profile_error("'plugins':{" + points + "}");
  }
  /// What is wrong with the arguments of one plugin.
  std::string args_error(const std::string& plugin, const std::string& args) {
    return profile_error("'pluginConfig':[{'name':'" + plugin + "','args':{" + args + "}}]");
  }

  World world_;
};

TEST_F(SchedulerConfigurationTest, AnEmptyConfigurationIsKubernetessDefault) {
  const auto configuration = decode("");
  ASSERT_TRUE(configuration) << message(configuration);
  ASSERT_EQ(configuration->profiles.size(), 1U);
  SchedulerProfile expected = SchedulerProfile::kubernetes();
  expected.percentage_of_nodes_to_score = 0;  // adaptive
  EXPECT_EQ(configuration->profiles[0], expected);
  EXPECT_EQ(configuration->parallelism, 16);
  EXPECT_EQ(configuration->pod_initial_backoff, seconds(1));
  EXPECT_EQ(configuration->pod_max_backoff, seconds(10));
}

TEST_F(SchedulerConfigurationTest, AnEmptyProfileHasTheDefaultListsAtEveryExtensionPoint) {
  SchedulerProfile expected = SchedulerProfile::kubernetes();
  expected.percentage_of_nodes_to_score = 0;
  EXPECT_EQ(profile(""), expected);
  EXPECT_EQ(plugins(""), expected);
}

TEST_F(SchedulerConfigurationTest, ADisabledFilterStillPrepares) {
  const SchedulerProfile p = plugins("'filter':{'disabled':[{'name':'NodeAffinity'}]}");
  EXPECT_FALSE(p.filters_with(PluginId::node_affinity));
  EXPECT_NE(std::find(p.pre_filters.begin(), p.pre_filters.end(), PluginId::node_affinity),
            p.pre_filters.end());
  EXPECT_EQ(p.scores, SchedulerProfile::kubernetes().scores);
}

TEST_F(SchedulerConfigurationTest, AScoreThatIsDisabledAndEnabledAgainGoesLast) {
  const SchedulerProfile p = plugins(
      "'score':{'disabled':[{'name':'TaintToleration'},{'name':'NodeAffinity'}],"
      "'enabled':[{'name':'TaintToleration','weight':17}]}");
  const std::vector<WeightedPlugin> expected{{node_resources_fit, 1},
                                             {volume_binding, 1},
                                             {pod_topology_spread, 2},
                                             {PluginId::inter_pod_affinity, 2},
                                             {node_resources_balanced_allocation, 1},
                                             {image_locality, 1},
                                             {taint_toleration, 17}};
  EXPECT_EQ(p.scores, expected);
}

TEST_F(SchedulerConfigurationTest, AScoreThatIsOnlyEnabledAgainGoesFirst) {
  const SchedulerProfile p = plugins("'score':{'enabled':[{'name':'ImageLocality','weight':5}]}");
  EXPECT_EQ(p.scores.front(), (WeightedPlugin{image_locality, 5}));
  EXPECT_EQ(p.scores.size(), SchedulerProfile::kubernetes().scores.size());
}

TEST_F(SchedulerConfigurationTest, AScoreWithoutAWeightWeighsOne) {
  const SchedulerProfile p = plugins("'score':{'enabled':[{'name':'TaintToleration'}]}");
  EXPECT_EQ(p.scores.front(), (WeightedPlugin{taint_toleration, 1}));
}

TEST_F(SchedulerConfigurationTest, AStarDisablesAllDefaultsOfAPoint) {
  const SchedulerProfile p = plugins(
      "'score':{'disabled':[{'name':'*'}],'enabled':[{'name':'NodeResourcesFit','weight':2}]}");
  EXPECT_EQ(p.scores, (std::vector<WeightedPlugin>{{node_resources_fit, 2}}));
  EXPECT_EQ(p.filters, SchedulerProfile::kubernetes().filters);
}

TEST_F(SchedulerConfigurationTest, MultiPointReplacesPluginsAtAllTheirPoints) {
  const SchedulerProfile p = plugins(
      "'multiPoint':{'disabled':[{'name':'*'}],'enabled':[{'name':'PrioritySort'},"
      "{'name':'DefaultBinder'},{'name':'NodeResourcesFit','weight':9},{'name':'NodeName'}]}");
  EXPECT_EQ(p.filters, (std::vector<PluginId>{node_resources_fit, PluginId::node_name}));
  EXPECT_EQ(p.pre_filters, (std::vector<PluginId>{node_resources_fit}));
  EXPECT_EQ(p.scores, (std::vector<WeightedPlugin>{{node_resources_fit, 9}}));
  EXPECT_TRUE(p.pre_enqueue.empty());
  EXPECT_TRUE(p.post_filters.empty());
}

TEST_F(SchedulerConfigurationTest, MultiPointKeepsTheDefaultsPlaceAndAppendsOurs) {
  const SchedulerProfile p = plugins(
      "'multiPoint':{'enabled':[{'name':'NodeRuntimeReady'},"
      "{'name':'TaintToleration','weight':8}]}");
  EXPECT_EQ(p.scores.front(), (WeightedPlugin{taint_toleration, 8}));
  EXPECT_EQ(p.filters.back(), PluginId::node_runtime_ready);
  EXPECT_EQ(p.filters.size(), SchedulerProfile::kubernetes().filters.size() + 1);
}

TEST_F(SchedulerConfigurationTest, PluginListsThatAreWrongNameTheirPath) {
  const std::string path = "profiles[0].plugins.";
  EXPECT_EQ(plugin_error("'filter':{'enabled':[{'name':'NodeNmae'}]}")
                .rfind(path + "filter.enabled[0].name: \"NodeNmae\" is no plugin; allowed: "
                              "SchedulingGates, PrioritySort, NodeUnschedulable, ",
                       0),
            0U);
  EXPECT_EQ(plugin_error("'filter':{'disabled':[{'name':'Nope'}]}")
                .rfind(path + "filter.disabled[0].name: \"Nope\" is no plugin", 0),
            0U);
  EXPECT_EQ(plugin_error("'score':{'enabled':[{'name':'NodeName'}]}"),
            path + "score.enabled[0].name: \"NodeName\" has no extension point score");
  EXPECT_EQ(plugin_error("'score':{'enabled':[{'name':'NodeAffinity'},{'name':'NodeAffinity'}]}"),
            path + "score.enabled[1].name: is enabled twice");
  EXPECT_EQ(plugin_error("'score':{'enabled':[{'name':'NodeAffinity','weight':0}]}"),
            path + "score.enabled[0].weight: 0 is out of range; allowed: 1..2147483647");
  EXPECT_EQ(plugin_error("'score':{'enabled':[{'name':'NodeAffinity','weight':2147483648}]}"),
            path + "score.enabled[0].weight: 2147483648 is out of range; allowed: 1..2147483647");
  EXPECT_EQ(plugin_error("'scores':{}")
                .rfind(path + "scores: is unknown here; allowed: preEnqueue, queueSort, ", 0),
            0U);
  EXPECT_EQ(plugin_error("'queueSort':{'disabled':[{'name':'*'}]}"),
            path + "queueSort: leaves no plugin; allowed: exactly one (PrioritySort)");
  EXPECT_EQ(plugin_error("'bind':{'disabled':[{'name':'DefaultBinder'}]}"),
            path + "bind: leaves no plugin; allowed: at least one (DefaultBinder)");
  EXPECT_EQ(plugin_error("'score':[]"), path + "score: is a list; allowed: an object");
  EXPECT_EQ(plugin_error("'score':{'enabled':[{}]}"), path + "score.enabled[0].name: is missing");
}

TEST_F(SchedulerConfigurationTest, ArgumentsArrive) {
  const SchedulerProfile p = profile(R"('schedulerName':'mine','percentageOfNodesToScore':40,
    'pluginConfig':[
    {'name':'NodeResourcesFit','args':{'apiVersion':'kubescheduler.config.k8s.io/v1',
      'kind':'NodeResourcesFitArgs','ignoredResources':['example.com/a'],
      'ignoredResourceGroups':['example.org'],
      'scoringStrategy':{'type':'RequestedToCapacityRatio',
        'resources':[{'name':'nvidia.com/gpu','weight':5},{'name':'cpu'}],
        'requestedToCapacityRatio':{'shape':[{'utilization':0,'score':0},
                                             {'utilization':100,'score':10}]}}}},
    {'name':'NodeResourcesBalancedAllocation','args':{'resources':[{'name':'memory'}]}},
    {'name':'NodeAffinity','args':{'addedAffinity':{
      'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[
        {'matchExpressions':[{'key':'a','operator':'Exists'}]}]}}}},
    {'name':'InterPodAffinity','args':{'hardPodAffinityWeight':0,
      'ignorePreferredTermsOfExistingPods':true}},
    {'name':'PodTopologySpread','args':{'defaultingType':'List','defaultConstraints':[
      {'maxSkew':3,'topologyKey':'zone','whenUnsatisfiable':'ScheduleAnyway'}]}},
    {'name':'DefaultPreemption','args':{'minCandidateNodesPercentage':0}},
    {'name':'VolumeBinding','args':{'bindTimeoutSeconds':30}}])");
  EXPECT_EQ(p.scheduler_name, "mine");
  EXPECT_EQ(p.percentage_of_nodes_to_score, 40);
  EXPECT_EQ(p.fit.strategy, scheduler::ScoringStrategy::requested_to_capacity_ratio);
  ASSERT_EQ(p.fit.resources.size(), 2U);
  EXPECT_EQ(p.fit.resources[0].kind, world_.catalog.resources.find("nvidia.com/gpu"));
  EXPECT_EQ(p.fit.resources[0].weight, 5);
  EXPECT_EQ(p.fit.resources[1].weight, 1);
  EXPECT_EQ(p.fit.shape.size(), 2U);
  EXPECT_EQ(p.fit.ignored_resources.at(0), "example.com/a");
  EXPECT_EQ(p.fit.ignored_resource_groups.at(0), "example.org");
  EXPECT_EQ(p.balanced.resources.size(), 1U);
  EXPECT_TRUE(p.node_affinity.has_added && p.node_affinity.added.has_required);
  EXPECT_EQ(p.inter_pod_affinity.hard_pod_affinity_weight, 0);
  EXPECT_TRUE(p.inter_pod_affinity.ignore_preferred_terms_of_existing_pods);
  EXPECT_EQ(p.spread.defaulting, scheduler::TopologySpreadArguments::Defaulting::list);
  EXPECT_EQ(p.spread.constraints.at(0).max_skew, 3);
  EXPECT_EQ(p.preemption.min_candidate_nodes_percentage, 0);
  EXPECT_EQ(p.preemption.min_candidate_nodes_absolute, 100);
}

TEST_F(SchedulerConfigurationTest, ArgumentsOutOfRangeNameTheirPath) {
  const std::string path = "profiles[0].pluginConfig[0].args.";
  const auto strategy = [&](const std::string& members) {
    return args_error("NodeResourcesFit", "'scoringStrategy':{" + members + "}");
  };
  EXPECT_EQ(strategy("'type':'LeastAllocated','resources':[{'name':'cpu','weight':0}]"),
            path + "scoringStrategy.resources[0].weight: 0 is out of range; allowed: 1..100");
  EXPECT_EQ(strategy("'type':'LeastAllocated','resources':[{'name':'cpu','weight':101}]"),
            path + "scoringStrategy.resources[0].weight: 101 is out of range; allowed: 1..100");
  EXPECT_EQ(strategy("'type':'Fullest'"),
            path +
                "scoringStrategy.type: \"Fullest\" is unknown; allowed: LeastAllocated, "
                "MostAllocated, RequestedToCapacityRatio");
  EXPECT_EQ(strategy("'resources':[]"), path + "scoringStrategy.type: is missing");
  EXPECT_EQ(strategy("'type':'RequestedToCapacityRatio'"),
            path + "scoringStrategy.requestedToCapacityRatio: is missing");
  EXPECT_EQ(strategy("'type':'MostAllocated','requestedToCapacityRatio':{}"),
            path +
                "scoringStrategy.requestedToCapacityRatio: is allowed only where the type is "
                "RequestedToCapacityRatio");
  const auto shape = [&](const std::string& points) {
    return strategy("'type':'RequestedToCapacityRatio','requestedToCapacityRatio':{'shape':[" +
                    points + "]}");
  };
  const std::string at = path + "scoringStrategy.requestedToCapacityRatio.shape";
  EXPECT_EQ(shape(""), at + ": is empty; allowed: at least one point");
  EXPECT_EQ(shape("{'utilization':101,'score':1}"),
            at + "[0].utilization: 101 is out of range; allowed: 0..100");
  EXPECT_EQ(shape("{'utilization':1,'score':11}"),
            at + "[0].score: 11 is out of range; allowed: 0..10");
  EXPECT_EQ(shape("{'utilization':5,'score':1},{'utilization':5,'score':2}"),
            at + "[1].utilization: does not grow; allowed: points in ascending order");
  EXPECT_EQ(args_error("NodeResourcesFit", "'ignoredResourceGroups':['a/b']"),
            path +
                "ignoredResourceGroups[0]: \"a/b\" is no group; allowed: what stands before "
                "the \"/\"");
  EXPECT_EQ(args_error("NodeResourcesFit", "'ignored':[]")
                .rfind(path + "ignored: is unknown here; allowed: ", 0),
            0U);
  EXPECT_EQ(args_error("NodeResourcesBalancedAllocation", "'resources':[{'name':'a','weight':2}]"),
            path + "resources[0].weight: 2 is out of range; allowed: 1..1");
  EXPECT_EQ(
      args_error("NodeResourcesBalancedAllocation", "'resources':[{'name':'a'},{'name':'a'}]"),
      path + "resources[1].name: \"a\" stands twice");
  EXPECT_EQ(args_error("InterPodAffinity", "'hardPodAffinityWeight':101"),
            path + "hardPodAffinityWeight: 101 is out of range; allowed: 0..100");
  EXPECT_EQ(args_error("DefaultPreemption",
                       "'minCandidateNodesPercentage':0,'minCandidateNodesAbsolute':0"),
            path +
                "minCandidateNodesAbsolute: is 0 and so is minCandidateNodesPercentage; "
                "allowed: at least one above 0");
  EXPECT_EQ(args_error("VolumeBinding", "'bindTimeoutSeconds':-1")
                .rfind(path + "bindTimeoutSeconds: -1 is out of range", 0),
            0U);
}

TEST_F(SchedulerConfigurationTest, DefaultConstraintsThatAreWrongNameTheirPath) {
  const std::string path = "profiles[0].pluginConfig[0].args.";
  const std::string zone = "{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':'DoNotSchedule'}";
  EXPECT_EQ(args_error("PodTopologySpread", "'defaultConstraints':[" + zone + "]"),
            path + "defaultingType: is System while defaultConstraints are given; allowed: List");
  EXPECT_EQ(args_error("PodTopologySpread",
                       "'defaultingType':'List','defaultConstraints':[" + zone + "," + zone + "]"),
            path + "defaultConstraints[1]: repeats topologyKey and whenUnsatisfiable of another");
  EXPECT_EQ(args_error("PodTopologySpread",
                       "'defaultingType':'List','defaultConstraints':[{'maxSkew':1,"
                       "'topologyKey':'z','whenUnsatisfiable':'DoNotSchedule',"
                       "'labelSelector':{}}]"),
            path +
                "defaultConstraints[0].labelSelector: is not allowed; it is deduced for each "
                "pod");
  EXPECT_EQ(args_error("PodTopologySpread", "'defaultingType':'Mine'"),
            path + "defaultingType: \"Mine\" is unknown; allowed: System, List");
}

TEST_F(SchedulerConfigurationTest, TheKindOfArgumentsHasToMatch) {
  EXPECT_EQ(args_error("NodeResourcesFit", "'kind':'NodeAffinityArgs'"),
            "profiles[0].pluginConfig[0].args.kind: \"NodeAffinityArgs\" has to match the plugin; "
            "allowed: NodeResourcesFitArgs");
  EXPECT_EQ(profile_error("'pluginConfig':[{'name':'ImageLocality','args':{'a':1}}]")
                .rfind("profiles[0].pluginConfig[0].args.a: is unknown here", 0),
            0U);
  EXPECT_EQ(profile_error("'pluginConfig':[{'name':'NodeName'},{'name':'NodeName'}]"),
            "profiles[0].pluginConfig[1].name: \"NodeName\" is configured twice");
  EXPECT_EQ(profile_error("'pluginConfig':[{'name':'Mine'}]")
                .rfind("profiles[0].pluginConfig[0].name: \"Mine\" is no plugin; allowed: ", 0),
            0U);
}

TEST_F(SchedulerConfigurationTest, ProfilesNeedDistinctNames) {
  EXPECT_EQ(error(",'profiles':[{},{'schedulerName':'a'}]"),
            "profiles[0].schedulerName: is missing");
  EXPECT_EQ(error(",'profiles':[{'schedulerName':'a'},{'schedulerName':'a'}]"),
            "profiles[1].schedulerName: \"a\" is the name of two profiles; allowed: distinct "
            "names");
  const auto two = decode(
      ",'percentageOfNodesToScore':30,'profiles':[{'schedulerName':'a'},"
      "{'schedulerName':'b','percentageOfNodesToScore':50}]");
  ASSERT_TRUE(two) << message(two);
  EXPECT_EQ(two->profiles[0].percentage_of_nodes_to_score, 30);
  EXPECT_EQ(two->profiles[1].percentage_of_nodes_to_score, 50);
}

TEST_F(SchedulerConfigurationTest, TheRestOfTheApiIsKnownAndNothingElse) {
  EXPECT_EQ(error(",'leaderElection':{'leaderElect':false},'clientConnection':{'qps':100},"
                  "'enableProfiling':false,'enableContentionProfiling':false,'extenders':[],"
                  "'delayCacheUntilActive':true,'parallelism':1,'podInitialBackoffSeconds':2,"
                  "'podMaxBackoffSeconds':2"),
            "no error");
  EXPECT_EQ(error(",'parallelism':0"), "parallelism: 0 is out of range; allowed: 1..2147483647");
  EXPECT_EQ(error(",'percentageOfNodesToScore':101"),
            "percentageOfNodesToScore: 101 is out of range; allowed: 0..100");
  EXPECT_EQ(error(",'podInitialBackoffSeconds':20"),
            "podMaxBackoffSeconds: is shorter than podInitialBackoffSeconds; allowed: at least "
            "20");
  EXPECT_EQ(error(",'extenders':[{'urlPrefix':'http://x'}]"),
            "extenders: are not supported; allowed: none");
  EXPECT_EQ(error(",'profile':[]").rfind("profile: is unknown here; allowed: apiVersion, ", 0), 0U);
  EXPECT_EQ(message(decode_scheduler_configuration(parsed("null"), world_.catalog)),
            "is empty; allowed: a KubeSchedulerConfiguration");
  EXPECT_EQ(message(decode_scheduler_configuration(
                parsed("{'apiVersion':'kubescheduler.config.k8s.io/v1beta3','kind':"
                       "'KubeSchedulerConfiguration'}"),
                world_.catalog)),
            "apiVersion: \"kubescheduler.config.k8s.io/v1beta3\" is unknown; allowed: "
            "kubescheduler.config.k8s.io/v1");
}

}  // namespace
}  // namespace arcas::manifest
