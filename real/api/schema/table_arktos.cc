// The schema of Arktos's kinds.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kArktosTable = R"(
package io.k8s.api.core.v1

kind v1 Tenant : Owns namespaces, and is kept apart from others.
  spec TenantSpec : What is wanted of it.
  status TenantStatus : Its state.

type TenantSpec : What is wanted of a tenant.
  finalizers []string : Who must agree before it goes.
  storageClusterId string fixed : Storage cluster that holds its objects, 0 to 63. It cannot change.

type TenantStatus : The state of a tenant.
  phase string : Active or Terminating.

kind v1 StorageCluster : A storage cluster of the API server.
  storageClusterId string fixed : Its number, 0 to 63. It cannot change.
  serviceAddress string : Its address and port.

kind v1 DataPartitionConfig : The range of names that an API server serves.
  rangeStart string : First name.
  isRangeStartValid bool : Does the first name count?
  rangeEnd string : Name behind the last.
  isRangeEndValid bool : Does the last name count?
  serviceGroupId string : The group of servers.

kind v1 ControllerInstance : A process that runs controllers, and its share of the work.
  controllerType string : Which controller.
  controllerKey int64 : Upper bound of its share of the hashes.
  workloadNum int32 : How many workloads it has.
  isLocked bool : Is it waiting for others to let go?

kind v1 Action : Something to be done to a virtual machine.
  spec ActionSpec : What is to be done.
  status ActionStatus : What became of it.

type ActionSpec : What is to be done to a machine.
  nodeName string : Node of the machine.
  podName string : Pod of the machine.
  podID string : Identity of that pod.
  rebootAction RebootAction : Start it anew.
  snapshotAction SnapshotAction : Save its state.
  restoreAction RestoreAction : Bring a saved state back.

type RebootAction : Start a machine anew.
  delayInSeconds int32 range(0,2147483647) : Seconds to wait before.

type SnapshotAction : Save a machine's state.
  snapshotName string : Name of the snapshot.

type RestoreAction : Bring a saved state back.
  snapshotID string : Id of the snapshot.

type ActionStatus : What became of an action.
  complete bool : Is it done?
  error string : What went wrong.
  podName string : Pod of the machine.
  podID string : Identity of that pod.
  rebootStatus RebootStatus : Of a new start.
  snapshotStatus SnapshotStatus : Of a snapshot.
  restoreStatus RestoreStatus : Of a restoration.

type RebootStatus : What became of a new start.
  rebootSuccessful bool : Did it work?

type SnapshotStatus : What became of a snapshot.
  snapshotID string : Id of the snapshot.

type RestoreStatus : What became of a restoration.
  restoreSuccessful bool : Did it work?

package com.futurewei.arktos.v1

kind arktos.futurewei.com/v1 Network : A network of a tenant.
  spec NetworkSpec : What is wanted.
  status NetworkStatus : What became of it.

type NetworkSpec : A network of a tenant.
  type string! : flat, vpc, mizar or another.
  vpcID string : Virtual private cloud that it is in.
  service NetworkService : Addresses of services.

type NetworkService : Addresses of services in a network.
  ipam string in(Arktos,Kubernetes,External) : Who gives out the addresses.
  cidrs []string : Ranges that they come from.

type NetworkStatus : What became of a network.
  phase string : Pending, Ready, Failed, Unknown or Terminating.
  message string : Why, in plain text.
  dnsServiceIP string : Address of its name service.
)";

}  // namespace arcas::real
