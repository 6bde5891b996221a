import { z } from 'zod';

const Port = z.int().min(1).max(65_535);
/** Accounts that a shell or a page lets in, so that what follows is seen. `*` is any. */
const Account = z.object({ user: z.string(), secret: z.string() });
const Accounts = z.array(Account).default([]);
/** A log-on is let in at this attempt although it is wrong, as weak systems seem to be; 0 is never. */
const AdmitAfter = z.int().min(0).max(100).default(0);

const DicomService = z.object({
  protocol: z.literal('dicom'),
  port: Port,
  aeTitle: z.string().min(1).max(16),
  acceptsAnyTitle: z.boolean().default(true),
  implementationClass: z.string().regex(/^[0-9.]+$/),
  implementationVersion: z.string().max(16),
});
const Hl7Service = z.object({
  protocol: z.literal('hl7'),
  port: Port,
  application: z.string().min(1),
  facility: z.string().min(1),
  version: z.string().default('2.5'),
});
const HttpService = z.object({
  protocol: z.literal('http'),
  port: Port,
  isTls: z.boolean().default(false),
  /** Id of a site in knowledge/decoys/sites. */
  site: z.string(),
  accounts: Accounts,
  admitAfter: AdmitAfter,
});
const FhirService = z.object({
  protocol: z.literal('fhir'),
  port: Port,
  isTls: z.boolean().default(false),
  server: z.string(),
  software: z.string(),
  version: z.string(),
  base: z.string().default('/fhir'),
});
const SshService = z.object({
  protocol: z.literal('ssh'),
  port: Port,
  /** Software of the greeting, behind `SSH-2.0-`. */
  software: z.string(),
  /** Id of a machine in knowledge/decoys/machines. */
  machine: z.string(),
  accounts: Accounts,
  admitAfter: AdmitAfter,
});
const TelnetService = z.object({
  protocol: z.literal('telnet'),
  port: Port,
  greeting: z.string(),
  machine: z.string(),
  accounts: Accounts,
  admitAfter: AdmitAfter,
});
const FtpService = z.object({
  protocol: z.literal('ftp'),
  port: Port,
  greeting: z.string(),
  machine: z.string(),
  folder: z.string().default('/srv/ftp'),
  allowsAnonymous: z.boolean().default(true),
  accounts: Accounts,
  admitAfter: AdmitAfter,
});
const SmbService = z.object({
  protocol: z.literal('smb'),
  port: Port,
  machine: z.string(),
  shares: z.array(z.object({ name: z.string(), folder: z.string(), comment: z.string().default('') })).min(1),
  allowsGuests: z.boolean().default(true),
  operatingSystem: z.string(),
});
const RdpService = z.object({ protocol: z.literal('rdp'), port: Port, build: z.string().default('10.0.17763') });
const VncService = z.object({ protocol: z.literal('vnc'), port: Port, version: z.string().default('003.008') });
const MySqlService = z.object({
  protocol: z.literal('mysql'),
  port: Port,
  version: z.string(),
  accounts: Accounts,
  admitAfter: AdmitAfter,
});
const ModbusService = z.object({
  protocol: z.literal('modbus'),
  port: Port,
  vendor: z.string(),
  product: z.string(),
  revision: z.string(),
});
const BacnetService = z.object({
  protocol: z.literal('bacnet'),
  port: Port,
  instance: z.int().min(0).max(4_194_302),
  vendorId: z.int().min(0).max(65_535),
  vendor: z.string(),
  model: z.string(),
  firmware: z.string(),
});

/** One thing that a decoy offers. */
export const DecoyService = z.discriminatedUnion('protocol', [
  DicomService,
  Hl7Service,
  HttpService,
  FhirService,
  SshService,
  TelnetService,
  FtpService,
  SmbService,
  RdpService,
  VncService,
  MySqlService,
  ModbusService,
  BacnetService,
]);
export type DecoyService = z.infer<typeof DecoyService>;
export type DecoyProtocol = DecoyService['protocol'];
export type ServiceOf<P extends DecoyProtocol> = Extract<DecoyService, { protocol: P }>;

/** What a decoy pretends to be: a file of knowledge/decoys/personas. */
export const Persona = z.object({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** Key of knowledge/asset-kinds. */
  kind: z.string(),
  description: z.string(),
  /** Host names that it may have where the network shows no custom; `#` is a digit. */
  hostNames: z.array(z.string()).min(1),
  services: z.array(DecoyService).min(1),
  source: z.object({ title: z.string(), url: z.url() }),
});
export type Persona = z.infer<typeof Persona>;

/** Names that a decoy goes by, made up after the custom of the house. */
export const DecoyIdentity = z
  .object({
    hostName: z.string(),
    domain: z.string().meta({ description: 'Empty where none is known' }),
    aeTitle: z.string().optional().meta({ description: 'In place of that of the persona' }),
    banners: z.record(z.string(), z.string()).meta({ description: 'Protocol → version that the network shows most' }),
    movedPorts: z
      .record(z.string(), z.int())
      .default({})
      .meta({ description: 'Port of the persona → port that machines of this kind have the service on here' }),
    addedServices: z
      .array(DecoyService)
      .default([])
      .meta({ description: 'What machines of this kind offer here and the persona does not' }),
    reasons: z.array(z.string()).meta({ description: 'What each name and service was taken from' }),
  })
  .meta({ id: 'DecoyIdentity' });
export type DecoyIdentity = z.infer<typeof DecoyIdentity>;
