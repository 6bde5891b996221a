/** Audit event identifiers (DICOM PS3.16 CID 400). */
export const EVENT_NAMES: Readonly<Record<string, string>> = {
  '110100': 'Application Activity',
  '110101': 'Audit Log Used',
  '110102': 'Begin Transferring DICOM Instances',
  '110103': 'DICOM Instances Accessed',
  '110104': 'DICOM Instances Transferred',
  '110105': 'DICOM Study Deleted',
  '110106': 'Export',
  '110107': 'Import',
  '110108': 'Network Entry',
  '110109': 'Order Record',
  '110110': 'Patient Record',
  '110111': 'Procedure Record',
  '110112': 'Query',
  '110113': 'Security Alert',
  '110114': 'User Authentication',
};

/** Audit event type codes (DICOM PS3.16 CID 401). */
export const EVENT_TYPE_NAMES: Readonly<Record<string, string>> = {
  '110120': 'Application Start',
  '110121': 'Application Stop',
  '110122': 'Login',
  '110123': 'Logout',
  '110124': 'Attach',
  '110125': 'Detach',
  '110126': 'Node Authentication',
  '110127': 'Emergency Override Started',
  '110128': 'Network Configuration',
  '110129': 'Security Configuration',
  '110130': 'Hardware Configuration',
  '110131': 'Software Configuration',
  '110132': 'Use of Restricted Function',
  '110133': 'Audit Recording Stopped',
  '110134': 'Audit Recording Started',
  '110135': 'Object Security Attributes Changed',
  '110136': 'Security Roles Changed',
  '110137': 'User Security Attributes Changed',
  '110138': 'Emergency Override Stopped',
  '110139': 'Remote Service Operation Started',
  '110140': 'Remote Service Operation Stopped',
  '110141': 'Local Service Operation Started',
  '110142': 'Local Service Operation Stopped',
};

/** Audit active participant roles (DICOM PS3.16 CID 402). */
export const ROLE_NAMES: Readonly<Record<string, string>> = {
  '110150': 'application',
  '110151': 'application launcher',
  '110152': 'destination',
  '110153': 'source',
  '110154': 'destination media',
  '110155': 'source media',
};
