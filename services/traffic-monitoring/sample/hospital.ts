import type { EvidenceAttribute } from '@sphinx/schema';
import type { SampleHost, SampleStack } from './packets/packet-builder.ts';

/** One host of the sample hospital, and what a sensor must be able to tell about it. */
export interface HospitalHost extends SampleHost {
  readonly name: string;
  readonly title: string;
  readonly stack: SampleStack;
  /** Present where the host asks for its address by DHCP. */
  readonly dhcp?: { readonly vendorClass: string; readonly parameters: readonly number[] };
  /** Evidence that the capture shows about it. */
  readonly shows: readonly (readonly [attribute: EvidenceAttribute, value: string])[];
}

/** DNS domain of the hospital. `example` can never be a real one (RFC 2606 §2). */
export const DOMAIN = 'hospital.example';
/** Address for documentation, on no real network (RFC 5737). */
export const MAKER_CLOUD_ADDRESS = '203.0.113.40';
/** DHCP parameter request lists of common clients (RFC 2132 §9.8): fingerprints. */
const LINUX_PARAMETERS = [1, 28, 2, 3, 15, 6, 119, 12, 44, 47, 26, 121, 42];
const WINDOWS_PARAMETERS = [1, 3, 6, 15, 31, 33, 43, 44, 46, 47, 119, 121, 249, 252];
const EMBEDDED_PARAMETERS = [1, 3, 6, 12, 15, 42];

/**
 * An invented hospital on one flat network. Makers, models and names are invented; link addresses carry real prefixes
 * of makers of network modules and boards, as devices have them. Five hosts each have one thing wrong with them, see
 * `DELIBERATE_FAULTS`.
 */
