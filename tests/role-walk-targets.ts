import type { Program } from '../apps/sphinx/src/runtime/program.ts';
import { HOUR_MS, START, unanswered } from '../services/anomaly-detection/testing/invented-hospital.ts';
import { visitDecoy } from './visited-decoy.ts';
import { call, readSampleHospital } from './whole-program.ts';

/** Password of every user of the walk. */
export const PASSWORD = 'a calm night on ward three';
/** Nothing has this id: a route that lets somebody in finds nothing to do. */
export const NOBODY = 'nobody-of-this-name';

/** Things that are there, by the first part of their path, and for each change a body that would be taken. */
export interface Targets {
  readonly ids: Readonly<Record<string, string>>;
  readonly bodies: Readonly<Record<string, unknown>>;
}

const CHANNEL = {
  settings: {
    name: 'intruder',
    isEnabled: true,
    leastSeverity: 'low',
    events: ['opened'],
    quietHours: null,
    timeZone: 'UTC',
    onCall: [],
    target: { kind: 'webhook', url: 'https://intruder.example/' },
  },
};
const SCANNER = '10.97.0.1';
const RADIUS_CLIENT = { name: 'switch', address: '10.9.9.9', secret: 'long enough for a switch' };
const RULE = 'alert tcp any any -> any any (msg:"never"; content:"never seen anywhere"; sid:4711;)';

/**
 * A hospital that was seen, judged and worked on: the sample traffic, an account, a token, a view, work under way.
 * @param owner id of a user who gets a token
 */
