#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/controllers/endpoints.h"

namespace arcas::real {

/// What the Endpoints and EndpointSlices of a Service follow from.
struct ServiceText {
  std::string name;
  std::string uid;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> selector;  ///< empty: its endpoints are somebody else's
  std::vector<controllers::ServicePort> ports;
  bool headless = false;
  bool publish_not_ready = false;
  bool external_name = false;
};
ServiceText service_text(const boost::json::object& document);

struct PodText {
  std::map<std::string, std::string> labels;
  controllers::PodBehindService pod;
};
PodText pod_text(const boost::json::object& document);

/// Whether every pair of the selector is among the labels.
bool selects(const std::map<std::string, std::string>& selector,
             const std::map<std::string, std::string>& labels);

inline constexpr std::string_view kServiceName = "kubernetes.io/service-name";
inline constexpr std::string_view kSliceOwner = "endpointslice.kubernetes.io/managed-by";
inline constexpr std::string_view kSliceController = "endpointslice-controller.k8s.io";
/// Kubernetes's limits: an Endpoints object leaves out what is beyond, with an annotation.
inline constexpr std::size_t kMostAddresses = 1000;
inline constexpr std::size_t kMostInSlice = 100;

/// Labels, annotations and subsets of the Service's Endpoints, written into its document; new ones
/// begin with an empty one.
void write_endpoints(boost::json::object& document, const ServiceText& service,
                     std::string_view name_space,
                     const std::vector<controllers::EndpointGroup>& groups);

/// What one slice shows. Its name stays as long as the ports and its place among theirs do.
struct SlicePart {
  std::string name;
  controllers::EndpointGroup group;
  bool ipv6 = false;
};
std::vector<SlicePart> slice_parts(const ServiceText& service,
                                   const std::vector<controllers::EndpointGroup>& groups);
/// Into the slice's document; new ones begin with an empty one.
void write_slice(boost::json::object& document, const ServiceText& service,
                 std::string_view name_space, const SlicePart& part);

}  // namespace arcas::real
