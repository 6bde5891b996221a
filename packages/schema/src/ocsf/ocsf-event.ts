/** Version of the OCSF schema that events follow. */
export const OCSF_VERSION = '1.9.0-dev';

/** The extension whose definition is in `ocsf-extension/`. 999 is what OCSF keeps for extensions that are not registered. */
export const SPHINX_EXTENSION = { name: 'sphinx', uid: '999', version: '0.1.0' } as const;

/** Profiles of the extension, as they are named in `metadata.profiles`. */
export const CLINICAL_CONTEXT_PROFILE = 'sphinx/clinical_context';
export const VERIFICATION_PROFILE = 'sphinx/verification';

const UNCATEGORIZED = [0, 'Uncategorized'] as const;
const SYSTEM = [1, 'System Activity'] as const;
const FINDINGS = [2, 'Findings'] as const;
const IDENTITY = [3, 'Identity & Access Management'] as const;
const NETWORK = [4, 'Network Activity'] as const;
const DISCOVERY = [5, 'Discovery'] as const;
const APPLICATION = [6, 'Application Activity'] as const;
const REMEDIATION = [7, 'Remediation'] as const;

/** Classes that SPHINX emits. A class of an extension has the uid `extension × 100000 + category × 1000 + class`. */
const CLASSES = {
  base_event: { uid: 0, caption: 'Base Event', category: UNCATEGORIZED },
  peripheral_activity: { uid: 1010, caption: 'Peripheral Activity', category: SYSTEM },
  process_activity: { uid: 1007, caption: 'Process Activity', category: SYSTEM },
  vulnerability_finding: { uid: 2002, caption: 'Vulnerability Finding', category: FINDINGS },
  compliance_finding: { uid: 2003, caption: 'Compliance Finding', category: FINDINGS },
  detection_finding: { uid: 2004, caption: 'Detection Finding', category: FINDINGS },
  account_change: { uid: 3001, caption: 'Account Change', category: IDENTITY },
  authentication: { uid: 3002, caption: 'Authentication', category: IDENTITY },
  incident_finding: { uid: 2005, caption: 'Incident Finding', category: FINDINGS },
  entity_management: { uid: 3004, caption: 'Entity Management', category: IDENTITY },
  network_activity: { uid: 4001, caption: 'Network Activity', category: NETWORK },
  http_activity: { uid: 4002, caption: 'HTTP Activity', category: NETWORK },
  dns_activity: { uid: 4003, caption: 'DNS Activity', category: NETWORK },
  rdp_activity: { uid: 4005, caption: 'RDP Activity', category: NETWORK },
  smb_activity: { uid: 4006, caption: 'SMB Activity', category: NETWORK },
  ssh_activity: { uid: 4007, caption: 'SSH Activity', category: NETWORK },
  ftp_activity: { uid: 4008, caption: 'FTP Activity', category: NETWORK },
  network_file_activity: { uid: 4010, caption: 'Network File Activity', category: NETWORK },
  tunnel_activity: { uid: 4014, caption: 'Tunnel Activity', category: NETWORK },
  inventory_info: { uid: 5001, caption: 'Device Inventory Info', category: DISCOVERY },
  software_info: { uid: 5020, caption: 'Software Inventory Info', category: DISCOVERY },
  application_lifecycle: { uid: 6002, caption: 'Application Lifecycle', category: APPLICATION },
  datastore_activity: { uid: 6005, caption: 'Datastore Activity', category: APPLICATION },
  scan_activity: { uid: 6007, caption: 'Scan Activity', category: APPLICATION },
  remediation_activity: { uid: 7001, caption: 'Remediation Activity', category: REMEDIATION },
  certificate_activity: { uid: 99_903_001, caption: 'Certificate Activity', category: IDENTITY },
  verification_activity: { uid: 99_906_001, caption: 'Verification Activity', category: APPLICATION },
} as const;

export type OcsfClass = keyof typeof CLASSES;

/** An activity of a class: its id and its caption. Id 99 goes with a caption of one's own. */
export type OcsfActivity = readonly [id: number, caption: string];

/** OCSF `severity_id` with its caption. */
export const OCSF_SEVERITIES = {
  informational: [1, 'Informational'],
  low: [2, 'Low'],
  medium: [3, 'Medium'],
  high: [4, 'High'],
  critical: [5, 'Critical'],
} as const;

/** An event as OCSF writes it: JSON that any OCSF consumer reads. */
export interface OcsfEvent {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly category_name: string;
  readonly activity_id: number;
  readonly activity_name: string;
  readonly type_uid: number;
  readonly type_name: string;
  readonly time: number;
  readonly severity_id: number;
  readonly severity: string;
  readonly message: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly [attribute: string]: unknown;
}

export interface OcsfEventFields {
  readonly activity: OcsfActivity;
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  readonly message: string;
  readonly severity?: keyof typeof OCSF_SEVERITIES;
  /** What says where the event comes from. */
  readonly origin: OcsfOrigin;
  readonly profiles?: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface OcsfOrigin {
  /** Id of the fact or of the telemetry row. */
  readonly uid: string;
  /** What it is about; events of one thing share it. */
  readonly correlation: string;
  /** Service that saw or decided it. */
  readonly feature: string;
  /** Type of the fact, or table of the telemetry row. */
  readonly code: string;
  readonly isSample: boolean;
}

/** @returns the event with every classification attribute that follows from its class and activity */
export function createOcsfEvent(className: OcsfClass, fields: OcsfEventFields): OcsfEvent {
  const { uid, caption, category } = CLASSES[className];
  const [activityId, activityName] = fields.activity;
  const [severityId, severity] = OCSF_SEVERITIES[fields.severity ?? 'informational'];
  return {
    class_uid: uid,
    class_name: caption,
    category_uid: category[0],
    category_name: category[1],
    activity_id: activityId,
    activity_name: activityName,
    type_uid: uid * 100 + activityId,
    type_name: `${caption}: ${activityName}`,
    time: fields.time,
    severity_id: severityId,
    severity,
    message: fields.message,
    metadata: metadataOf(fields),
    ...compact(fields.attributes),
  };
}

function metadataOf({ origin, profiles = [] }: OcsfEventFields): Record<string, unknown> {
  return compact({
    version: OCSF_VERSION,
    product: { name: 'SPHINX', vendor_name: 'SPHINX', feature: { name: origin.feature, uid: origin.feature } },
    extensions: [SPHINX_EXTENSION],
    profiles,
    uid: origin.uid,
    correlation_uid: origin.correlation,
    event_code: origin.code,
    labels: origin.isSample ? ['sample'] : [],
  });
}

/** Leaves out what is absent: OCSF has no empty values, an attribute is there or it is not. */
export function compact(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => !isAbsent(value)));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
