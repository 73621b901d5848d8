#include "real/api/request_path.h"

#include <gtest/gtest.h>

namespace arcas::real {
namespace {

using Kind = RequestPath::Kind;

RequestPath read(std::string_view text) {
  Expected<RequestPath> path = parse_request_path(text);
  EXPECT_TRUE(path.has_value()) << text << ": " << (path ? "" : path.error().message);
  return path ? std::move(path).value() : RequestPath{};
}

TEST(RequestPath, AnObjectInANamespaceIsReadWithItsSubresource) {
  const RequestPath path = read("/apis/apps/v1/namespaces/web/deployments/front/scale");
  EXPECT_EQ(path.kind, Kind::objects);
  EXPECT_EQ(path.group, "apps");
  EXPECT_EQ(path.version, "v1");
  EXPECT_EQ(path.tenant, "");
  EXPECT_EQ(path.name_space, "web");
  EXPECT_EQ(path.resource, "deployments");
  EXPECT_EQ(path.name, "front");
  EXPECT_EQ(path.subresource, "scale");
}

TEST(RequestPath, ATenantMayStandBehindTheVersionOrBeforeTheAddress) {
  for (const char* text :
       {"/api/v1/tenants/t/namespaces/n/pods/p", "/tenants/t/api/v1/namespaces/n/pods/p",
        "/tenants/t/api/v1/tenants/t/namespaces/n/pods/p"}) {
    const RequestPath path = read(text);
    EXPECT_EQ(path.tenant, "t") << text;
    EXPECT_EQ(path.name_space, "n") << text;
    EXPECT_EQ(path.resource, "pods") << text;
    EXPECT_EQ(path.name, "p") << text;
  }
  EXPECT_EQ(read("/tenants/t/api").kind, Kind::core_versions);
  EXPECT_EQ(read("/tenants/t/apis/apps").kind, Kind::group);
  EXPECT_EQ(read("/tenants/t/openapi/v2").segments, (std::vector<std::string>{"openapi", "v2"}));
  EXPECT_EQ(read("/api/v1/tenants/all/pods").tenant, "all");
}

TEST(RequestPath, TwoTenantsThatDisagreeAreRefused) {
  const Expected<RequestPath> path = parse_request_path("/tenants/a/api/v1/tenants/b/pods");
  ASSERT_FALSE(path.has_value());
  EXPECT_NE(path.error().message.find("'b'"), std::string::npos);
}

TEST(RequestPath, TenantsAndNamespacesAreObjectsThemselves) {
  EXPECT_EQ(read("/api/v1/tenants").resource, "tenants");
  RequestPath path = read("/api/v1/tenants/t/status");
  EXPECT_EQ(path.resource, "tenants");
  EXPECT_EQ(path.name, "t");
  EXPECT_EQ(path.subresource, "status");
  EXPECT_EQ(path.tenant, "");
  path = read("/api/v1/tenants/t/namespaces/n/finalize");
  EXPECT_EQ(path.tenant, "t");
  EXPECT_EQ(path.resource, "namespaces");
  EXPECT_EQ(path.name, "n");
  EXPECT_EQ(path.name_space, "n");
  EXPECT_EQ(path.subresource, "finalize");
  EXPECT_EQ(read("/api/v1/tenants/t/persistentvolumes/v").name, "v");
}

TEST(RequestPath, DiscoveryAndOtherPathsAreToldApart) {
  EXPECT_EQ(read("/api").kind, Kind::core_versions);
  EXPECT_EQ(read("/apis/").kind, Kind::groups);
  EXPECT_EQ(read("/api/v1").kind, Kind::resources);
  EXPECT_EQ(read("/apis/apps/v1").kind, Kind::resources);
  EXPECT_EQ(read("/version").kind, Kind::other);
  EXPECT_EQ(read("/").kind, Kind::other);
  EXPECT_TRUE(read("/api/v1/watch/namespaces/n/pods").watch);
  EXPECT_EQ(read("/api/v1/namespaces/n/pods/p/proxy/a/b").subresource, "proxy/a/b");
}

TEST(RequestPath, HostilePathsAreRefused) {
  for (const char* text :
       {"", "api", "//api", "/api//v1", "/api/../apis", "/api/%2e%2e/apis", "/api/./v1",
        "/api/v1/pods%2fx", "/api/v1/%00", "/api/v1/%zz", "/api/v1/%4", "/api/v1/a\nb", "/api//"}) {
    EXPECT_FALSE(parse_request_path(text).has_value()) << text;
  }
  EXPECT_FALSE(parse_request_path("/" + std::string(5000, 'x')).has_value());
  std::string deep;
  for (int i = 0; i < 33; ++i) deep += "/x";
  EXPECT_FALSE(parse_request_path(deep).has_value());
}

TEST(RequestPath, VerbsFollowMethodAndName) {
  const RequestPath one = read("/api/v1/namespaces/n/pods/p");
  const RequestPath all = read("/api/v1/namespaces/n/pods");
  EXPECT_EQ(request_verb("GET", one, false), "get");
  EXPECT_EQ(request_verb("GET", read("/api/v1/namespaces/n/pods/p/exec"), false), "create");
  EXPECT_EQ(request_verb("POST", read("/api/v1/namespaces/n/pods/p/attach"), false), "create");
  EXPECT_EQ(request_verb("GET", read("/api/v1/namespaces/n/pods/p/log"), false), "get");
  EXPECT_EQ(request_verb("GET", all, false), "list");
  EXPECT_EQ(request_verb("GET", all, true), "watch");
  EXPECT_EQ(request_verb("GET", read("/api/v1/watch/pods"), false), "watch");
  EXPECT_EQ(request_verb("POST", all, false), "create");
  EXPECT_EQ(request_verb("PUT", one, false), "update");
  EXPECT_EQ(request_verb("PATCH", one, false), "patch");
  EXPECT_EQ(request_verb("DELETE", one, false), "delete");
  EXPECT_EQ(request_verb("DELETE", all, false), "deletecollection");
  EXPECT_EQ(request_verb("TRACE", all, false), "");
}

TEST(RequestQuery, ParametersAreDecodedInTheirOrder) {
  const auto query = parse_query("labelSelector=app%3Dweb+x&watch&limit=5&a=");
  ASSERT_TRUE(query.has_value());
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(*query,
            (Pairs{{"labelSelector", "app=web x"}, {"watch", ""}, {"limit", "5"}, {"a", ""}}));
}

TEST(RequestQuery, HostileQueriesAreRefused) {
  EXPECT_FALSE(parse_query("a=%g0").has_value());
  EXPECT_FALSE(parse_query("a=%00").has_value());
  EXPECT_FALSE(parse_query(std::string(70'000, 'x')).has_value());
  std::string many;
  for (int i = 0; i < 257; ++i) many += "a=1&";
  EXPECT_FALSE(parse_query(many).has_value());
}

}  // namespace
}  // namespace arcas::real
