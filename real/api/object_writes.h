#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "real/api/api_state.h"
#include "real/api/apply/managed_fields.h"
#include "real/api/schema/schema.h"

namespace arcas::real {

/// How often a write without a precondition is tried when it loses races.
inline constexpr std::int32_t kMaxAttempts = 10;

/// What is wrong with an object that a client wants to write, besides what its kind demands: its
/// version, kind, names, labels, annotations and finalizers. Empty: nothing.
std::vector<ApiCause> problems_of_metadata(const KindInfo& kind, const boost::json::object& object);

/// What every write of an object must keep of the stored one: identity, times and, by `part`, its
/// status or everything else. Gives the object to be stored.
enum class ObjectPart : std::uint8_t { main, status };
boost::json::object kept_and_changed(const KindInfo& kind, const boost::json::object& stored,
                                     boost::json::object wanted, ObjectPart part);

/// What a new object gets whatever its client said: phases, finalizers.
void set_initial_state(const KindInfo& kind, boost::json::object& object);

/// The schema of a kind; null when there is none.
const TypeSchema* schema_of(const KindInfo& kind);

/// Reads an object by its kind's schema: unknown and repeated fields are dropped, refused or warned
/// of, as the client asked. False after it has answered with what is wrong.
bool read_by_schema(ApiCall& call, WriteOptions::Validation validation,
                    boost::json::object& object);

/// Fills in what the client left out, and brings what he wrote into the form in which it is kept.
/// Of new jobs the uid is known.
void settle_fields(const KindInfo& kind, boost::json::object& object);

/// All that is wrong with an object that a client wants to write. Empty: nothing.
std::vector<ApiCause> problems_of(const KindInfo& kind, const boost::json::object& object,
                                  ObjectPart part);

/// The version, kind, namespace and tenant of a body against those of its request; empty ones are
/// filled in. False after it has answered.
bool fit_to_request(const ApiCall& call, boost::json::object& object);
/// Answers with a stored text, or, at the subresource scale, with what that says of replicas.
void answer_written(const ApiCall& call, std::uint16_t code, std::string_view stored,
                    Revision revision);
/// Answers that somebody else has written the object meanwhile.
void fail_conflict(const ApiCall& call);
/// Whom the fields that a write changes belong to from then on.
FieldWriter field_writer(const ApiCall& call, const WriteOptions& options, std::int64_t now);
/// Is the call a server-side apply?
bool is_apply(const ApiCall& call);

/// False after it has answered that the body is too large.
bool check_body_size(const ApiCall& call);
/// The body of a request, JSON, YAML or Protocol Buffers, as an object. Empty after it has answered
/// with what is wrong.
std::optional<boost::json::object> read_object(const ApiCall& call);

}  // namespace arcas::real
