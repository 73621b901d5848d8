// The schema of the group apiextensions.k8s.io.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kExtensionTable = R"(
package io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1

kind apiextensions.k8s.io/v1 CustomResourceDefinition : Adds a kind of object to the API.
  spec CustomResourceDefinitionSpec+ : The kind.
  status CustomResourceDefinitionStatus : What became of it.

type CustomResourceDefinitionSpec : A kind of object.
  conversion CustomResourceConversion ={} : How objects go from one version to another.
  group string! fixed : Its group.
  names CustomResourceDefinitionNames+ : Its names.
  preserveUnknownFields bool : Are members kept that the schema does not know?
  scope string! fixed in(Cluster,Namespaced,Tenant) : Where its objects live.
  versions []CustomResourceDefinitionVersion! : Its versions.

type CustomResourceDefinitionNames : The names of a kind.
  categories []string : Groups of kinds that it belongs to, such as all.
  kind string! : Name of the kind.
  listKind string : Name of lists of it.
  plural string! : Name in paths.
  shortNames []string : Short names for clients.
  singular string : Name of one.

type CustomResourceDefinitionVersion : One version of a kind.
  additionalPrinterColumns []CustomResourceColumnDefinition : Columns of tables.
  deprecated bool : Should clients stop using it?
  deprecationWarning string : What they are told then.
  name string! : Name of the version.
  schema CustomResourceValidation : What objects must look like.
  selectableFields []SelectableField : Fields that field selectors may name.
  served bool+ : Is it served?
  storage bool+ : Are objects stored in it?
  subresources CustomResourceSubresources : Its subresources.

type CustomResourceColumnDefinition : A column of tables.
  description string : What it shows.
  format string : Form of the value.
  jsonPath string! : Where the value comes from.
  name string! : Its heading.
  priority int32 : Above 0: only in wide tables.
  type string! : Type of the value.

type CustomResourceValidation : What objects must look like.
  openAPIV3Schema object : A schema of OpenAPI 3.

type SelectableField : A field that field selectors may name.
  jsonPath string! : Where it is.

type CustomResourceSubresources : Subresources.
  scale CustomResourceSubresourceScale : How many replicas there are.
  status object : The state, written by itself.

type CustomResourceSubresourceScale : Where the scale stands.
  labelSelectorPath string : Path of the selector.
  specReplicasPath string! : Path of the number that is wanted.
  statusReplicasPath string! : Path of the number that there is.

type CustomResourceConversion : How objects go from one version to another.
  strategy string =None in(None,Webhook) : Only the version changes, or a server is asked.
  webhook WebhookConversion : The server.

type WebhookConversion : A server that converts objects.
  clientConfig WebhookClientConfig : Where it is.
  conversionReviewVersions []string! : Forms of question that it understands.

type WebhookClientConfig : Where a server is.
  caBundle bytes : Certificates that it is checked against.
  service ServiceReference : A service.
  url string : An address.

type ServiceReference : A service.
  name string! : Its name.
  namespace string! : Its namespace.
  path string : Path to ask for.
  port int32 range(1,65535) : Port.

type CustomResourceDefinitionStatus : What became of a definition.
  acceptedNames CustomResourceDefinitionNames : Names that are in use.
  conditions []CustomResourceDefinitionCondition key(type) : Aspects of its state.
  storedVersions []string : Versions in which objects have been stored.

type CustomResourceDefinitionCondition : One aspect of its state.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.
)";

}  // namespace arcas::real
