// Roles, and questions about rights and identities. See message_texts.h.

#include "real/api/protobuf/message_texts.h"

namespace arcas::real {

const std::string_view kAccessMessages = R"(
package rbac
ClusterRole@rbac.authorization.k8s.io/v1 metadata=1:meta.ObjectMeta rules=2:[]PolicyRule
  aggregationRule=3:AggregationRule
ClusterRoleBinding@rbac.authorization.k8s.io/v1 metadata=1:meta.ObjectMeta subjects=2:[]Subject
  roleRef=3:RoleRef
Role@rbac.authorization.k8s.io/v1 metadata=1:meta.ObjectMeta rules=2:[]PolicyRule
RoleBinding@rbac.authorization.k8s.io/v1 metadata=1:meta.ObjectMeta subjects=2:[]Subject
  roleRef=3:RoleRef
AggregationRule clusterRoleSelectors=1:[]meta.LabelSelector
PolicyRule verbs=1:[]string apiGroups=2:[]string resources=3:[]string resourceNames=4:[]string
  nonResourceURLs=5:[]string
RoleRef apiGroup=1:string! kind=2:string! name=3:string!
Subject kind=1:string! apiGroup=2:string name=3:string! namespace=4:string

package authentication
SelfSubjectReview@authentication.k8s.io/v1 metadata=1:meta.ObjectMeta
  status=2:SelfSubjectReviewStatus
TokenRequest@authentication.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:TokenRequestSpec
  status=3:TokenRequestStatus
TokenReview@authentication.k8s.io/v1 metadata=1:meta.ObjectMeta spec=2:TokenReviewSpec
  status=3:TokenReviewStatus
BoundObjectReference kind=1:string apiVersion=2:string name=3:string uid=4:string
ExtraValue []=1:[]string
SelfSubjectReviewStatus userInfo=1:UserInfo
TokenRequestSpec audiences=1:[]string boundObjectRef=3:BoundObjectReference
  expirationSeconds=4:int64!
TokenRequestStatus token=1:string! expirationTimestamp=2:time
TokenReviewSpec token=1:string audiences=2:[]string
TokenReviewStatus authenticated=1:bool user=2:UserInfo error=3:string audiences=4:[]string
UserInfo username=1:string uid=2:string groups=3:[]string extra=4:{}ExtraValue

package authorization
LocalSubjectAccessReview@authorization.k8s.io/v1 metadata=1:meta.ObjectMeta
  spec=2:SubjectAccessReviewSpec status=3:SubjectAccessReviewStatus
SelfSubjectAccessReview@authorization.k8s.io/v1 metadata=1:meta.ObjectMeta
  spec=2:SelfSubjectAccessReviewSpec status=3:SubjectAccessReviewStatus
SelfSubjectRulesReview@authorization.k8s.io/v1 metadata=1:meta.ObjectMeta
  spec=2:SelfSubjectRulesReviewSpec status=3:SubjectRulesReviewStatus
SubjectAccessReview@authorization.k8s.io/v1 metadata=1:meta.ObjectMeta
  spec=2:SubjectAccessReviewSpec status=3:SubjectAccessReviewStatus
ExtraValue []=1:[]string
FieldSelectorAttributes rawSelector=1:string requirements=2:[]meta.FieldSelectorRequirement
LabelSelectorAttributes rawSelector=1:string requirements=2:[]meta.LabelSelectorRequirement
NonResourceAttributes path=1:string verb=2:string
NonResourceRule verbs=1:[]string nonResourceURLs=2:[]string
ResourceAttributes namespace=1:string verb=2:string group=3:string version=4:string
  resource=5:string subresource=6:string name=7:string fieldSelector=8:FieldSelectorAttributes
  labelSelector=9:LabelSelectorAttributes
ResourceRule verbs=1:[]string apiGroups=2:[]string resources=3:[]string resourceNames=4:[]string
SelfSubjectAccessReviewSpec resourceAttributes=1:ResourceAttributes
  nonResourceAttributes=2:NonResourceAttributes
SelfSubjectRulesReviewSpec namespace=1:string
SubjectAccessReviewSpec resourceAttributes=1:ResourceAttributes
  nonResourceAttributes=2:NonResourceAttributes user=3:string groups=4:[]string
  extra=5:{}ExtraValue uid=6:string
SubjectAccessReviewStatus allowed=1:bool! reason=2:string evaluationError=3:string denied=4:bool
SubjectRulesReviewStatus resourceRules=1:[]ResourceRule nonResourceRules=2:[]NonResourceRule
  incomplete=3:bool! evaluationError=4:string
)";

}  // namespace arcas::real