export async function createTargets(program: Program, owner: string): Promise<Targets> {
  const first = async (path: string) =>
    (await call<{ items: { id: string }[] }>(program, 'GET', path)).items[0]?.id ?? NOBODY;
  const sampleId = await readSampleHospital(program);
  const { token } = await program.access.tokens.create(owner, {
    name: 'ward display',
    permissions: ['assets:read'],
    expiresInDays: 1,
  });
  const view = await call<{ id: string }>(program, 'POST', '/asset-views', {
    name: 'pumps',
    query: 'kind=infusion-pump',
  });
  const job = await program.engines.jobs.start(
    { owner: 'walk', kind: 'wait', title: 'Waits until it is cancelled' },
    ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled')))),
  );
  const ruleSet = await call<{ id: string }>(program, 'POST', '/rule-sets', { title: 'ward rules', content: RULE });
  const assetId = await first('/assets?limit=1');
  const flows = await call<{ items: { flow_id: string }[] }>(program, 'GET', '/traffic/flows?limit=1');
  const flowId = flows.items[0]?.flow_id ?? NOBODY;
  const files = await call<{ items: { file_id: string }[] }>(program, 'GET', '/files?limit=1');
  const certificateId = await first('/certificates?status=valid&limit=1');
  const { publicCode = NOBODY } = await call<{ publicCode?: string }>(program, 'GET', `/certificates/${certificateId}`);
  const radiusClient = await call<{ id: string }>(program, 'POST', '/gate/clients', RADIUS_CLIENT);
  const product = { manufacturer: 'Example Medical', model: 'Pump 3' };
  const { candidate } = await call<{ candidate: { id: string } }>(program, 'POST', '/candidates', product);
  const { ips } = await call<{ ips: string[] }>(program, 'GET', `/assets/${assetId}`);
  const decoy = await visitDecoy(program);
  return {
    ids: {
      decoys: decoy.id,
      'decoy-sessions': decoy.session,
      'decoy-samples': decoy.sample,
      honeytokens: decoy.token,
      users: owner,
      tokens: token.id,
      services: 'device-verification',
      sources: sampleId,
      traffic: flowId,
      files: files.items[0]?.file_id ?? NOBODY,
      sensors: await addRemoteSensor(program),
      jobs: job,
      'rule-sets': ruleSet.id,
      rules: '1:4711',
      'rule-lists': 'no-list',
      detections: 'no-detection',
      assets: assetId,
      'asset-views': view.id,
      anomalies: await seeAnomaly(program),
      baselines: SCANNER,
      'care-map': assetId,
      risk: assetId,
      verifications: await first('/verifications?limit=1'),
      certificates: certificateId,
      candidates: candidate.id,
      public: publicCode,
      gate: radiusClient.id,
      incidents: await first('/incidents?attention=noted&limit=1'),
      'incident-lessons': 'no-lesson',
      playbooks: 'no-playbook',
      decisions: '0',
      response: 'no-run',
      downtime: 'no-ward',
      'decision-subjects': 'no-subject',
      'notification-channels': 'no-channel',
      feeds: 'cisa-kev',
      'feed-bundles': 'no-bundle',
      'feed-bundle-keys': 'no-key',
      catalogues: 'CWE-79',
      findings: assetId,
      weaknesses: 'CVE-2019-0708',
      software: 'no-import',
      vendor: 'no-device',
      'vendor-submissions': 'no-document',
      uptime: await watchBackup(program),
      'probe-runs': 'no-run',
      'probe-captures': '192.0.2.1',
      'probe-approvals': 'no-approval',
      probing: '192.0.2.1',
      logs: 'no-event',
      'log-formats': 'no-format',
      'log-retention': 'system',
      'log-rule-sets': 'hospital',
      'log-rules': 'no-rule',
      'log-searches': 'no-search',
    },
    bodies: Object.fromEntries(
      Object.entries({
        'DELETE /session': undefined,
        'PUT /session/password': { currentPassword: PASSWORD, newPassword: `${PASSWORD} again` },
        'POST /users': { username: 'intruder', name: 'Intruder', role: 'administrator', password: PASSWORD },
        'PATCH /users/{id}': { role: 'administrator' },
        'DELETE /users/{id}': undefined,
        'POST /tokens': { name: 'back door', permissions: ['tokens:write'] },
        'DELETE /tokens/{id}': undefined,
        'PATCH /settings': { 'log.level': 'debug' },
        'PATCH /services/{id}': { isEnabled: false },
        'POST /jobs/{id}/cancel': undefined,
        'POST /rule-sets': { title: 'back door', content: RULE },
        'POST /rule-sets/preview': { title: 'back door', content: RULE },
        'POST /rule-sets/upload': RULE,
        'POST /rule-sets/upload/preview': RULE,
        'PATCH /rule-sets/{id}': { isEnabled: false },
        'POST /rule-sets/{id}/update': undefined,
        'POST /rule-sets/{id}/update/preview': undefined,
        'POST /rule-sets/{id}/undo': undefined,
        'DELETE /rule-sets/{id}': undefined,
        'PATCH /rules/{id}': { isEnabled: false },
        'PUT /rules/{id}': { text: RULE },
        'DELETE /rules/{id}': undefined,
        'PUT /rule-lists/{name}': '192.0.2.1,90',
        'PATCH /rule-lists/{name}': { add: ['192.0.2.1,90'] },
        'DELETE /rule-lists/{name}': undefined,
        'POST /rules/trial': 'no capture',
        'PUT /detections/{id}/feedback': { verdict: 'harmless' },
        'DELETE /detections/{id}/feedback': undefined,
        'POST /detection-model/training-data': 'no data',
        'POST /detection-model/retraining': undefined,
        'POST /detection-model/candidate/accept': undefined,
        'DELETE /detection-model/candidate': undefined,
        'POST /detection-model/undo': undefined,
        'POST /sources': { kind: 'folder', path: '/tmp' },
        'POST /sources/upload': 'no capture',
        'POST /sources/{id}/start': undefined,
        'POST /sources/{id}/stop': undefined,
        'DELETE /sources/{id}': undefined,
        'POST /sources/sample': undefined,
        'DELETE /sources/sample': undefined,
        'POST /traffic/flows/{id}/packets': undefined,
        'POST /sensors/enrolments': { name: 'intruder' },
        'DELETE /sensors/{id}': undefined,
        'PATCH /assets/{id}': { name: 'nothing to see here' },
        'POST /assets/{id}/merge': { assetIds: [assetId] },
        'POST /assets/{id}/split': { addresses: ips },
        'POST /assets/{id}/undo': undefined,
        'POST /assets/import/preview': { format: 'csv', content: 'ip,name\n10.9.9.9,Ghost\n' },
        'POST /assets/import': { format: 'csv', content: 'ip,name\n10.9.9.9,Ghost\n' },
        'PUT /anomalies/{id}/verdict': { verdict: 'normal' },
        'DELETE /anomalies/{id}/verdict': undefined,
        'POST /care-map/outage': { stopped: [assetId] },
        'POST /care-map/edits': { edit: { kind: 'beds', area: 'nowhere', beds: 1 } },
        'POST /care-map/edits/{id}/undo': undefined,
        'POST /attack-paths/what-if': { patched: [assetId] },
        'PUT /risk/controls/{id}': { state: 'yes' },
        'POST /risk/register': { title: 'Intruder', owner: 'nobody', treatment: 'avoid', consequence: 'care' },
        'PATCH /risk/register/{id}': { owner: 'intruder' },
        'POST /risk/register/{id}/accept': { until: Date.now() + 86_400_000, reason: 'because' },
        'POST /risk/register/{id}/close': { reason: 'because' },
        'POST /risk/register/{id}/reopen': undefined,
        'POST /risk/register/{id}/undo': undefined,
        'POST /risk/proposals/{id}/take': { owner: 'intruder' },
        'POST /risk/proposals/{id}/dismiss': { reason: 'because' },
        'DELETE /risk/proposals/{id}/dismiss': undefined,
        'PUT /risk/appetite': {
          safety: 'very-high',
          care: 'very-high',
          confidentiality: 'very-high',
          integrity: 'very-high',
          compliance: 'very-high',
          money: 'very-high',
        },
        'POST /risk/appetite/undo': undefined,
        'POST /asset-views': { name: 'mine', query: '' },
        'DELETE /asset-views/{id}': undefined,
        'POST /verifications': { assetId },
        'POST /gate/clients': { ...RADIUS_CLIENT, address: '10.9.9.10' },
        'DELETE /gate/clients/{id}': undefined,
        'POST /gate/webhook-secret': undefined,
        'PATCH /incidents/{id}': { owner: 'intruder' },
        'POST /incidents/{id}/comments': { text: 'nothing to see here' },
        'POST /incidents/{id}/hand-over': { to: 'intruder', note: 'mine' },
        'PUT /incidents/{id}/checklist': { step: 'general.own', isDone: true },
        'POST /incidents/{id}/close': { verdict: 'false' },
        'POST /incidents/{id}/reopen': undefined,
        'POST /incidents/{id}/open': undefined,
        'POST /incidents/sample': undefined,
        'DELETE /incidents/sample': undefined,
        'POST /incidents/{id}/merge': { into: 'no-incident' },
        'DELETE /incident-lessons/{id}': undefined,
        'PUT /incidents/{id}/pins': { entry: 'alert:1', isPinned: true },
        'POST /incidents/{id}/evidence/collect': undefined,
        'POST /incidents/{id}/evidence': 'no log',
        'POST /incidents/{id}/timeline/unmasked': { reason: 'because' },
        'POST /incidents/{id}/evidence/{evidence}/content': { reason: 'because' },
        'POST /notification-channels': CHANNEL,
        'PUT /notification-channels/{id}': CHANNEL,
        'DELETE /notification-channels/{id}': undefined,
        'POST /notification-channels/{id}/test': undefined,
        'POST /incidents/{id}/export': { reason: 'because' },
        'POST /candidates': product,
        'POST /data-kinds/find': { text: 'nobody' },
        'POST /decision-subjects/{id}/decision': { course: 'nothing' },
        'PUT /decisions/{id}/outcome': { result: 'worked' },
        'PUT /decision-profile': {
          weights: { risk: 1, care: 0, time: 0, reversibility: 0, effort: 0, confidence: 0 },
          beds: {},
        },
        'POST /decision-profile/undo': undefined,
        'POST /openc2': {},
        'POST /downtime/export': undefined,
        'POST /downtime/contacts': { role: 'intruder', phone: '1' },
        'DELETE /downtime/contacts/{id}': undefined,
        'POST /response/stop': { reason: 'because' },
        'POST /response/resume': undefined,
        'POST /response/runs': { playbook: 'no-playbook' },
        'POST /response/runs/{id}/start': undefined,
        'POST /response/runs/{id}/resume': undefined,
        'POST /response/runs/{id}/cancel': undefined,
        'POST /response/runs/{id}/undo': undefined,
        'POST /response/runs/{id}/confirm': undefined,
        'POST /response/actions/{id}/undo': undefined,
        'POST /response/approvals/{id}/approve': {},
        'POST /response/approvals/{id}/refuse': { reason: 'because' },
        'POST /response/tasks/{id}': {},
        'POST /response/actuators': { id: 'back-door', type: 'nftables' },
        'PATCH /response/actuators/{id}': { isEnabled: false },
        'DELETE /response/actuators/{id}': undefined,
        'POST /response/actuators/{id}/check': undefined,
        'POST /playbooks': { content: '{}' },
        'POST /playbooks/check': { content: '{}' },
        'DELETE /playbooks/{id}': undefined,
        'POST /decoys': { persona: 'infusion-pump', addresses: ['127.0.0.1'], portOffset: 50_000 },
        'PATCH /decoys/{id}': { isOn: false },
        'POST /decoys/{id}/adaptations': undefined,
        'DELETE /decoys/{id}': undefined,
        'POST /logs/intake': 'a line',
        'POST /logs/otlp/v1/logs': 'no logs',
        'POST /log-archive/seal': undefined,
        'POST /logs/{id}/reveal': { reason: 'because' },
        'POST /log-formats/propose': { lines: 'PUMP 7 started' },
        'POST /log-formats': { definition: 'id: back-door' },
        'DELETE /log-formats/{id}': undefined,
        'PUT /log-retention/{kind}': { days: 1 },
        'POST /honeytokens': { kind: 'dns-name', label: 'nowhere' },
        'DELETE /honeytokens/{id}': undefined,
        'POST /log-rule-sets': { title: 'back door', files: [{ name: 'x.yml', content: 'title: x' }] },
        'PATCH /log-rule-sets/{id}': { isEnabled: false },
        'DELETE /log-rule-sets/{id}': undefined,
        'PATCH /log-rules/{id}': { isEnabled: false },
        'POST /log-searches': { title: 'back door', query: '' },
        'DELETE /log-searches/{id}': undefined,
        'DELETE /candidates/{id}': undefined,
        'POST /feeds': { definition: 'id: back-door' },
        'PATCH /feeds/{id}': { isEnabled: true },
        'DELETE /feeds/{id}': undefined,
        'POST /feeds/pull': { ids: ['cisa-kev'] },
        'POST /feeds/import': '{}',
        'POST /feeds/{id}/undo': undefined,
        'DELETE /feeds/{id}/content': undefined,
        'POST /feed-bundles': { ids: [] },
        'PUT /feed-bundle-keys/{keyid}': { title: 'intruder', key: {} },
        'DELETE /feed-bundle-keys/{keyid}': undefined,
        'POST /findings/settle': { weakness: 'CVE-2019-0708', status: 'false-positive', reason: 'because' },
        'POST /findings/accept': { weakness: 'CVE-2019-0708', reason: 'because', expiresAt: 4_000_000_000_000 },
        'POST /findings/actions/{id}/undo': undefined,
        'POST /findings/ticket': { weakness: 'CVE-2019-0708', note: '' },
        'POST /weaknesses/what-if': { weaknesses: ['CVE-2019-0708'] },
        'POST /software/imports': 'no list',
        'POST /software/imports/preview': 'no list',
        'DELETE /software/imports/{id}': undefined,
        'POST /vendor/submissions': 'no document',
        'DELETE /vendor/submissions/{id}': undefined,
        'POST /vendor-submissions/{id}/accept': { reason: 'because' },
        'POST /vendor-submissions/{id}/refuse': { reason: 'because' },
        'POST /vendor-submissions/{id}/take-back': { reason: 'because' },
        'POST /uptime/services': { name: 'intruder', checks: [{ kind: 'backup-freshness' }] },
        'PATCH /uptime/services/{id}': { name: 'nothing to see here' },
        'DELETE /uptime/services/{id}': undefined,
        'POST /uptime/services/{id}/check': undefined,
        'POST /uptime/services/{id}/reports': { succeeded: true },
        'POST /uptime/services/{id}/drills': { at: 1_700_000_000_000, recoveryMinutes: 1 },
        'DELETE /uptime/services/{id}/drills/{drill}': undefined,
        'POST /uptime/maintenance': { from: Date.now(), until: Date.now() + 3_600_000 },
        'DELETE /uptime/maintenance/{id}': undefined,
        'POST /uptime/maintenance/{id}/restore': undefined,
        'POST /probe-runs': { target: '192.0.2.1' },
        'POST /probe-approvals': { target: '192.0.2.1', hours: 1 },
        'DELETE /probe-approvals/{id}': undefined,
        'POST /probing/stop': { reason: 'because' },
        'POST /probing/resume': undefined,
        'DELETE /probing/marks/{target}': undefined,
        'POST /certificates/check': { envelope: {} },
        'POST /certificates/{id}/revoke': { reason: 'because' },
      }).map(([name, body]) => [name.replace(' /', ' /api/v1/'), body]),
    ),
  };
}

