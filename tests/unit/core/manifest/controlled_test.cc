#include "core/manifest/controlled.h"

#include <gtest/gtest.h>

#include <tuple>

#include "core/manifest/cluster_objects.h"
#include "fixture.h"

namespace arcas::manifest {
namespace {

class ControlledTest : public ::testing::Test {
 protected:
  template <class Decode>
  auto decode(const std::string& text, Decode decode_at) {
    document_ = parsed(text);
    return decode_document(document_,
                           [&](const Field& root) { return decode_at(root, world_.decoding); });
  }
  static std::string deployment(const std::string& annotations, const std::string& environment) {
    return "{'metadata':{'name':'d','namespace':'n','generation':4,'annotations':{"
           "'deployment.kubernetes.io/revision':'7'}},'spec':{'replicas':3,'selector':{"
           "'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'},'annotations':" +
           annotations + "},'spec':{'containers':[{'name':'c','image':'i','env':" + environment +
           "}]}}}}";
  }
  World world_;
  boost::json::value document_;
};

TEST_F(ControlledTest, ADeploymentArrivesWithKubernetessDefaults) {
  const auto read = decode(deployment("{}", "[]"), deployment_at);
  ASSERT_TRUE(read) << message(read);
  EXPECT_EQ(read->replicas, 3);
  EXPECT_EQ(read->meta.generation, 4U);
  EXPECT_EQ(read->revision, 7);
  EXPECT_EQ(read->strategy, model::Deployment::Strategy::rolling_update);
  EXPECT_EQ(read->max_surge, 25);
  EXPECT_TRUE(read->max_surge_is_percent);
  const auto other = decode(
      "{'metadata':{'name':'d','namespace':'n'},'spec':{'strategy':{'type':'RollingUpdate',"
      "'rollingUpdate':{'maxSurge':1,'maxUnavailable':'50%'}},'paused':true,'template':{}},"
      "'status':{'replicas':2,'updatedReplicas':1,'availableReplicas':1,'observedGeneration':9}}",
      deployment_at);
  ASSERT_TRUE(other) << message(other);
  EXPECT_EQ(std::tuple(other->max_surge, other->max_surge_is_percent), std::tuple(1, false));
  EXPECT_EQ(std::tuple(other->max_unavailable, other->max_unavailable_is_percent),
            std::tuple(50, true));
  EXPECT_TRUE(other->paused);
  EXPECT_EQ(other->replicas, 1) << "Kubernetes's default";
  EXPECT_EQ(other->observed_generation, 9U);
}

TEST_F(ControlledTest, WhatTheCoreDoesNotReadMakesAnotherTemplateAllTheSame) {
  const auto spec = [this](const std::string& annotations, const std::string& environment) {
    const auto read = decode(deployment(annotations, environment), deployment_at);
    return read ? read->pod_template.spec : SpecId{};
  };
  const SpecId first = spec("{'x':'1','y':'2'}", "[{'name':'A','value':'1'}]");
  EXPECT_EQ(spec("{'y':'2','x':'1'}", "[{'value':'1','name':'A'}]"), first) << "order of members";
  EXPECT_NE(spec("{'x':'1','y':'2'}", "[{'name':'A','value':'2'}]"), first);
  EXPECT_NE(spec("{'x':'1','y':'3'}", "[{'name':'A','value':'1'}]"), first) << "as a restart does";
}

TEST_F(ControlledTest, AJobKnowsHowItEnded) {
  const auto read = decode(
      "{'metadata':{'name':'j','namespace':'n'},'spec':{'parallelism':4,'template':{'spec':{"
      "'restartPolicy':'Never'}}},'status':{'succeeded':2,'conditions':[{'type':'Complete',"
      "'status':'True'},{'type':'Failed','status':'False'}]}}",
      job_at);
  ASSERT_TRUE(read) << message(read);
  EXPECT_EQ(read->completions, 4);
  EXPECT_EQ(read->backoff_limit, 6);
  EXPECT_TRUE(read->complete);
  EXPECT_FALSE(read->failed);
}

TEST_F(ControlledTest, TenantsQuotasAndLeases) {
  const auto tenant =
      decode("{'metadata':{'name':'blue'},'status':{'phase':'Terminating'}}", tenant_at);
  ASSERT_TRUE(tenant);
  EXPECT_EQ(world_.catalog.tenants.text(tenant->id), "blue");
  EXPECT_EQ(tenant->phase, model::TenantPhase::terminating);
  const auto quota = decode(
      "{'metadata':{'name':'q','namespace':'n'},'spec':{'hard':{'requests.cpu':'1500m','pods':'7',"
      "'count/services':'3','memory':'1Gi'}},'status':{'used':{'pods':'2'}}}",
      resource_quota_at);
  ASSERT_TRUE(quota) << message(quota);
  EXPECT_EQ(quota->hard.get(model::kCpu), 1500);
  EXPECT_EQ(quota->hard.get(model::kMemory), std::int64_t{1} << 30U);
  EXPECT_EQ(quota->hard.items().size(), 3U);
  EXPECT_EQ(quota->used.get(model::kPods), 2);
  const auto lease = decode(
      "{'metadata':{'name':'l','namespace':'kube-system'},'spec':{'holderIdentity':'x',"
      "'leaseTransitions':5,'leaseDurationSeconds':15,'renewTime':'1970-01-01T00:00:09Z'}}",
      lease_at);
  ASSERT_TRUE(lease) << message(lease);
  EXPECT_EQ(lease->epoch, 5U);
  EXPECT_EQ(lease->renewed_at.ns, 9'000'000'000);
  EXPECT_FALSE(lease->holder.valid());
}

TEST_F(ControlledTest, ALeaseTellsWhatItsHolderHasSpentOfItsEvictions) {
  model::SpentEvictions spent;
  spent.active_at_first = 70;
  spent.as_of = TimePoint{} + seconds(90);
  spent.parts = {{seconds(40), 3}, {seconds(2), 1}};
  const auto read = [this](const std::string& text) {
    const auto lease =
        decode("{'metadata':{'name':'l','annotations':{'arcas.io/evictions-spent':'" + text +
                   "'}},'spec':{}}",
               lease_at);
    return lease ? lease->spent : model::SpentEvictions{};
  };
  EXPECT_EQ(read(spent_text(spent)), spent);
  for (const char* text : {"", "x", "7", "7 8 9", "7 8 9:", "7 8 9:1 x", "7,8"}) {
    EXPECT_EQ(read(text), model::SpentEvictions{}) << text;
  }
}

TEST_F(ControlledTest, WrongFieldsAreNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"{'metadata':{'name':'d'},'spec':{'replicas':-1,'template':{}}}", "spec.replicas"},
      {"{'metadata':{'name':'d'},'spec':{'strategy':{'type':'Sudden'},'template':{}}}",
       "spec.strategy.type"},
      {"{'metadata':{'name':'d'},'spec':{'strategy':{'rollingUpdate':{'maxSurge':'a'}}}}",
       "spec.strategy.rollingUpdate.maxSurge"},
      {"{'metadata':{'name':'d'},'spec':{'template':{'spec':{'containers':{}}}}}",
       "spec.template.spec.containers"},
      {"{'spec':7}", "metadata"},
      {"[]", ""}};
  for (const auto& [text, field] : cases) {
    const auto read = decode(text, deployment_at);
    ASSERT_FALSE(read) << text;
    EXPECT_TRUE(read.error().message.starts_with(field)) << read.error().message;
  }
}

}  // namespace
}  // namespace arcas::manifest
