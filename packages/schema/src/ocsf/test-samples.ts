import type { Alert } from '../alert.ts';
import type { Asset, AssetFactName } from '../asset.ts';
import type { ServiceAvailability } from '../availability.ts';
import type { Detection } from '../detection.ts';
import { createFact, type Fact } from '../event.ts';
import type { MediaUse } from '../media.ts';
import type { ResponseProgress, ResponseStep } from '../response.ts';
import type { CheckResult, Verification } from '../verification.ts';
import type { Weakness } from '../weakness.ts';

const TIME = 1_790_000_000_000;
const PACKET = { source: 'capture_1', number: 12, time: TIME };
const SOURCE = 'traffic-monitoring';

function believed(value: string) {
  return {
    value,
    confidence: 0.9,
    origin: { kind: 'profile' as const, reference: 'bbraun-infusomat', version: '1.0.0' },
    evidence: [{ attribute: 'dhcp.hostname', value: 'INFUSOMAT-7', packet: PACKET }],
  };
}

const FACT_VALUES: Readonly<Partial<Record<AssetFactName, string>>> = {
  kind: 'infusion-pump',
  manufacturer: 'B. Braun',
  model: 'Infusomat Space',
  serial: '0012345',
  operatingSystem: 'Linux 5.10',
  clinicalFunction: 'Delivers fluids and drugs at a set rate',
  patientSafetyClass: 'therapy',
  zone: 'clinical',
  owner: 'Biomedical engineering',
  location: 'ICU 2, bed 4',
  careArea: 'intensive care',
};

const DETECTION: Detection = {
  id: 'det_1',
  rule: {
    gid: 1,
    sid: 9_110_006,
    revision: 1,
    title: 'HL7 attachment is a Windows program',
    set: 'own',
    class: 'trojan-activity',
    category: 'A Network Trojan was detected',
    references: ['cve,2021-44228'],
    techniques: ['T1105'],
  },
  severity: 'high',
  source: { ip: '10.20.0.9', port: 40_000 },
  destination: { ip: '10.20.0.7', port: 2575 },
  target: 'destination',
  transport: 'tcp',
  protocol: 'hl7',
  time: TIME,
  packet: PACKET,
  isSample: false,
};

const MEDIA_USE: MediaUse = {
  id: 'mdu_1',
  host: 'ws7',
  hostIp: '10.20.0.7',
  user: 'k.wolf',
  action: 'written',
  medium: { kind: 'usb-storage', maker: 'SanDisk', product: 'Ultra', serial: '4C530001' },
  drive: 'E:',
  files: 3,
  fileKinds: { dicom: 2, table: 1 },
  bytes: 4096,
  patients: 0,
  events: 3,
  firstSeen: TIME,
  lastSeen: TIME + 1000,
  told: ['windows-removable-write'],
  logId: 'log_1',
};

const ALERT: Alert = {
  id: 'alr_1',
  kind: 'anomaly',
  analytic: { id: 'new-peer', title: 'A pump talks to somebody new', set: 'baselines', version: '1', references: [] },
  severity: 'medium',
  confidence: 0.93,
  message: 'INFUSOMAT-7 sent 3 MB to 203.0.113.9, which no infusion pump here ever did',
  subjects: [
    { role: 'actor', type: 'ip', value: '10.20.0.7' },
    { role: 'target', type: 'ip', value: '203.0.113.9', port: 443 },
    { role: 'affected', type: 'asset', value: 'ast_pump' },
  ],
  techniques: ['T1041'],
  time: TIME,
  endTime: TIME + 60_000,
  count: 4,
  comparison: { expected: 'only the pump server', seen: 'a public address', since: TIME, rarity: 0.0001 },
  evidence: [{ kind: 'packet', id: 'flow_1', time: TIME, summary: 'first packet of the flow', packet: PACKET }],
  isSample: false,
};

const OUTAGE: ServiceAvailability = {
  serviceId: 'svc_archive',
  name: 'Picture archive',
  care: 'radiology',
  state: 'down',
  previous: 'up',
  since: TIME,
  reason: 'C-ECHO: nobody answers',
  cause: 'possible-attack',
  causeReasons: ['1 detection concerns it'],
  evidence: [{ kind: 'detection', id: 'det_1', title: 'Flood', severity: 'high', time: TIME }],
  assetIds: ['ast_archive'],
  ips: ['10.20.0.30'],
};

