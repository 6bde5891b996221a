import { STORAGE_CLASSES } from './storage-classes.ts';

// Facts of DICOM PS3.6 annex A and PS3.4: retired classes too, because devices outlive editions of the standard.

/** Service classes of PS3.4, named as it names them. */
export type ServiceClassName =
  | 'storage'
  | 'verification'
  | 'query/retrieve'
  | 'performed procedure step'
  | 'print management'
  | 'storage commitment'
  | 'modality worklist'
  | 'procedural event logging'
  | 'relevant patient information'
  | 'instance availability'
  | 'media creation'
  | 'hanging protocol query/retrieve'
  | 'substance administration'
  | 'substance approval query'
  | 'product characteristics query'
  | 'color palette query/retrieve'
  | 'implant template query/retrieve'
  | 'unified procedure step'
  | 'machine verification'
  | 'display system'
  | 'procedure protocol query/retrieve'
  | 'protocol approval query/retrieve'
  | 'inventory'
  | 'real-time communication'
  | 'general purpose worklist'
  | 'patient, study and results management';

/** SOP classes of one service class, by UID; names are without the words that all share. */
export interface ServiceClass {
  readonly name: ServiceClassName;
  /** Annex of PS3.4, or where else it is defined. */
  readonly annex: string;
  readonly sopClasses: Readonly<Record<string, string>>;
}

const UID = '1.2.840.10008.';