/** A host that tries a network in one hour, and is still there in the next. @returns id of the anomaly */
async function seeAnomaly(program: Program): Promise<string> {
  const tries = Array.from({ length: 100 }, (_, at) =>
    unanswered({ src_ip: SCANNER, dst_ip: `10.98.0.${at + 1}`, dst_port: 445, time: START + at }),
  );
  const later = unanswered({ src_ip: SCANNER, dst_ip: '10.98.0.1', dst_port: 445, time: START + HOUR_MS });
  program.engines.telemetry.append('network_activity', [...tries, later]);
  const { items } = await call<{ items: { id: string }[] }>(program, 'GET', `/anomalies?actor=${SCANNER}`);
  return items[0]?.id ?? NOBODY;
}

/** A backup that is watched and paused: its checks would write by themselves. @returns id of the service */
async function watchBackup(program: Program): Promise<string> {
  const body = { name: 'Backup of the ward', checks: [{ kind: 'backup-freshness' }] };
  const { id } = await call<{ id: string }>(program, 'POST', '/uptime/services', body);
  await call(program, 'PATCH', `/uptime/services/${id}`, { isPaused: true });
  return id;
}

/** A sensor as an enrolment leaves it; a real one would need a port of this machine. */
async function addRemoteSensor({ engines }: Program): Promise<string> {
  const id = 'sen_walk';
  await engines.state.query(
    `INSERT INTO traffic_monitoring.remote_sensor (id, name, fingerprint, enrolled_at) VALUES ($1, 'Branch', 'none', 0)`,
    [id],
  );
  return id;
}