const RUN_STEP: ResponseStep = {
  id: 'act_1',
  title: 'Restrict the device',
  command: 'contain device 10.20.0.7, clinical flows stay',
  actuator: 'core-firewall',
  outcome: 'done',
  summary: 'Three flows stay, all others are dropped',
};

const RUN: ResponseProgress = {
  runId: 'run_1',
  number: 12,
  playbook: { id: 'playbook--1', name: 'Micro-quarantine', modified: '2026-11-30T18:00:00.000Z' },
  subject: { kind: 'incident', id: 'inc_1', name: 'INC-12' },
  assets: [{ assetId: 'ast_pump', name: 'INFUSOMAT-7', careArea: 'intensive care', patientSafetyClass: 'therapy' }],
  isDryRun: false,
  by: 'anna',
  at: TIME,
  summary: '',
  isSample: false,
};

const WEAKNESS: Weakness = {
  id: 'wkn_1',
  weakness: 'CVE-2021-33886',
  title: 'Format string in the communication module of an infusion pump',
  presence: 'affected',
  quality: 'range',
  identity: 'vendor-and-name',
  because: 'L81 is before L82',
  component: { kind: 'device', vendor: 'B. Braun', name: 'SpaceCom', version: 'L81', source: 'alaris.version' },
  severity: 'high',
  score: 8.8,
  baseScore: 8.8,
  vector: 'CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
  isKnownExploited: false,
  exploitProbability: 0.012,
  decision: 'attend',
  priority: 71.5,
  reasons: ['A failure can hurt a patient'],
  sources: [{ feed: 'curated', id: 'ICSMA-21-294-01', url: 'https://www.cisa.gov/' }],
  hasFix: true,
  status: 'open',
  owner: null,
  dueAt: TIME + 86_400_000,
  foundAt: TIME,
  closedAt: null,
  closedBecause: null,
};

export const PUMP: Asset = {
  id: 'ast_pump',
  name: 'INFUSOMAT-7',
  macs: ['02:00:00:00:00:07'],
  ips: ['10.20.0.7', '2001:db8::7'],
  hostnames: ['infusomat-7.icu.example'],
  facts: Object.fromEntries(Object.entries(FACT_VALUES).map(([name, value]) => [name, believed(value)])),
  services: [
    {
      transport: 'tcp',
      port: 80,
      protocol: 'http',
      isEncrypted: false,
      evidence: [],
      firstSeen: TIME,
      lastSeen: TIME,
    },
  ],
  peers: [],
  evidence: [],
  conflicts: [],
  sources: ['capture_1'],
  isSample: true,
  isPinned: false,
  firstSeen: TIME,
  lastSeen: TIME + 60_000,
  revision: 3,
};

function result(outcome: CheckResult['outcome'], severity: CheckResult['severity']): CheckResult {
  return {
    checkId: `check-${outcome}`,
    title: 'Management without encryption',
    checkVersion: '1.0.0',
    outcome,
    severity,
    reason: 'It serves its settings in clear text',
    remedy: 'Switch on HTTPS, or restrict access to the engineering network',
    references: [{ title: 'IEC 62443-4-2 CR 4.1', url: 'https://webstore.iec.ch/publication/34421' }],
    evidence: [
      { statement: 'served HTTP on tcp/80', attribute: 'http.server', value: 'x', packet: PACKET, time: TIME },
    ],
  };
}

export const VERIFICATION: Verification = {
  id: 'ver_1',
  assetId: PUMP.id,
  assetName: PUMP.name,
  assetRevision: 3,
  isSample: true,
  verdict: 'rejected',
  reasons: ['2 checks of high severity failed'],
  conditions: ['Only the pump server may reach it'],
  policy: { id: 'therapy', version: '1.0.0', title: 'Devices under therapy' },
  results: [
    result('pass', 'low'),
    result('fail', 'medium'),
    result('fail', 'high'),
    result('not-applicable', 'informational'),
    result('not-observed', 'critical'),
  ],
  evidenceDigest: 'a'.repeat(64),
  certificateId: 'crt_1',
  time: TIME,
};