export const SERVICE_CLASSES: readonly ServiceClass[] = [
  {
    name: 'verification',
    annex: 'A',
    sopClasses: {
      [`${UID}1.1`]: 'Verification',
    },
  },
  { name: 'storage', annex: 'B, GG', sopClasses: STORAGE_CLASSES },
  {
    name: 'query/retrieve',
    annex: 'C, Y, Z',
    sopClasses: {
      [`${UID}5.1.4.1.2.1.1`]: 'Patient Root Query/Retrieve - FIND',
      [`${UID}5.1.4.1.2.1.2`]: 'Patient Root Query/Retrieve - MOVE',
      [`${UID}5.1.4.1.2.1.3`]: 'Patient Root Query/Retrieve - GET',
      [`${UID}5.1.4.1.2.2.1`]: 'Study Root Query/Retrieve - FIND',
      [`${UID}5.1.4.1.2.2.2`]: 'Study Root Query/Retrieve - MOVE',
      [`${UID}5.1.4.1.2.2.3`]: 'Study Root Query/Retrieve - GET',
      [`${UID}5.1.4.1.2.3.1`]: 'Patient/Study Only Query/Retrieve - FIND',
      [`${UID}5.1.4.1.2.3.2`]: 'Patient/Study Only Query/Retrieve - MOVE',
      [`${UID}5.1.4.1.2.3.3`]: 'Patient/Study Only Query/Retrieve - GET',
      [`${UID}5.1.4.1.2.4.2`]: 'Composite Instance Root Retrieve - MOVE',
      [`${UID}5.1.4.1.2.4.3`]: 'Composite Instance Root Retrieve - GET',
      [`${UID}5.1.4.1.2.5.3`]: 'Composite Instance Retrieve Without Bulk Data - GET',
    },
  },
  {
    name: 'performed procedure step',
    annex: 'F',
    sopClasses: {
      [`${UID}3.1.2.3.3`]: 'Modality Performed Procedure Step',
      [`${UID}3.1.2.3.4`]: 'Modality Performed Procedure Step Retrieve',
      [`${UID}3.1.2.3.5`]: 'Modality Performed Procedure Step Notification',
    },
  },
  {
    name: 'print management',
    annex: 'H',
    sopClasses: {
      [`${UID}5.1.1.1`]: 'Basic Film Session',
      [`${UID}5.1.1.2`]: 'Basic Film Box',
      [`${UID}5.1.1.4`]: 'Basic Grayscale Image Box',
      [`${UID}5.1.1.4.1`]: 'Basic Color Image Box',
      [`${UID}5.1.1.4.2`]: 'Referenced Image Box',
      [`${UID}5.1.1.9`]: 'Basic Grayscale Print Management',
      [`${UID}5.1.1.9.1`]: 'Referenced Grayscale Print Management',
      [`${UID}5.1.1.14`]: 'Print Job',
      [`${UID}5.1.1.15`]: 'Basic Annotation Box',
      [`${UID}5.1.1.16`]: 'Printer',
      [`${UID}5.1.1.16.376`]: 'Printer Configuration Retrieval',
      [`${UID}5.1.1.18`]: 'Basic Color Print Management',
      [`${UID}5.1.1.18.1`]: 'Referenced Color Print Management',
      [`${UID}5.1.1.22`]: 'VOI LUT Box',
      [`${UID}5.1.1.23`]: 'Presentation LUT',
      [`${UID}5.1.1.24`]: 'Image Overlay Box',
      [`${UID}5.1.1.24.1`]: 'Basic Print Image Overlay Box',
      [`${UID}5.1.1.26`]: 'Print Queue Management',
      [`${UID}5.1.1.31`]: 'Pull Print Request',
      [`${UID}5.1.1.32`]: 'Pull Stored Print Management',
    },
  },
  {
    name: 'storage commitment',
    annex: 'J',
    sopClasses: {
      [`${UID}1.20.1`]: 'Storage Commitment Push Model',
      [`${UID}1.20.2`]: 'Storage Commitment Pull Model',
    },
  },
  {
    name: 'modality worklist',
    annex: 'K',
    sopClasses: {
      [`${UID}5.1.4.31`]: 'Modality Worklist - FIND',
    },
  },
  {
    name: 'procedural event logging',
    annex: 'P',
    sopClasses: {
      [`${UID}1.40`]: 'Procedural Event Logging',
    },
  },
  {
    name: 'relevant patient information',
    annex: 'Q',
    sopClasses: {
      [`${UID}5.1.4.37.1`]: 'General Relevant Patient Information Query',
      [`${UID}5.1.4.37.2`]: 'Breast Imaging Relevant Patient Information Query',
      [`${UID}5.1.4.37.3`]: 'Cardiac Relevant Patient Information Query',
    },
  },
  {
    name: 'instance availability',
    annex: 'R',
    sopClasses: {
      [`${UID}5.1.4.33`]: 'Instance Availability Notification',
    },
  },
  {
    name: 'media creation',
    annex: 'S',
    sopClasses: {
      [`${UID}5.1.1.33`]: 'Media Creation Management',
    },
  },
  {
    name: 'hanging protocol query/retrieve',
    annex: 'U',
    sopClasses: {
      [`${UID}5.1.4.38.2`]: 'Hanging Protocol - FIND',
      [`${UID}5.1.4.38.3`]: 'Hanging Protocol - MOVE',
      [`${UID}5.1.4.38.4`]: 'Hanging Protocol - GET',
    },
  },
  {
    name: 'substance administration',
    annex: 'V',
    sopClasses: {
      [`${UID}1.42`]: 'Substance Administration Logging',
    },
  },
  {
    name: 'substance approval query',
    annex: 'V',
    sopClasses: {
      [`${UID}5.1.4.42`]: 'Substance Approval Query',
    },
  },
  {
    name: 'product characteristics query',
    annex: 'V',
    sopClasses: {
      [`${UID}5.1.4.41`]: 'Product Characteristics Query',
    },
  },
  {
    name: 'color palette query/retrieve',
    annex: 'X',
    sopClasses: {
      [`${UID}5.1.4.39.2`]: 'Color Palette Query/Retrieve - FIND',
      [`${UID}5.1.4.39.3`]: 'Color Palette Query/Retrieve - MOVE',
      [`${UID}5.1.4.39.4`]: 'Color Palette Query/Retrieve - GET',
    },
  },
  {
    name: 'implant template query/retrieve',
    annex: 'BB',
    sopClasses: {
      [`${UID}5.1.4.43.2`]: 'Generic Implant Template - FIND',
      [`${UID}5.1.4.43.3`]: 'Generic Implant Template - MOVE',
      [`${UID}5.1.4.43.4`]: 'Generic Implant Template - GET',
      [`${UID}5.1.4.44.2`]: 'Implant Assembly Template - FIND',
      [`${UID}5.1.4.44.3`]: 'Implant Assembly Template - MOVE',
      [`${UID}5.1.4.44.4`]: 'Implant Assembly Template - GET',
      [`${UID}5.1.4.45.2`]: 'Implant Template Group - FIND',
      [`${UID}5.1.4.45.3`]: 'Implant Template Group - MOVE',
      [`${UID}5.1.4.45.4`]: 'Implant Template Group - GET',
    },
  },
  {
    name: 'unified procedure step',
    annex: 'CC',
    sopClasses: {
      [`${UID}5.1.4.34.4.1`]: 'Unified Procedure Step - Push - Trial',
      [`${UID}5.1.4.34.4.2`]: 'Unified Procedure Step - Watch - Trial',
      [`${UID}5.1.4.34.4.3`]: 'Unified Procedure Step - Pull - Trial',
      [`${UID}5.1.4.34.4.4`]: 'Unified Procedure Step - Event - Trial',
      [`${UID}5.1.4.34.5`]: 'Unified Worklist and Procedure Step',
      [`${UID}5.1.4.34.6.1`]: 'Unified Procedure Step - Push',
      [`${UID}5.1.4.34.6.2`]: 'Unified Procedure Step - Watch',
      [`${UID}5.1.4.34.6.3`]: 'Unified Procedure Step - Pull',
      [`${UID}5.1.4.34.6.4`]: 'Unified Procedure Step - Event',
      [`${UID}5.1.4.34.6.5`]: 'Unified Procedure Step - Query',
    },
  },
  {
    name: 'machine verification',
    annex: 'DD',
    sopClasses: {
      [`${UID}5.1.4.34.2`]: 'RT Conventional Machine Verification - Trial',
      [`${UID}5.1.4.34.3`]: 'RT Ion Machine Verification - Trial',
      [`${UID}5.1.4.34.8`]: 'RT Conventional Machine Verification',
      [`${UID}5.1.4.34.9`]: 'RT Ion Machine Verification',
    },
  },
  {
    name: 'display system',
    annex: 'EE',
    sopClasses: {
      [`${UID}5.1.1.40`]: 'Display System',
    },
  },
  {
    name: 'procedure protocol query/retrieve',
    annex: 'HH',
    sopClasses: {
      [`${UID}5.1.4.20.1`]: 'Defined Procedure Protocol - FIND',
      [`${UID}5.1.4.20.2`]: 'Defined Procedure Protocol - MOVE',
      [`${UID}5.1.4.20.3`]: 'Defined Procedure Protocol - GET',
    },
  },
  {
    name: 'protocol approval query/retrieve',
    annex: 'II',
    sopClasses: {
      [`${UID}5.1.4.1.1.200.4`]: 'Protocol Approval - FIND',
      [`${UID}5.1.4.1.1.200.5`]: 'Protocol Approval - MOVE',
      [`${UID}5.1.4.1.1.200.6`]: 'Protocol Approval - GET',
    },
  },
  {
    name: 'inventory',
    annex: 'JJ, KK',
    sopClasses: {
      [`${UID}5.1.4.1.1.201.2`]: 'Inventory - FIND',
      [`${UID}5.1.4.1.1.201.3`]: 'Inventory - MOVE',
      [`${UID}5.1.4.1.1.201.4`]: 'Inventory - GET',
      [`${UID}5.1.4.1.1.201.5`]: 'Inventory Creation',
      [`${UID}5.1.4.1.1.201.6`]: 'Repository Query',
    },
  },
  {
    name: 'real-time communication',
    annex: 'PS3.22',
    sopClasses: {
      [`${UID}10.1`]: 'Video Endoscopic Image Real-Time Communication',
      [`${UID}10.2`]: 'Video Photographic Image Real-Time Communication',
      [`${UID}10.3`]: 'Audio Waveform Real-Time Communication',
      [`${UID}10.4`]: 'Rendition Selection Document Real-Time Communication',
    },
  },
  {
    name: 'general purpose worklist',
    annex: 'retired',
    sopClasses: {
      [`${UID}5.1.4.32`]: 'General Purpose Worklist Management',
      [`${UID}5.1.4.32.1`]: 'General Purpose Worklist - FIND',
      [`${UID}5.1.4.32.2`]: 'General Purpose Scheduled Procedure Step',
      [`${UID}5.1.4.32.3`]: 'General Purpose Performed Procedure Step',
    },
  },
  {
    name: 'patient, study and results management',
    annex: 'retired',
    sopClasses: {
      [`${UID}1.9`]: 'Basic Study Content Notification',
      [`${UID}3.1.2.1.1`]: 'Detached Patient Management',
      [`${UID}3.1.2.1.4`]: 'Detached Patient Management',
      [`${UID}3.1.2.2.1`]: 'Detached Visit Management',
      [`${UID}3.1.2.3.1`]: 'Detached Study Management',
      [`${UID}3.1.2.3.2`]: 'Study Component Management',
      [`${UID}3.1.2.5.1`]: 'Detached Results Management',
      [`${UID}3.1.2.5.4`]: 'Detached Results Management',
      [`${UID}3.1.2.5.5`]: 'Detached Study Management',
      [`${UID}3.1.2.6.1`]: 'Detached Interpretation Management',
    },
  },
];
