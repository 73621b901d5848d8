#pragma once

#include <string_view>
#include <vector>

namespace arcas::real {

/// The layout of Kubernetes's messages, in a small format of arcas's own, read once by
/// `MessageTable::parse`.
///
///   package NAME
///   TYPE[@VERSION[,…]] field=number:type …        VERSION: it is a kind of it; "*": of every one
///     …more fields
///
/// Types: string, bool, int32, int64, bytes, quantity, intOrString, time, microTime, raw (JSON), or
/// a TYPE, of another package as package.TYPE; before them "[]" for a list, "{}" for a map from
/// strings. "!" behind: JSON has the field also when it is empty, 0 or false. A field "^" is
/// inlined: its members are the holder's. A field "[]" stands for the whole message.
///
/// Source of the names and numbers: the generated.proto and types.go files of Kubernetes's
/// repositories k8s.io/api and k8s.io/apimachinery at v0.32.9. Where the two spell a name
/// differently, it is JSON's.
std::vector<std::string_view> message_texts();

extern const std::string_view kMetaMessages;
extern const std::string_view kCoreMessages;
extern const std::string_view kPodMessages;
extern const std::string_view kVolumeMessages;
extern const std::string_view kWorkloadMessages;
extern const std::string_view kAccessMessages;
extern const std::string_view kNetworkMessages;

}  // namespace arcas::real
