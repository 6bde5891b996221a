import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

/** 0 keeps the socket closed. */
const Port = z.int().min(0).max(65_535).default(0);

export const LogCollectionSettings = z.object({
  listenAddress: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0').meta({
    title: 'Address to listen on',
    description: 'Of the sockets below; 0.0.0.0 is every address of this machine.',
  }),
  syslogUdpPort: Port.meta({ title: 'Syslog over UDP, port', description: 'Usually 514; 0 keeps it closed.' }),
  syslogTcpPort: Port.meta({ title: 'Syslog over TCP, port', description: 'Usually 514 or 601; 0 keeps it closed.' }),
  syslogTlsPort: Port.meta({
    title: 'Syslog over TLS, port',
    description: 'Usually 6514 (RFC 5425); 0 keeps it closed.',
  }),
  gelfUdpPort: Port.meta({ title: 'GELF over UDP, port', description: 'Usually 12201; 0 keeps it closed.' }),
  gelfTcpPort: Port.meta({ title: 'GELF over TCP, port', description: 'Usually 12201; 0 keeps it closed.' }),
  tlsCertificateFile: z.string().max(1000).default('').meta({
    title: 'Certificate for TLS',
    description:
      'PEM file with the chain. Empty: a certificate of an authority of this SPHINX, which senders can download.',
  }),
  tlsPrivateKeyFile: z.string().max(1000).default('').meta({
    title: 'Private key for TLS',
    description: 'PEM file that belongs to the certificate.',
  }),
  tlsClientAuthorityFile: z.string().max(1000).default('').meta({
    title: 'Authority of senders',
    description: 'PEM file. Where it is set, only senders with a certificate of this authority are heard over TLS.',
  }),
  watchedFiles: z.array(z.string().min(1).max(1000)).max(100).default([]).meta({
    title: 'Watched files',
    description:
      'Paths of log files of this machine, or patterns such as /var/log/nginx/*.log; rotated files are read to their end.',
  }),
  eventsPerSecondPerSender: z.int().min(10).max(1_000_000).default(20_000).meta({
    title: 'Events per second and sender',
    description: 'More over UDP are left out and counted; over TCP the sender has to wait.',
  }),
  kilobytesPerEvent: z.int().min(1).max(1024).default(64).meta({
    title: 'Kilobytes per event',
    description: 'What is longer is cut there, and counted.',
  }),
  pipelineFolder: z.string().max(1000).default('').meta({
    title: 'Folder of own pipelines of Sigma',
    description:
      'Of this machine, with YAML files: values of placeholders such as %our_administrators%, log sources, names of fields. Read at the start.',
  }),
  quietMinutes: z.int().min(1).max(1440).default(60).meta({
    title: 'Minutes between repeated alerts',
    description:
      'Of one rule about the same user, address and host one alert is raised in this time; repeats are counted in it.',
  }),
  latenessMinutes: z.int().min(0).max(1440).default(10).meta({
    title: 'Minutes that events may be late',
    description: 'So long rules over several events wait for those that come in late.',
  }),
  retentionDays: z.int().min(1).max(3650).default(90).meta({
    title: 'Days that events are kept',
    description: 'For kinds that have no number of days of their own.',
  }),
  auditRetentionDays: z.int().min(1).max(3650).default(365).meta({
    title: 'Days that audit trails are kept',
    description: 'Events of the kinds audit, clinical and authentication.',
  }),
  keepsArchive: z.boolean().default(true).meta({
    title: 'Keep a signed archive',
    description: 'Lines as they came, in segments that are signed, so that a change of them can be shown later.',
  }),
  archiveFolder: z.string().max(1000).default('').meta({
    title: 'Folder of the archive',
    description: 'Of this machine. Empty: services/log-collection/archive in the data folder.',
  }),
  archiveSegmentMegabytes: z.int().min(1).max(1024).default(16).meta({
    title: 'Megabytes per segment',
    description: 'Before packing. A segment that is as large is closed and signed.',
  }),
  archiveSegmentMinutes: z.int().min(1).max(1440).default(60).meta({
    title: 'Minutes per segment',
    description: 'So long at most lines are gathered before they are signed.',
  }),
});
export type LogCollectionSettings = z.infer<typeof LogCollectionSettings>;

export const manifest: ServiceManifest<typeof LogCollectionSettings> = {
  id: 'log-collection',
  title: 'Log collection',
  question: "What do our systems' own logs and audit trails say?",
  description:
    'Takes in logs over syslog, GELF, HTTP and OpenTelemetry and from files, brings them into one form, keeps what they said ' +
    'themselves, and finds it again.',
  version: '0.1.0',
  acronym: 'SIEM',
  consumes: [],
  produces: ['alert.raised', 'media.used'],
  needs: ['bus', 'telemetry', 'state', 'secrets'],
  settings: LogCollectionSettings,
  isEnabledByDefault: true,
  permissions: ['logs:read', 'logs:write', 'logs:intake', 'logs:reveal'],
};
