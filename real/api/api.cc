#include "real/api/api.h"

#include <algorithm>
#include <boost/json.hpp>

#include "real/api/api_state.h"
#include "real/api/discovery.h"
#include "real/api/object_text.h"

namespace arcas::real {
namespace json = boost::json;
namespace {

constexpr std::string_view kSystem = "system";

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// A path and a verb that fit the kind's scope and each other.
bool check_path(const ApiCall& call) {
  const bool namespaced = call.kind->scope == KindScope::name_space;
  const bool itself = call.kind->plural == "namespaces";
  if (!namespaced && !itself && !call.path.name_space.empty()) {
    call.fail(ApiReason::not_found, "the kind is not in namespaces");
    return false;
  }
  const bool one = !call.path.name.empty() || call.verb == "create";
  if (one && namespaced && call.path.name_space.empty()) {
    call.fail(ApiReason::not_found, "the path names no namespace");
    return false;
  }
  if (call.tenant.empty() && call.kind->scope != KindScope::cluster && call.verb != "list" &&
      call.verb != "watch") {
    call.fail(ApiReason::bad_request, "the path must name one tenant, not all");
    return false;
  }
  const bool collection_verb = call.verb == "list" || call.verb == "deletecollection";
  if (call.verb.empty() ||
      (call.verb == "create" && !call.path.name.empty() && call.path.subresource.empty()) ||
      (!one && !collection_verb && call.verb != "watch")) {
    call.fail(ApiReason::method_not_allowed,
              "the server does not allow this method on the requested resource");
    return false;
  }
  return true;
}

/// Whose kinds a request is about: those of the tenant in its path, if that is the caller's or the
/// caller is of tenant `system`.
const std::string& tenant_of_kinds(const ApiCall& call) {
  const ApiCaller& caller = call.request.caller;
  const std::string& named = call.path.tenant;
  const bool may = named == caller.tenant || caller.tenant == kSystem;
  return named.empty() || named == "all" || !may ? caller.tenant : named;
}

json::object new_namespace(std::string_view tenant, std::string_view name) {
  return {{"apiVersion", "v1"},
          {"kind", "Namespace"},
          {"metadata", json::object{{"name", name}, {"tenant", tenant}}},
          {"spec", json::object()}};
}

}  // namespace

Api::State::State(DocumentStore& documents, Sources given)
    : store(documents),
      sources(std::move(given)),
      kinds(documents, [this](const Document& changed) { sweep_definition(changed.key); }) {}

Api::Api(DocumentStore& store, Sources sources)
    : state_(std::make_shared<State>(store, std::move(sources))) {
  for (int i = 0; i < 4; ++i) {
    state_->continuation_key += std::to_string(state_->sources.random()) + ' ';
  }
}

Api::~Api() {
  for (auto& [id, watch] : state_->watches) state_->store.unwatch(watch.store_watch);
  state_->watches.clear();
}

std::uint64_t Api::handle(ApiRequest request, std::shared_ptr<ApiReply> reply) {
  auto call = std::make_shared<ApiCall>();
  call->request = std::move(request);
  call->reply = std::move(reply);
  const std::string_view target = call->request.target;
  const std::size_t mark = std::min(target.find('?'), target.size());
  Expected<RequestPath> path = parse_request_path(target.substr(0, mark));
  auto query = parse_query(target.substr(std::min(mark + 1, target.size())));
  if (!path || !query) {
    call->fail(api_error_of(path ? query.error() : path.error()));
    return 0;
  }
  call->path = std::move(*path);
  call->query = std::move(*query);
  call->table = table_form(call->request.accept);
  call->served = state_->kinds.of(tenant_of_kinds(*call));
  if (call->path.kind != RequestPath::Kind::objects) {
    state_->serve_document(*call);
    return 0;
  }
  call->kind = call->served->kinds.find(call->path.group, call->path.version, call->path.resource);
  if (call->kind == nullptr) {
    call->fail(ApiReason::not_found, "the server could not find the requested resource");
    return 0;
  }
  const bool asks_to_watch =
      std::any_of(call->query.begin(), call->query.end(), [](const auto& parameter) {
        return parameter.first == "watch" &&
               (parameter.second == "true" || parameter.second == "1" || parameter.second.empty());
      });
  call->verb = request_verb(call->request.method, call->path, asks_to_watch);
  if (!state_->authorize(*call) || !check_path(*call)) return 0;
  if (!accepts_json(call->request.accept)) {
    call->fail(ApiReason::not_acceptable,
               "only the following media types are served: "
               "application/json");
    return 0;
  }
  if (!call->path.subresource.empty()) {
    state_->subresource(call);
  } else if (call->verb == "watch") {
    return state_->watch(call);
  } else if (call->verb == "get") {
    state_->get(call);
  } else if (call->verb == "list") {
    state_->list(call);
  } else if (call->verb == "create") {
    state_->create(call);
  } else if (call->verb == "update" || call->verb == "patch") {
    state_->update(call);
  } else if (call->verb == "delete") {
    state_->remove(call);
  } else {
    state_->remove_collection(call);
  }
  return 0;
}

void Api::State::serve_document(const ApiCall& call) {
  using Kind = RequestPath::Kind;
  if (call.request.method != "GET" && call.request.method != "HEAD") {
    call.fail(ApiReason::method_not_allowed, "only GET is served here");
    return;
  }
  if (!call.path.segments.empty() && call.path.segments.front() == "openapi") {
    serve_openapi(call);
    return;
  }
  const std::string_view accept = call.request.accept;
  const KindTable& kinds_served = call.served->kinds;
  json::value document;
  const bool roots = call.path.kind == Kind::core_versions || call.path.kind == Kind::groups;
  if (roots && contains(accept, "as=APIGroupDiscoveryList")) {
    // The order of the header decides, and every client that knows v2 names it first.
    const std::string version = contains(accept, "v=v2;") ? "v2" : "v2beta1";
    ApiResponse response;
    response.content_type =
        "application/json;g=apidiscovery.k8s.io;v=" + version + ";as=APIGroupDiscoveryList";
    response.body = json::serialize(
        aggregated_document(kinds_served, call.path.kind == Kind::core_versions, version));
    call.reply->respond(std::move(response));
    return;
  }
  switch (call.path.kind) {
    case Kind::core_versions:
      document = core_versions_document(sources.address);
      break;
    case Kind::groups:
      document = groups_document(kinds_served);
      break;
    case Kind::group:
      document = group_document(kinds_served, call.path.group);
      break;
    case Kind::resources:
      document = resources_document(kinds_served, call.path.group, call.path.version);
      break;
    default:
      if (call.path.segments == std::vector<std::string>{"version"}) document = version_document();
  }
  if (document.is_null()) {
    call.fail(ApiReason::not_found, "the server could not find the requested resource");
  } else {
    call.respond(200, document);
  }
}

void Api::State::serve_openapi(const ApiCall& call) {
  const auto document = call.served->openapi->find(call.path.segments, call.request.accept);
  if (!document) {
    call.fail(ApiReason::not_found, "the server could not find the requested resource");
    return;
  }
  ApiResponse response;
  response.content_type = document->content_type;
  response.body = document->text;
  call.reply->respond(std::move(response));
}

void Api::cancel(std::uint64_t watch) {
  const auto found = state_->watches.find(watch);
  if (found == state_->watches.end()) return;
  state_->store.unwatch(found->second.store_watch);
  state_->watches.erase(found);
}

std::size_t Api::watches() const { return state_->watches.size(); }

void Api::bootstrap(std::function<void()> done) {
  std::vector<DocumentWrite> writes;
  const auto add = [&](const std::string& plural, const std::string& tenant, json::object object) {
    const std::string name(text_at(object, "metadata.name"));
    const std::string uid = state_->new_uid();
    json::object& metadata = object_at(object, "metadata");
    metadata["uid"] = uid;
    metadata["creationTimestamp"] = timestamp_text(state_->sources.unix_seconds());
    const bool is_namespace = plural == "namespaces";
    if (is_namespace) {
      object_at(metadata, "labels")["kubernetes.io/metadata.name"] = name;
      object_at(object, "spec")["finalizers"] = json::array{"kubernetes"};
    }
    object["status"] = json::object{{"phase", "Active"}};
    DocumentWrite write;
    write.key = {plural, tenant, "", name};
    write.uid = uid;
    write.json = std::make_shared<const std::string>(stored_text(std::move(object)));
    writes.push_back(std::move(write));
  };
  add("tenants", "",
      {{"apiVersion", "v1"},
       {"kind", "Tenant"},
       {"metadata", json::object{{"name", kSystem}}},
       {"spec", json::object{{"storageClusterId", "0"}, {"finalizers", json::array{"arktos"}}}}});
  for (const char* name : {"default", "kube-system", "kube-public", "kube-node-lease"}) {
    add("namespaces", std::string(kSystem), new_namespace(kSystem, name));
  }
  state_->store.commit(std::move(writes), false, [done = std::move(done)](const DocumentCommit&) {
    if (done) done();
  });
}

std::string Api::State::new_uid() const {
  if (sources.uuid) return sources.uuid();
  const std::uint64_t high = sources.random();
  const std::uint64_t low = sources.random();
  char text[40];
  std::snprintf(text, sizeof(text), "%08x-%04x-4%03x-%04x-%012llx",
                static_cast<unsigned>(high >> 32U), static_cast<unsigned>((high >> 16U) & 0xffffU),
                static_cast<unsigned>(high & 0xfffU),
                static_cast<unsigned>(((low >> 48U) & 0x3fffU) | 0x8000U),
                static_cast<unsigned long long>(low & 0xffffffffffffULL));
  return text;
}

}  // namespace arcas::real