const CERTIFICATE = {
  id: 'crt_1',
  assetId: PUMP.id,
  assetName: PUMP.name,
  verificationId: VERIFICATION.id,
  verdict: 'conditional' as const,
  status: 'valid' as const,
  isSample: false,
  issuedAt: TIME,
  expiresAt: TIME + 86_400_000,
  keyId: 'key_1',
  envelope: {
    payloadType: 'application/vnd.in-toto+json',
    payload: 'e30=',
    signatures: [{ keyid: 'key_1', sig: 'AA==' }],
  },
};

const REPORT = {
  list: 'lst_1',
  source: 'imp_1',
  sample: false,
  reference: 'infusomat.cdx.json',
  takenAt: TIME,
  part: 1,
  parts: 1,
};
const PUMP_MODEL = { kind: 'model' as const, manufacturer: 'B. Braun', model: 'Infusomat Space', version: 'M030007' };
const PUMP_DEVICE = { kind: 'device' as const, assetId: PUMP.id, ips: PUMP.ips, macs: PUMP.macs, hostnames: [] };

function weaknesses(weakness: Weakness) {
  return { assetId: PUMP.id, assetName: PUMP.name, isSample: false, weaknesses: [weakness] };
}

const HOST = { mac: '02:00:00:00:00:07', ip: '10.20.0.7', vlan: 20 };
const PROBED = {
  runId: 'run_1',
  assetId: 'ast_pump',
  ip: '10.0.0.9',
  occasion: 'on-demand' as const,
  by: 'anna',
  policy: 'diagnosis',
  probes: ['tcp-port', 'dicom-echo'],
  packets: 12,
  bytes: 900,
  startedAt: TIME,
  endedAt: TIME + 1000,
};
const fields = <Data>(data: Data) => ({ key: PUMP.id, time: TIME, source: SOURCE, data });

const INCIDENT = {
  id: 'inc_1',
  number: 12,
  title: 'Infusion pump icu-pump-3 is attacked',
  summary: 'A workstation tried passwords on an infusion pump.',
  severity: 'high' as const,
  clinicalImpact: 'A failure of icu-pump-3 can injure a patient.',
  status: 'new' as const,
  verdict: null,
  owner: null,
  stages: ['credential-access'],
  techniques: ['T1110.001'],
  assets: [
    {
      assetId: PUMP.id,
      name: PUMP.name,
      kind: 'infusion-pump',
      role: 'target' as const,
      patientSafetyClass: 'therapy' as const,
      careArea: 'Intensive care',
      zone: 'bedside',
    },
  ],
  users: ['a.berg'],
  addresses: ['203.0.113.9'],
  analytics: [{ id: '1:9100004', title: 'Passwords are guessed', count: 3 }],
  signals: 3,
  firstSeen: TIME,
  lastSeen: TIME + 5000,
  openedAt: TIME + 6000,
  closedAt: null,
  isSample: false,
};

