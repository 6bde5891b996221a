import type { ServiceManifest } from '@sphinx/platform';
import { z } from 'zod';

export const TrafficMonitoringSettings = z.object({
  watchedFolder: z.string().default('').meta({
    title: 'Watched folder',
    description: 'Capture files that appear in this folder are read by themselves. Empty: none.',
  }),
  maximumUploadMegabytes: z.int().min(1).max(100_000).default(4096).meta({
    title: 'Largest upload',
    description: 'Largest capture file that the console may send, in megabytes.',
  }),
  conversationRefreshSeconds: z.int().min(10).max(86_400).default(300).meta({
    title: 'Refresh of known conversations',
    description: 'A conversation that goes on is reported again after this many seconds; new ones at once.',
  }),
  maximumFlows: z.int().min(1000).max(4_000_000).default(262_144).meta({
    title: 'Flows in memory',
    description: 'Largest number of flows that one source follows at the same time.',
  }),
  reassemblyMegabytes: z
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .meta({
      title: 'Memory for waiting segments',
      description:
        'Megabytes per source for segments that came early and for connections whose protocol is not known yet. Beyond it ' +
        'connections go on without what is missing, which is counted.',
    }),
  fragmentMegabytes: z.int().min(1).max(1024).default(16).meta({
    title: 'Memory for fragments',
    description:
      'Megabytes per source for datagrams in fragments. Beyond it those that wait longest are given up, which is counted.',
  }),
  workersPerSource: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .meta({
      title: 'Workers per source',
      description:
        'Threads between which the packets of one source are split. 0: one per core for captures of more than 32 MB, one ' +
        'less for live traffic. 1: one thread looks at everything.',
    }),
  packetBufferMegabytes: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(0)
    .meta({
      title: 'Packet buffer',
      description:
        'Megabytes of the latest packets of each live source that are kept on disk, the oldest dropped first. They carry ' +
        'patients’ data as it passes. 0: off.',
    }),
  packetBufferHours: z.int().min(1).max(8760).default(24).meta({
    title: 'Age of the packet buffer',
    description: 'Packets are kept no longer than this many hours.',
  }),
  sensorAddress: z.union([z.ipv4(), z.ipv6()]).default('0.0.0.0').meta({
    title: 'Address for remote sensors',
    description: 'Address of this machine on which remote sensors come in.',
  }),
  sensorPort: z.int().min(1).max(65_535).default(8444).meta({
    title: 'Port for remote sensors',
    description: 'TCP port on which remote sensors come in. It is open only while one is enrolled or may enrol.',
  }),
  followsFiles: z.boolean().default(true).meta({
    title: 'Follow files',
    description:
      'Hash, type and scan files that cross the network. Their content is not kept unless the next settings say so.',
  }),
  maximumFileMegabytes: z.int().min(1).max(256).default(16).meta({
    title: 'Scanned of a file',
    description: 'So much of each file is held in memory for scanning, in megabytes; the rest is hashed only.',
  }),
  clinicalHashes: z.enum(['none', 'sha256', 'all']).default('sha256').meta({
    title: 'Hashes of DICOM objects',
    description:
      'They are most of the bytes of a hospital: SHA-256 only, none, or all as of other files, at the cost of speed.',
  }),
  fileNames: z.enum(['programs', 'all', 'none']).default('programs').meta({
    title: 'Names of files',
    description:
      'Names of programs and scripts only, since those of documents and images may name a patient; all; or none.',
  }),
  keptFiles: z
    .enum(['none', 'matched', 'types'])
    .default('matched')
    .meta({
      title: 'Files to keep',
      description:
        'Encrypted: none, those that match a YARA rule or that a rule asks to keep (filestore), or also those of the types below. ' +
        'Clinical content never.',
    }),
  keptFileTypes: z.array(z.string()).default([]).meta({
    title: 'Types to keep',
    description:
      'Types or categories of knowledge/file-types, for example pe or program, where files are kept by type.',
  }),
  keptFileDays: z.int().min(1).max(3650).default(30).meta({
    title: 'Days to keep files',
    description: 'Kept files are removed after so many days.',
  }),
  keptFileMegabytes: z.int().min(1).max(1_000_000).default(1000).meta({
    title: 'Size of kept files',
    description: 'The oldest are removed when all kept files together are larger, in megabytes.',
  }),
  yaraFolder: z.string().default('').meta({
    title: 'Own YARA rules',
    description: 'Folder with rule files (.yar, .yara) of the hospital, beside those of SPHINX. Empty: none.',
  }),
  keepsProtocolRecords: z.boolean().default(true).meta({
    title: 'Keep protocol records',
    description: 'Store one row per application-layer transaction, without any patient data.',
  }),
});
export type TrafficMonitoringSettings = z.infer<typeof TrafficMonitoringSettings>;

export const manifest: ServiceManifest<typeof TrafficMonitoringSettings> = {
  id: 'traffic-monitoring',
  title: 'Traffic monitoring',
  question: 'What is on the wire, who talks to whom, in which protocol, how much?',
  description:
    'Reads mirror ports, captures and what other sensors and flow exporters tell, without sending a single packet to the ' +
    'network that it watches, follows every flow, ' +
    'understands health care and enterprise protocols, and tells the other services which hosts and conversations it saw.',
  acronym: 'DTM',
  version: '0.1.0',
  consumes: [],
  produces: ['host.observed', 'conversation.observed', 'source.removed', 'detection.found'],
  needs: ['bus', 'state', 'telemetry', 'blobs', 'jobs', 'secrets'],
  settings: TrafficMonitoringSettings,
  isEnabledByDefault: true,
  permissions: ['traffic:read', 'packets:export', 'files:download', 'sources:read', 'sources:write'],
};