export const HOSPITAL = {
  gateway: {
    name: 'gateway',
    title: 'Gateway with DHCP, DNS and time',
    mac: '00:1b:54:5a:00:01',
    ip: '10.20.0.1',
    stack: 'network',
    shows: [
      ['dhcp.server', '10.20.0.1'],
      ['dns.server', 'recursive'],
      ['ntp.server', '2'],
      ['lldp.capability', 'router'],
    ],
  },
  his: {
    name: 'his',
    title: 'Hospital information system with HL7 and FHIR',
    mac: '0c:c4:7a:5a:00:11',
    ip: '10.20.1.11',
    stack: 'linux',
    shows: [
      ['hl7.application', 'SAMPLE_HIS'],
      ['hl7.role', 'receiver'],
      ['fhir.role', 'server'],
      ['fhir.version', '4.0.1'],
      ['fhir.authorization', 'bearer'],
      ['tls.certificate.self-signed', 'false'],
    ],
  },
  lis: {
    name: 'lis',
    title: 'Laboratory information system',
    mac: '00:30:48:5a:00:12',
    ip: '10.20.1.12',
    stack: 'linux',
    shows: [
      ['hl7.application', 'SAMPLE_LIS'],
      ['hl7.message-type', 'ORU^R01'],
      ['fhir.role', 'client'],
    ],
  },
  pacs: {
    name: 'pacs',
    title: 'Picture archive (PACS)',
    mac: '00:25:90:5a:00:13',
    ip: '10.20.1.13',
    stack: 'linux',
    shows: [
      ['dicom.ae-title', 'SAMPLE_PACS'],
      ['dicom.role', 'scp'],
      ['dicom.implementation-version', 'SAMPLEPACS_4'],
    ],
  },
  fileServer: {
    name: 'fileserver',
    title: 'Windows file server',
    mac: '00:14:22:5a:00:14',
    ip: '10.20.1.14',
    stack: 'windows',
    shows: [
      ['smb.dialect', 'SMB 3.0.2'],
      ['smb.signing', 'required'],
      ['smb.name', 'FILESERVER'],
      ['smb.native-os', 'Windows 10.0.20348'],
    ],
  },
  ct: {
    name: 'ct-1',
    title: 'CT scanner',
    mac: '00:30:59:5a:00:21',
    ip: '10.20.2.21',
    stack: 'windows',
    shows: [
      ['dicom.ae-title', 'SAMPLE_CT1'],
      ['dicom.modality', 'CT'],
      ['dicom.manufacturer', 'Sample Imaging'],
      ['dicom.model', 'Sample CT 64'],
      ['dicom.serial', 'SAMPLE-CT-0001'],
    ],
  },
  mr: {
    name: 'mr-1',
    title: 'MR scanner',
    mac: '00:13:95:5a:00:22',
    ip: '10.20.2.22',
    stack: 'linux',
    shows: [
      ['dicom.ae-title', 'SAMPLE_MR1'],
      ['dicom.modality', 'MR'],
      ['dicom.model', 'Sample MR 1.5T'],
    ],
  },
  ultrasound: {
    name: 'us-1',
    title: 'Ultrasound',
    mac: '00:d0:c9:5a:00:23',
    ip: '10.20.2.23',
    stack: 'linux',
    dhcp: { vendorClass: 'Sample Imaging US', parameters: LINUX_PARAMETERS },
    shows: [
      ['dicom.modality', 'US'],
      ['dhcp.hostname', 'us-1'],
      ['tls.client.sni', 'remote-service.example'],
    ],
  },
  pump: {
    name: 'infusion-pump-icu-3',
    title: 'Infusion pump',
    mac: '00:80:92:5a:00:31',
    ip: '10.20.3.31',
    stack: 'embedded',
    dhcp: { vendorClass: 'Sample infusion pump', parameters: EMBEDDED_PARAMETERS },
    shows: [
      ['hl7.application', 'SAMPLE_INFUSION_PUMP'],
      ['telnet.server', 'true'],
      ['dhcp.vendor-class', 'Sample infusion pump'],
    ],
  },
  monitor: {
    name: 'patient-monitor-icu-3',
    title: 'Patient monitor',
    mac: '00:40:9d:5a:00:32',
    ip: '10.20.3.32',
    stack: 'embedded',
    dhcp: { vendorClass: 'Sample patient monitor', parameters: EMBEDDED_PARAMETERS },
    shows: [
      ['hl7.application', 'SAMPLE_PATIENT_MONITOR'],
      ['hl7.message-type', 'ORU^R01'],
      ['dhcp.hostname', 'patient-monitor-icu-3'],
    ],
  },
  analyser: {
    name: 'analyser',
    title: 'Laboratory analyser',
    mac: '00:90:e8:5a:00:41',
    ip: '10.20.4.41',
    stack: 'embedded',
    shows: [
      ['hl7.application', 'SAMPLE_LAB_ANALYZER'],
      ['hl7.message-type', 'OUL^R22'],
      ['tls.certificate.self-signed', 'true'],
    ],
  },
  workstation: {
    name: 'nurse-ws-7',
    title: 'Nurse workstation',
    mac: '00:21:70:5a:00:51',
    ip: '10.20.5.51',
    stack: 'windows',
    dhcp: { vendorClass: 'MSFT 5.0', parameters: WINDOWS_PARAMETERS },
    shows: [
      ['dhcp.vendor-class', 'MSFT 5.0'],
      ['nbns.name', 'NURSE-WS-7'],
      ['smb.client.dialect', 'SMB 2.0.2'],
    ],
  },
  printer: {
    name: 'printer-ward-2',
    title: 'Printer',
    mac: '00:40:17:5a:00:52',
    ip: '10.20.5.52',
    stack: 'embedded',
    dhcp: { vendorClass: 'Sample laser printer', parameters: EMBEDDED_PARAMETERS },
    shows: [
      ['snmp.community', 'public'],
      ['snmp.sys-name', 'printer-ward-2'],
      ['mdns.service', '_ipp._tcp'],
    ],
  },
  camera: {
    name: 'camera-entrance',
    title: 'IP camera',
    mac: '00:20:4a:5a:00:61',
    ip: '10.20.6.61',
    stack: 'embedded',
    dhcp: { vendorClass: 'Sample network camera', parameters: EMBEDDED_PARAMETERS },
    shows: [
      ['ssdp.server', 'Linux UPnP/1.0 SampleCam/2.1'],
      ['http.title', 'Sample network camera'],
    ],
  },
  building: {
    name: 'bms-controller-1',
    title: 'Building controller',
    mac: '00:30:de:5a:00:71',
    ip: '10.20.6.71',
    stack: 'embedded',
    dhcp: { vendorClass: 'Sample building controller', parameters: EMBEDDED_PARAMETERS },
    shows: [
      ['http.title', 'Sample building controller'],
      ['dhcp.hostname', 'bms-controller-1'],
    ],
  },
} as const satisfies Readonly<Record<string, HospitalHost>>;

export type HostId = keyof typeof HOSPITAL;

/** What is wrong on purpose, so that a newcomer sees SPHINX find it. */
export const DELIBERATE_FAULTS: readonly { readonly host: HostId; readonly fault: string }[] = [
  { host: 'pump', fault: 'is serviced over Telnet' },
  { host: 'printer', fault: 'answers to the SNMP community "public"' },
  { host: 'analyser', fault: 'shows a certificate that has expired' },
  { host: 'ultrasound', fault: 'talks to a server on the internet' },
  { host: 'building', fault: 'shares its address with the camera, which claims it too' },
];

/** All hosts in the order of their addresses. */
export const HOSPITAL_HOSTS: readonly HospitalHost[] = Object.values(HOSPITAL);