/** One fact of every type, as they occur. */
export const SAMPLE_FACTS: readonly Fact[] = [
  createFact(
    'host.observed',
    fields({
      source: 'capture_1',
      sample: true,
      host: HOST,
      evidence: [
        {
          attribute: 'http.server',
          value: 'GoAhead',
          protocol: 'http',
          role: 'server' as const,
          port: 80,
          transport: 'tcp' as const,
          firstSeen: TIME,
          lastSeen: TIME,
          count: 1,
          packet: PACKET,
        },
      ],
    }),
  ),
  createFact(
    'conversation.observed',
    fields({
      source: 'capture_1',
      sample: false,
      client: HOST,
      server: { ip: '10.20.0.1' },
      transport: 'tcp',
      serverPort: 443,
      protocol: 'tls',
      isEncrypted: true,
      isAnswered: true,
      bytesToServer: 100,
      bytesToClient: 2000,
      packets: 12,
      flows: 2,
      firstSeen: TIME,
      lastSeen: TIME + 5000,
      packet: PACKET,
    }),
  ),
  createFact('source.removed', fields({ source: 'capture_1', sample: true })),
  createFact('asset.discovered', fields(PUMP)),
  createFact('asset.updated', fields({ ...PUMP, revision: 4 })),
  createFact(
    'asset.merged',
    fields({ assetId: 'ast_pump', mergedAssetId: 'ast_2', reason: 'same serial', by: 'anna' }),
  ),
  createFact('asset.removed', fields({ assetId: 'ast_pump', reason: 'its source was removed' })),
  createFact('verification.requested', fields({ assetId: 'ast_pump', requestedBy: 'anna' })),
  createFact('verdict.issued', fields(VERIFICATION)),
  createFact('certificate.issued', fields(CERTIFICATE)),
  createFact(
    'certificate.revoked',
    fields({ ...CERTIFICATE, status: 'revoked' as const, revokedAt: TIME + 1000, revocationReason: 'check failed' }),
  ),
  createFact('detection.found', fields(DETECTION)),
  createFact('alert.raised', fields(ALERT)),
  createFact('media.used', fields(MEDIA_USE)),
  createFact(
    'media.used',
    fields({ ...MEDIA_USE, action: 'attached' as const, hostIp: '', user: '', files: 0, fileKinds: {} }),
  ),
  createFact('incident.opened', fields(INCIDENT)),
  createFact('incident.updated', fields({ ...INCIDENT, status: 'in-progress' as const, owner: 'anna' })),
  createFact(
    'incident.closed',
    fields({ ...INCIDENT, status: 'closed' as const, verdict: 'true' as const, owner: 'anna', closedAt: TIME + 9000 }),
  ),
  createFact(
    'software.listed',
    fields({
      ...REPORT,
      subject: PUMP_MODEL,
      method: 'sbom' as const,
      tool: 'CycloneDX 1.6',
      isComplete: true,
      items: [
        {
          kind: 'library' as const,
          vendor: 'OpenSSL',
          name: 'openssl',
          version: '1.1.1k',
          purl: 'pkg:generic/openssl@1.1.1k',
          cpe: 'cpe:2.3:a:openssl:openssl:1.1.1k:*:*:*:*:*:*:*',
        },
        { kind: 'operating-system' as const, vendor: '', name: 'Linux', version: '' },
      ],
    }),
  ),
  createFact(
    'weakness.reported',
    fields({
      ...REPORT,
      subject: PUMP_DEVICE,
      tool: 'Nessus 10.8',
      weaknesses: [
        {
          id: '94437',
          title: 'SSL 64-bit block size cipher suites supported',
          cves: ['CVE-2016-2183', 'CVE-2016-6329'],
          severity: 'high' as const,
          port: 443,
          transport: 'tcp' as const,
          remedy: 'Switch off ciphers with blocks of 64 bits',
        },
        {
          id: '41028',
          title: 'SNMP agent default community name',
          cves: [],
          severity: 'medium' as const,
          software: 'net-snmp',
          fixedVersion: '5.9',
          remedy: '',
        },
      ],
    }),
  ),
  createFact(
    'security-form.stated',
    fields({
      ...REPORT,
      subject: PUMP_MODEL,
      form: 'MDS2 2019' as const,
      documentId: 'D000-7',
      answers: [{ question: 'MPII-1', answer: 'yes' as const, text: 'Yes', note: '' }],
    }),
  ),
  createFact('probe.completed', fields({ ...PROBED, outcome: 'completed' as const, reason: '' })),
  createFact(
    'probe.completed',
    fields({ ...PROBED, outcome: 'slowed' as const, reason: 'it answered slower', by: '' }),
  ),
  createFact(
    'probe.refused',
    fields({ runId: 'run_2', ip: '10.0.0.9', occasion: 'periodic' as const, by: '', policy: '', reason: 'stopped' }),
  ),
  createFact('weakness.found', fields(weaknesses(WEAKNESS))),
  createFact('service.down', fields(OUTAGE)),
  createFact('service.degraded', fields({ ...OUTAGE, state: 'degraded' as const, cause: 'failure' as const })),
  createFact(
    'service.up',
    fields({ ...OUTAGE, state: 'up' as const, previous: 'down' as const, reason: '', cause: null, evidence: [] }),
  ),
  createFact('weakness.changed', fields(weaknesses({ ...WEAKNESS, status: 'in-progress', owner: 'anna' }))),
  createFact(
    'weakness.closed',
    fields(weaknesses({ ...WEAKNESS, status: 'fixed', closedAt: TIME + 1000, closedBecause: 'L82 has the fix' })),
  ),
  createFact(
    'risk.changed',
    fields({
      subject: 'asset' as const,
      id: 'ast_1',
      name: 'Infusion pump 7',
      careArea: 'ICU 2',
      horizonDays: 30,
      now: { probability: 0.4, level: 'high' as const, points: 36 },
      before: { probability: 0.02, level: 'low' as const, points: 2 },
      consequence: 'safety',
      reason: 'Tampering with devices: HL7 attachment is a Windows program',
      isSample: false,
    }),
  ),
  createFact(
    'decision.made',
    fields({
      decisionId: 7,
      subject: { kind: 'incident' as const, id: 'inc_1', name: 'INC-12', title: 'A pump is told what to do' },
      course: {
        id: 'playbook--9f3580c3-d54b-5d26-89e7-0818073e2315',
        title: 'Micro-quarantine',
        playbook: {
          id: 'playbook--9f3580c3-d54b-5d26-89e7-0818073e2315',
          version: '2026-11-30T18:00:00.000Z',
          digest: '0'.repeat(64),
        },
      },
      variables: { __device_ip__: '10.20.0.7' },
      assets: [
        {
          assetId: 'ast_1',
          name: 'Infusion pump 7',
          ips: ['10.20.0.7'],
          kind: 'infusion-pump',
          patientSafetyClass: 'therapy' as const,
          careArea: 'ICU 2',
          zone: 'clinical',
        },
      ],
      approvers: ['Clinical lead on duty'],
      reason: 'It must stay in use',
      by: 'Anna Berg',
      at: TIME,
      isSample: false,
    }),
  ),
  createFact(
    'measures.requested',
    fields({ subject: { kind: 'incident' as const, id: 'inc_1' }, assetIds: ['ast_1'], isSample: false }),
  ),
  createFact(
    'measures.evaluated',
    fields({
      subject: { kind: 'incident' as const, id: 'inc_1' },
      evaluatedAt: TIME,
      options: [
        {
          measures: [{ kind: 'segment' as const, assetId: 'ast_1', assetName: 'Infusion pump 7' }],
          reduction: 0.8,
          spared: 12,
        },
      ],
      note: '',
      isSample: false,
    }),
  ),
  createFact('response.planned', fields({ ...RUN, summary: 'planned by anna' })),
  createFact('response.approval-asked', fields({ ...RUN, summary: 'asks the clinical lead' })),
  createFact('response.approved', fields({ ...RUN, summary: 'ruth agreed' })),
  createFact('response.refused', fields({ ...RUN, summary: 'ruth refused: surgery is going on' })),
  createFact('response.started', fields({ ...RUN, summary: 'begun' })),
  createFact('response.step-done', fields({ ...RUN, summary: RUN_STEP.summary, step: RUN_STEP })),
  createFact(
    'response.step-done',
    fields({ ...RUN, summary: 'it did not answer', step: { ...RUN_STEP, outcome: 'failed' as const } }),
  ),
  createFact('response.finished', fields({ ...RUN, summary: 'all steps are done', outcome: 'succeeded' as const })),
  createFact('response.undone', fields({ ...RUN, summary: 'nobody confirmed it in time' })),
  createFact(
    'care.changed',
    fields({
      area: 'ICU 2',
      beds: 12,
      services: [
        {
          id: 'infusion',
          title: 'Infusion therapy',
          description: '',
          safety: 'life-sustaining' as const,
          devices: [{ assetId: 'ast_pump', name: 'INFUSOMAT-7' }],
          needs: [{ assetId: 'ast_gw', name: 'pump server', effect: 'slows' as const, because: 'by hand' }],
        },
      ],
      isSample: false,
    }),
  ),
  createFact(
    'playbook.kept',
    fields({
      playbookId: 'playbook--1',
      name: 'Own',
      modified: '2026-11-30T18:00:00.000Z',
      text: '{}',
      by: 'anna',
      at: TIME,
    }),
  ),
  createFact('playbook.removed', fields({ playbookId: 'playbook--1', by: 'anna', at: TIME })),
];
