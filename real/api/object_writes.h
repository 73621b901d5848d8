#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "real/api/api_state.h"

namespace arcas::real {

/// What is wrong with an object that a client wants to write, besides what its kind demands: its
/// version, kind, names, labels, annotations and finalizers. Empty: nothing.
std::vector<ApiCause> problems_of_metadata(const KindInfo& kind, const boost::json::object& object);

/// What every write of an object must keep of the stored one: identity, times and, by `part`, its
/// status or everything else. Gives the object to be stored.
enum class ObjectPart : std::uint8_t { main, status };
boost::json::object kept_and_changed(const KindInfo& kind, const boost::json::object& stored,
                                     boost::json::object wanted, ObjectPart part);

/// Is an object that is being deleted free to go: no finalizers, no grace period left?
bool is_free_to_go(const boost::json::object& object);

/// What a kind gets when its client said nothing: phases, finalizers, counts.
void set_defaults(const KindInfo& kind, boost::json::object& object);

/// The body of a request as an object. Empty after it has answered with what is wrong.
std::optional<boost::json::object> read_object(const ApiCall& call);

}  // namespace arcas::real
