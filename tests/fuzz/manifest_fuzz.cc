// Any bytes as an API object of every kind, and as a scheduler configuration: either an object, or
// an error that says something. Amounts are never negative, weights stay in their ranges.
//
// Bytes that are no JSON are a seed of edits of one of the documents of the corpus.
#include <algorithm>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "core/manifest/node.h"
#include "core/manifest/pod.h"
#include "core/manifest/scheduler_configuration.h"
#include "core/manifest/storage.h"
#include "core/manifest/workloads.h"

namespace {

using namespace arcas;

void require(bool kept) {
  if (!kept) std::abort();
}

template <class T>
bool sound(const Expected<T>& result) {
  if (!result) require(!result.error().message.empty());
  return result.has_value();
}

void require_sound(const model::ResourceList& list) {
  for (const auto& item : list.items()) require(item.amount >= 0);
}

void read_pod(const boost::json::value& document, const manifest::Decoding& decoding) {
  const auto pod = manifest::decode_pod(document, decoding);
  if (!sound(pod)) return;
  for (const model::Container& container : pod->spec.containers) {
    require_sound(container.requests);
    require_sound(container.limits);
  }
  for (const auto& preferred : pod->spec.node_affinity.preferred) {
    require(preferred.weight >= 1 && preferred.weight <= 100);
  }
  for (const auto& constraint : pod->spec.topology_spread) require(constraint.max_skew >= 1);
  require_sound(decoding.catalog.spec(decoding.catalog.intern_spec(pod->spec)).requests);
}

void read_configuration(const boost::json::value& document, model::Catalog& catalog) {
  const auto configuration = manifest::decode_scheduler_configuration(document, catalog);
  if (!sound(configuration)) return;
  require(!configuration->profiles.empty());
  for (const scheduler::SchedulerProfile& profile : configuration->profiles) {
    for (const auto& entry : profile.scores) require(entry.weight >= 1);
    for (const auto& resource : profile.fit.resources) {
      require(resource.weight >= 1 && resource.weight <= 100);
    }
  }
}

/// The documents of the corpus, in the order of their names.
std::vector<boost::json::value> read_documents() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(ARCAS_SOURCE_DIR) / "tests/fuzz/corpus/manifest")) {
    paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<boost::json::value> documents;
  for (const auto& path : paths) {
    std::ifstream stream(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    boost::json::error_code error;
    boost::json::value document = boost::json::parse(text, error);
    if (!error) documents.push_back(std::move(document));
  }
  return documents;
}

void collect(boost::json::value& value, std::vector<boost::json::value*>& all) {
  all.push_back(&value);
  if (boost::json::object* object = value.if_object()) {
    for (auto& member : *object) collect(member.value(), all);
  } else if (boost::json::array* array = value.if_array()) {
    for (auto& element : *array) collect(element, all);
  }
}

/// A value of another type, at a limit, or a piece of the document itself.
boost::json::value replacement(std::size_t choice, const boost::json::value& other) {
  switch (choice) {
    case 0:
      return nullptr;
    case 1:
      return boost::json::object{};
    case 2:
      return boost::json::array{};
    case 3:
      return "";
    case 4:
      return 0;
    case 5:
      return -1;
    case 6:
      return std::numeric_limits<std::int64_t>::max();
    case 7:
      return std::numeric_limits<std::uint64_t>::max();
    case 8:
      return 1e300;
    case 9:
      return true;
    case 10:
      return "*";
    case 11:
      return "1e100";
    case 12:
      return boost::json::array{nullptr, other};
    case 13:
      return boost::json::object{{"", other}, {"name", other}};
    default:
      return other;
  }
}

/// All bytes together (FNV-1a) choose a document and up to eight edits of it.
boost::json::value edited(const std::uint8_t* data, std::size_t size) {
  static const std::vector<boost::json::value> kDocuments = read_documents();
  if (kDocuments.empty()) return nullptr;
  std::uint64_t state = 0xcbf29ce484222325ULL;
  const auto mix = [&state](std::uint8_t byte) { state = (state ^ byte) * 0x100000001b3ULL; };
  for (std::size_t i = 0; i < size; ++i) mix(data[i]);
  const auto draw = [&](std::size_t bound) {
    mix(1);
    return static_cast<std::size_t>((state >> 24U) % bound);
  };
  boost::json::value document = kDocuments[draw(kDocuments.size())];
  for (std::size_t edits = 1 + draw(8); edits > 0; --edits) {
    std::vector<boost::json::value*> all;
    collect(document, all);
    if (all.size() > 2000) break;
    const boost::json::value other = *all[draw(all.size())];
    *all[draw(all.size())] = replacement(draw(16), other);
  }
  return document;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  boost::json::error_code error;
  boost::json::value document = boost::json::parse(
      boost::json::string_view(reinterpret_cast<const char*>(data), size), error);
  if (error) document = edited(data, size);
  model::Catalog catalog;
  const manifest::Decoding decoding{.catalog = catalog, .tenant = TenantId{0}};
  read_pod(document, decoding);
  read_configuration(document, catalog);
  const auto node = manifest::decode_node(document, decoding);
  if (sound(node)) require_sound(node->allocatable);
  using Kind = model::WorkloadSelector::Kind;
  for (const Kind kind : {Kind::service, Kind::stateful_set}) {
    (void)sound(manifest::decode_workload_selector(document, kind, decoding));
  }
  (void)sound(manifest::decode_replica_set(document, decoding));
  (void)sound(manifest::decode_namespace(document, decoding));
  (void)sound(manifest::decode_budget(document, decoding));
  (void)sound(manifest::decode_priority_class(document, decoding));
  (void)sound(manifest::decode_persistent_volume(document, decoding));
  (void)sound(manifest::decode_persistent_volume_claim(document, decoding));
  (void)sound(manifest::decode_storage_class(document, decoding));
  (void)sound(manifest::decode_csi_node(document, decoding));
  return 0;
}
