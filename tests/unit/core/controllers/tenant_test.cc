#include "core/controllers/tenant.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/controllers/namespace.h"
#include "fixture.h"

namespace arcas::controllers {
namespace {

class TenantTest : public testing::Test {
 protected:
  TenantTest() {
    tenant.id = world.catalog.tenants.intern("acme");
    tenant.meta.name = {world.catalog.intern("acme"), 0};
  }
  Effects sync(TimePoint now) {
    std::vector<const model::Namespace*> pointers;
    for (const model::Namespace& name_space : namespaces) pointers.push_back(&name_space);
    Effects out;
    controller.sync(now, tenant, pointers, out);
    for (const auto& operation : out.objects) {
      if (const auto* made = std::get_if<model::Namespace>(&operation.object)) {
        if (operation.verb == ports::Verb::create) namespaces.push_back(*made);
      } else if (operation.verb == ports::Verb::update) {
        tenant = std::get<model::Tenant>(operation.object);
      }
    }
    return out;
  }

  World world;
  model::Tenant tenant;
  std::vector<model::Namespace> namespaces;
  TenantController controller{world.catalog};
};

TEST_F(TenantTest, ANewTenantGetsItsNamespacesAndIsThenInitialized) {
  EXPECT_EQ(sync(at(1)).objects.size(), 3U);
  EXPECT_FALSE(tenant.initialized);
  ASSERT_EQ(namespaces.size(), 3U);
  EXPECT_EQ(world.catalog.namespace_name(namespaces[0].id), "default");
  EXPECT_EQ(world.catalog.tenant_of(namespaces[2].id), tenant.id);
  EXPECT_EQ(sync(at(2)).objects.size(), 1U);
  EXPECT_TRUE(tenant.initialized);
  EXPECT_TRUE(sync(at(3)).empty());
}

TEST_F(TenantTest, StartUpGoesOnWhereACrashLeftIt) {
  sync(at(1));
  namespaces.pop_back();
  EXPECT_EQ(sync(at(2)).objects.size(), 1U);
  EXPECT_EQ(namespaces.size(), 3U);
}

TEST_F(TenantTest, ADeletedTenantGoesAfterItsNamespaces) {
  sync(at(1));
  sync(at(2));
  tenant.meta.deleted_at = at(3);
  sync(at(3));
  EXPECT_EQ(tenant.phase, model::TenantPhase::terminating);
  const Effects out = sync(at(4));
  ASSERT_EQ(out.objects.size(), 3U);
  EXPECT_EQ(std::get<model::Namespace>(out.objects[0].object).meta.deleted_at, at(4));
  for (model::Namespace& name_space : namespaces) name_space.meta.deleted_at = at(4);
  EXPECT_TRUE(sync(at(5)).empty());
  namespaces.clear();
  const Effects last = sync(at(6));
  ASSERT_EQ(last.objects.size(), 1U);
  EXPECT_EQ(last.objects[0].verb, ports::Verb::remove);
}

TEST(NamespaceController, EmptiesWorkloadsThenPodsThenGoes) {
  World world;
  NamespaceController controller({.burst = 2});
  model::Namespace name_space;
  const auto sync = [&](std::vector<const model::Object*> objects,
                        std::vector<const model::Pod*> pods) {
    Effects out;
    controller.sync(at(9), name_space, {objects, pods}, out);
    return out;
  };
  EXPECT_TRUE(sync({}, {}).empty());  // a live one is left alone
  name_space.meta.deleted_at = at(8);
  const Effects first = sync({}, {});
  name_space = std::get<model::Namespace>(first.objects.at(0).object);
  EXPECT_EQ(name_space.phase, model::TenantPhase::terminating);

  const model::Object set = model::ReplicaSet{};
  const model::Pod bound = world.pod(Uid{7}, world.spec(), NodeId{1});
  const model::Pod pending = world.pod(Uid{7}, world.spec());
  const Effects second = sync({&set, &set, &set}, {&bound});
  EXPECT_EQ(second.objects.size(), 2U);
  EXPECT_TRUE(second.pods.empty());
  const Effects third = sync({}, {&bound, &pending});
  ASSERT_EQ(third.pods.size(), 2U);
  EXPECT_EQ(third.pods[0].verb, ports::Verb::update);
  EXPECT_EQ(third.pods[1].verb, ports::Verb::remove);
  model::Pod leaving = bound;
  leaving.meta.deleted_at = at(9);
  EXPECT_TRUE(sync({}, {&leaving}).empty());  // its agent has to confirm
  EXPECT_EQ(sync({}, {}).objects.at(0).verb, ports::Verb::remove);
}

}  // namespace
}  // namespace arcas::controllers
