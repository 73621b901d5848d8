// The schema of what kinds share: metadata, selectors, conditions, options. See tables.h.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kMetaTable = R"(
package io.k8s.apimachinery.pkg.apis.meta.v1

type ObjectMeta : Names an object, places it, and says who made it and when.
  name string : Name of the object, unique among its kind in its namespace.
  generateName string : Prefix from which the server makes a name when there is none.
  namespace string : Namespace that holds the object.
  tenant string : Tenant that owns the object.
  selfLink string : Address of the object. No longer filled in.
  uid string : Identity of the object, unique in time and space.
  hashKey int64 : Hash of the uid, by which controllers share the work.
  resourceVersion string : Revision in which the object was written last.
  generation int64 : Counts the changes of what is wanted.
  creationTimestamp time : When the object was made.
  deletionTimestamp time : When the object is to be gone, once somebody has deleted it.
  deletionGracePeriodSeconds int64 : Seconds that the object has to end.
  labels {}string : Keys and values to select the object by.
  annotations {}string : Keys and values that tools attach to the object.
  ownerReferences []OwnerReference by(uid) : Objects without which this one is garbage.
  finalizers []string set merge : Who must agree before the object goes.
  clusterName string : Name of the cluster. No longer used.
  managedFields []ManagedFieldsEntry : Which manager owns which fields.

type ListMeta : Tells which revision a list shows, and how to get the rest of it.
  selfLink string : Address of the list. No longer filled in.
  resourceVersion string : Revision that the list shows.
  continue string : Token that asks for the next page.
  remainingItemCount int64 : How many objects come after this page.

type OwnerReference atomic : An object that owns another.
  apiVersion string! : Version of the owner's kind.
  kind string! : Kind of the owner.
  name string! : Name of the owner.
  uid string! : Identity of the owner.
  hashKey int64 : Hash of the owner's uid.
  controller bool : Is the owner the one that controls the object?
  blockOwnerDeletion bool : Must the owner wait for this object when it is deleted in the foreground?

type ManagedFieldsEntry : The fields that one manager owns.
  manager string : Name of the manager.
  operation string in(Apply,Update) : How it came to own them.
  apiVersion string : Version in which the fields are named.
  time time : When the set changed last.
  fieldsType string : Form of the set: FieldsV1.
  fieldsV1 any : The set of fields, as a tree.
  subresource string : Subresource through which they were written.

type LabelSelector atomic : Selects objects by their labels. All its parts must hold.
  matchLabels {}string : Labels that an object must have with these values.
  matchExpressions []LabelSelectorRequirement : Further conditions on labels.

type LabelSelectorRequirement : A condition on one label.
  key string! : The label's key.
  operator string! in(In,NotIn,Exists,DoesNotExist) : How the label relates to the values.
  values []string : Values for In and NotIn.

type Condition : One aspect of an object's state.
  type string! : Name of the aspect.
  status string! in(True,False,Unknown) : Does it hold?
  observedGeneration int64 : Generation that was looked at.
  lastTransitionTime time : When the status changed last.
  reason string : Why, in one word.
  message string : Why, in plain text.

type Preconditions : What must hold for a delete to be done.
  uid string : The object must have this identity.
  resourceVersion string : The object must be of this revision.

type DeleteOptions : How an object is to be deleted.
  apiVersion string : Version of this form.
  kind string : Name of this form.
  gracePeriodSeconds int64 : Seconds that the object has to end; 0 ends it at once.
  preconditions Preconditions : What must hold.
  orphanDependents bool : Older form of propagationPolicy.
  propagationPolicy string : What becomes of what the object owns: Orphan, Background, Foreground.
  dryRun []string : All: check everything, change nothing.
  ignoreStoreReadErrorWithClusterBreakingPotential bool : Delete what cannot be read as well.

type StatusCause : One thing that was wrong with a request.
  reason string : What is wrong, in one word.
  message string : What is wrong, in plain text.
  field string : Path of the field that it is about.

type StatusDetails : What a refused or finished request was about.
  name string : Name of the object.
  group string : Group of its kind.
  kind string : Its resource.
  uid string : Its identity.
  causes []StatusCause : Everything that was wrong.
  retryAfterSeconds int32 : Seconds to wait before the next attempt.

type Status : Outcome of a request that gives no object.
  apiVersion string : Version of this form.
  kind string : Name of this form.
  metadata ListMeta : Of no use here.
  status string : Success or Failure.
  message string : What happened, in plain text.
  reason string : What happened, in one word.
  details StatusDetails : What it was about.
  code int32 : The HTTP status code.
)";

}  // namespace arcas::real
