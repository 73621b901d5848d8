// The schema of volumes: those of pods, persistent ones, their claims and classes.

#include "real/api/schema/tables.h"

namespace arcas::real {

const std::string_view kVolumeTable = R"(
package io.k8s.api.core.v1

type Volume : A volume of a pod. One source besides its name; an empty folder when there is none.
  name string! label : Name, unique within the pod.
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource : A disk of AWS.
  azureDisk object : A disk of Azure.
  azureFile object : A file share of Azure.
  cephfs object : A CephFS.
  cinder object : A disk of OpenStack.
  configMap ConfigMapVolumeSource : The entries of a config map as files.
  csi CSIVolumeSource : A volume that a CSI driver makes for this pod.
  downwardAPI DownwardAPIVolumeSource : Fields of the pod as files.
  emptyDir EmptyDirVolumeSource : A folder that lives as long as the pod.
  ephemeral EphemeralVolumeSource : A claim that lives as long as the pod.
  fc object : A disk of a Fibre Channel network.
  flexVolume object : A volume of a FlexVolume driver.
  flocker object : A volume of Flocker.
  gcePersistentDisk GCEPersistentDiskVolumeSource : A disk of Google Cloud.
  gitRepo object : A clone of a git repository.
  glusterfs object : A GlusterFS.
  hostPath HostPathVolumeSource : A path of the node.
  image ImageVolumeSource : The files of an image.
  iscsi ISCSIVolumeSource : A disk of an iSCSI target.
  nfs NFSVolumeSource : A folder of an NFS server.
  persistentVolumeClaim PersistentVolumeClaimVolumeSource : A claim in the pod's namespace.
  photonPersistentDisk object : A disk of Photon.
  portworxVolume object : A volume of Portworx.
  projected ProjectedVolumeSource : Several sources in one folder.
  quobyte object : A volume of Quobyte.
  rbd object : A block device of Ceph.
  scaleIO object : A volume of ScaleIO.
  secret SecretVolumeSource : The entries of a secret as files.
  storageos object : A volume of StorageOS.
  vsphereVolume object : A disk of vSphere.

type AWSElasticBlockStoreVolumeSource : A disk of AWS.
  fsType string : File system.
  partition int32 : Number of the partition.
  readOnly bool : Only for reading.
  volumeID string! : Id of the disk.

type GCEPersistentDiskVolumeSource : A disk of Google Cloud.
  fsType string : File system.
  partition int32 : Number of the partition.
  pdName string! : Name of the disk.
  readOnly bool : Only for reading.

type KeyToPath : An entry, and the file that it becomes.
  key string! : Key of the entry.
  mode int32 range(0,511) : Permissions of the file.
  path string! : Path of the file in the volume.

type ConfigMapVolumeSource : The entries of a config map as files.
  defaultMode int32 =420 range(0,511) : Permissions of the files.
  items []KeyToPath : Which entries, and where; all of them when absent.
  name string : Name of the config map.
  optional bool : May it be missing?

type SecretVolumeSource : The entries of a secret as files.
  defaultMode int32 =420 range(0,511) : Permissions of the files.
  items []KeyToPath : Which entries, and where; all of them when absent.
  optional bool : May it be missing?
  secretName string : Name of the secret.

type DownwardAPIVolumeSource : Fields of the pod as files.
  defaultMode int32 =420 range(0,511) : Permissions of the files.
  items []DownwardAPIVolumeFile : The files.

type DownwardAPIVolumeFile : A field of the pod as a file.
  fieldRef ObjectFieldSelector : A field of the pod.
  mode int32 range(0,511) : Permissions of the file.
  path string! : Path of the file in the volume.
  resourceFieldRef ResourceFieldSelector : A resource of a container.

type ProjectedVolumeSource : Several sources in one folder.
  defaultMode int32 =420 range(0,511) : Permissions of the files.
  sources []VolumeProjection : The sources.

type VolumeProjection : One of several sources in a folder. One of these.
  clusterTrustBundle ClusterTrustBundleProjection : Certificates of authorities.
  configMap ConfigMapProjection : Entries of a config map.
  downwardAPI DownwardAPIProjection : Fields of the pod.
  podCertificate object : A certificate for the pod.
  secret SecretProjection : Entries of a secret.
  serviceAccountToken ServiceAccountTokenProjection : A token of the pod's service account.

type ClusterTrustBundleProjection : Certificates of authorities.
  labelSelector LabelSelector : Bundles with these labels.
  name string : Bundle of this name.
  optional bool : May it be missing?
  path string! : Path of the file in the volume.
  signerName string : Bundles of this signer.

type ConfigMapProjection : Entries of a config map.
  items []KeyToPath : Which entries, and where; all of them when absent.
  name string : Name of the config map.
  optional bool : May it be missing?

type SecretProjection : Entries of a secret.
  items []KeyToPath : Which entries, and where; all of them when absent.
  name string : Name of the secret.
  optional bool : May it be missing?

type DownwardAPIProjection : Fields of the pod.
  items []DownwardAPIVolumeFile : The files.

type ServiceAccountTokenProjection : A token of the pod's service account.
  audience string : For whom the token is.
  expirationSeconds int64 =3600 : Seconds that it is valid.
  path string! : Path of the file in the volume.

type CSIVolumeSource : A volume that a CSI driver makes for one pod.
  driver string! : Name of the driver.
  fsType string : File system.
  nodePublishSecretRef LocalObjectReference : Secret that the driver is given.
  readOnly bool : Only for reading.
  volumeAttributes {}string : What the driver is told.

type EmptyDirVolumeSource : A folder that lives as long as the pod.
  medium string : Memory for one in memory.
  sizeLimit quantity : The most that it may hold.

type EphemeralVolumeSource : A claim that lives as long as the pod.
  volumeClaimTemplate PersistentVolumeClaimTemplate : From which the claim is made.

type HostPathVolumeSource : A path of the node.
  path string! : The path.
  type string = in(,DirectoryOrCreate,Directory,FileOrCreate,File,Socket,CharDevice,BlockDevice) : \
What must be there.

type ImageVolumeSource : The files of an image.
  pullPolicy string : When the image is pulled.
  reference string : The image.

type ISCSIVolumeSource : A disk of an iSCSI target.
  chapAuthDiscovery bool : Is CHAP used for discovery?
  chapAuthSession bool : Is CHAP used for the session?
  fsType string : File system.
  initiatorName string : Name of the initiator.
  iqn string! : Name of the target.
  iscsiInterface string =default : Interface of the initiator.
  lun int32+ : Number of the unit.
  portals []string : Further portals.
  readOnly bool : Only for reading.
  secretRef LocalObjectReference : Secret for CHAP.
  targetPortal string! : Address of the target.

type NFSVolumeSource : A folder of an NFS server.
  path string! : The folder.
  readOnly bool : Only for reading.
  server string! : The server.

type PersistentVolumeClaimVolumeSource : A claim in the pod's namespace.
  claimName string! : Name of the claim.
  readOnly bool : Only for reading.

type PersistentVolumeClaimTemplate : From which a claim is made.
  metadata ObjectMeta : Labels and annotations of the claim.
  spec PersistentVolumeClaimSpec+ : What the claim asks for.

kind v1 PersistentVolumeClaim : Asks for a volume that outlives pods.
  spec PersistentVolumeClaimSpec : What it asks for.
  status PersistentVolumeClaimStatus : What it got.

type PersistentVolumeClaimSpec : What a claim asks for.
  accessModes []string : ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.
  dataSource TypedLocalObjectReference : Object whose contents the volume starts with.
  dataSourceRef TypedObjectReference : The same, also from other namespaces.
  resources VolumeResourceRequirements : How large it is to be.
  selector LabelSelector : Which volumes will do.
  storageClassName string : Its storage class.
  volumeAttributesClassName string : Its class of attributes.
  volumeMode string =Filesystem in(Filesystem,Block) : A file system or a raw device.
  volumeName string : The volume that it is bound to.

type VolumeResourceRequirements : How large a volume is to be.
  limits {}quantity : At most.
  requests {}quantity : At least.

type PersistentVolumeClaimStatus : What a claim got.
  accessModes []string : How the volume can be used.
  allocatedResourceStatuses {}string : Progress of changes of its size.
  allocatedResources {}quantity : What was set aside for it.
  capacity {}quantity : What the volume holds.
  conditions []PersistentVolumeClaimCondition by(type) : Aspects of its state.
  currentVolumeAttributesClassName string : Class of attributes that the volume has.
  modifyVolumeStatus ModifyVolumeStatus : Progress of a change of attributes.
  phase string : Pending, Bound or Lost.

type ModifyVolumeStatus : Progress of a change of attributes.
  status string! : How far it is.
  targetVolumeAttributesClassName string : Class that is wanted.

type PersistentVolumeClaimCondition : One aspect of a claim's state.
  lastProbeTime time : When it was looked at last.
  lastTransitionTime time : When the status changed last.
  message string : Why, in plain text.
  reason string : Why, in one word.
  status string+ : True, False or Unknown.
  type string! : Name of the aspect.

kind v1 PersistentVolume : A piece of storage that claims can be bound to.
  spec PersistentVolumeSpec : What it is.
  status PersistentVolumeStatus : Its state.

type PersistentVolumeSpec : What a volume is.
  accessModes []string : ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod.
  awsElasticBlockStore AWSElasticBlockStoreVolumeSource : A disk of AWS.
  azureDisk object : A disk of Azure.
  azureFile object : A file share of Azure.
  capacity {}quantity : What it holds.
  cephfs object : A CephFS.
  cinder object : A disk of OpenStack.
  claimRef ObjectReference : The claim that it is bound to.
  csi CSIPersistentVolumeSource : A volume of a CSI driver.
  fc object : A disk of a Fibre Channel network.
  flexVolume object : A volume of a FlexVolume driver.
  flocker object : A volume of Flocker.
  gcePersistentDisk GCEPersistentDiskVolumeSource : A disk of Google Cloud.
  glusterfs object : A GlusterFS.
  hostPath HostPathVolumeSource : A path of the node, for tests.
  iscsi object : A disk of an iSCSI target.
  local LocalVolumeSource : A disk or folder of one node.
  mountOptions []string : Options of the mount.
  nfs NFSVolumeSource : A folder of an NFS server.
  nodeAffinity VolumeNodeAffinity : Nodes that can reach it.
  persistentVolumeReclaimPolicy string =Retain in(Retain,Delete,Recycle) : What becomes of it \
after its claim.
  photonPersistentDisk object : A disk of Photon.
  portworxVolume object : A volume of Portworx.
  quobyte object : A volume of Quobyte.
  rbd object : A block device of Ceph.
  scaleIO object : A volume of ScaleIO.
  storageClassName string : Its storage class.
  storageos object : A volume of StorageOS.
  volumeAttributesClassName string : Its class of attributes.
  volumeMode string =Filesystem in(Filesystem,Block) : A file system or a raw device.
  vsphereVolume object : A disk of vSphere.

type CSIPersistentVolumeSource : A volume of a CSI driver.
  controllerExpandSecretRef SecretReference : Secret for growing it.
  controllerPublishSecretRef SecretReference : Secret for attaching it.
  driver string! : Name of the driver.
  fsType string : File system.
  nodeExpandSecretRef SecretReference : Secret for growing it on the node.
  nodePublishSecretRef SecretReference : Secret for mounting it.
  nodeStageSecretRef SecretReference : Secret for preparing it.
  readOnly bool : Only for reading.
  volumeAttributes {}string : What the driver is told.
  volumeHandle string! : Name that the driver gave it.

type LocalVolumeSource : A disk or folder of one node.
  fsType string : File system.
  path string! : Path on the node.

type VolumeNodeAffinity : Nodes that can reach a volume.
  required NodeSelector : Which nodes.

type PersistentVolumeStatus : The state of a volume.
  lastPhaseTransitionTime time : When its phase changed last.
  message string : Why, in plain text.
  phase string : Pending, Available, Bound, Released or Failed.
  reason string : Why, in one word.

package io.k8s.api.storage.v1

kind storage.k8s.io/v1 StorageClass : A kind of storage that claims can ask for.
  allowVolumeExpansion bool : Can volumes grow?
  allowedTopologies []TopologySelectorTerm : Where volumes may be.
  mountOptions []string : Options of the mount.
  parameters {}string fixed : What the provisioner is told.
  provisioner string! fixed : Who makes the volumes.
  reclaimPolicy string =Delete fixed in(Delete,Retain,Recycle) : What becomes of volumes after their claim.
  volumeBindingMode string =Immediate fixed in(Immediate,WaitForFirstConsumer) : When volumes are bound.

package io.k8s.api.core.v1

type TopologySelectorTerm atomic : Places.
  matchLabelExpressions []TopologySelectorLabelRequirement : Labels of the places.

type TopologySelectorLabelRequirement : A label with one of several values.
  key string! : The label's key.
  values []string+ : The values.
)";

}  // namespace arcas::real
