#pragma once

#include <string_view>
#include <vector>

namespace arcas::real {

/// The texts of the schema, in arcas's own small format, read once at the start by `parse_schema`.
///
///   package PREFIX                  the types below are named PREFIX.Type in OpenAPI documents
///   kind GROUP/VERSION[,…] Name : description       a type with apiVersion, kind and metadata
///   type Name [atomic] : description                `atomic`: server-side apply sees one value
///     field TYPE[!|+] [flags] : description
///
/// TYPE: string, int32, int64, number, bool, quantity, intOrString, time, microTime, bytes
/// (base64), any, object (any members), or a type's name; "[]T" is a list of T, "{}T" a map of T.
/// "!": required and not empty; "+": required.
///
/// Flags of values: =VALUE default; in(A,B) the allowed values; range(A,B); label (DNS-1123);
/// fixed: it never changes once it is set. Flags of merging: set, key(a,b): how server-side apply
/// tells the entries of a list apart; merge(k), merge, retain, replace: how strategic merge does;
/// by(k): key(k) and merge(k); atomic: server-side apply sees a map as one value.
///
/// Source of the names and types: the API reference of Kubernetes 1.32; the types of Arktos 1.0.
std::vector<std::string_view> schema_tables();

extern const std::string_view kMetaTable;
extern const std::string_view kPodTable;
extern const std::string_view kPodPlacementTable;
extern const std::string_view kPodStatusTable;
extern const std::string_view kVolumeTable;
extern const std::string_view kCoreTable;
extern const std::string_view kNodeTable;
extern const std::string_view kAppsTable;
extern const std::string_view kBatchTable;
extern const std::string_view kAutoscalingTable;
extern const std::string_view kNetworkingTable;
extern const std::string_view kAccessTable;
extern const std::string_view kExtensionTable;
extern const std::string_view kArktosTable;

}  // namespace arcas::real
