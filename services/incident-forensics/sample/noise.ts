import type { SampleDevice } from './hospital.ts';
import type { Stage } from './stage.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Everyday life of a hospital, day by day: everything here is harmless, and much of it looks like an attack. */
export function writeNoise(stage: Stage, start: number, days: number): void {
  for (let day = 0; day < days; day++) {
    const midnight = start + day * DAY;
    const weekday = new Date(midnight).getUTCDay();
    const isWorkday = weekday >= 1 && weekday <= 5;
    writeNight(stage, midnight, weekday);
    writeInternet(stage, midnight);
    writeMachines(stage, midnight);
    writePeople(stage, midnight, isWorkday ? 1 : 0.35);
    writeCare(stage, midnight, isWorkday ? 1 : 0.6);
    if (isWorkday) writeAdministration(stage, midnight);
    if (weekday === 3) writePatchNight(stage, midnight);
    writeNewDevices(stage, midnight, isWorkday ? 2 : 0.3);
  }
}

const WORK = [7 * HOUR, 18 * HOUR] as const;

function at(stage: Stage, midnight: number, [from, to]: readonly [number, number]): number {
  return Math.floor(midnight + stage.random.between(from, to));
}

/** Backups every night, the scanner for weaknesses twice a week. */
function writeNight(stage: Stage, midnight: number, weekday: number): void {
  const { hospital, random } = stage;
  const backup = hospital.get('backup');
  const servers = ['files', 'pacs', 'his', 'sql', 'mail', 'dc1'].map((name) => hospital.get(name));
  for (const server of servers) {
    const time = at(stage, midnight, [HOUR, 3 * HOUR]);
    stage.traffic(time, 2100532, backup, server, 445, random.whole(1, 4));
    if (random.isTrue(0.35)) stage.anomaly(time + 20 * MINUTE, 'mass-data-collected', backup, server);
  }
  if (random.isTrue(0.3)) stage.anomaly(at(stage, midnight, [HOUR, 4 * HOUR]), 'top-talker', backup);
  if (weekday !== 2 && weekday !== 5) return;
  const scanner = hospital.get('scanner');
  const swept = random.some(hospital.devices, 70);
  swept.forEach((device, index) => {
    const time = midnight + HOUR + index * 2 * MINUTE;
    stage.traffic(time, random.one([2001569, 2002911, 2001219]), scanner, device, 445);
    if (device.kind === 'server') {
      stage.traffic(time + MINUTE, 2009358, scanner, device, 443);
      stage.traffic(time + MINUTE, random.one([2011217, 2101122, 2009101, 2016295]), scanner, device, 443);
    }
    if (device.name === 'pacs') stage.traffic(time, 9100001, scanner, device, 104);
    if (device.name === 'fhir') stage.traffic(time, 9120006, scanner, device, 443);
  });
  stage.anomaly(midnight + HOUR, 'horizontal-scan', scanner, undefined, 70);
  stage.anomaly(midnight + HOUR, 'vertical-scan', scanner);
  for (const ip of hospital.decoyIps()) {
    if (random.isTrue(0.7))
      stage.decoy(midnight + 2 * HOUR, random.one(['decoy-pacs', 'decoy-ssh', 'decoy-smb']), scanner, ip);
  }
}

/** Strangers try the portal and the VPN all the time. */
function writeInternet(stage: Stage, midnight: number): void {
  const { hospital, random } = stage;
  const stranger = () =>
    `${random.whole(11, 99)}.${random.whole(1, 250)}.${random.whole(1, 250)}.${random.whole(1, 250)}`;
  for (let index = random.count(45); index > 0; index--) {
    const time = at(stage, midnight, [0, DAY]);
    const from = stranger();
    const tries = random.some([2009358, 2011217, 2101122, 2009101, 2016295, 2003584], random.whole(1, 4));
    for (const sid of tries)
      stage.traffic(time + random.whole(0, 10 * MINUTE), sid, from, hospital.get('portal'), 443, random.whole(1, 3));
  }
  for (let index = random.count(4); index > 0; index--) {
    stage.anomaly(at(stage, midnight, [0, DAY]), 'brute-force', stranger(), hospital.get('vpn'));
  }
  if (random.isTrue(0.3))
    stage.anomaly(at(stage, midnight, [0, DAY]), 'alien-many-hosts', stranger(), hospital.get('portal'));
}

/** Monitoring, printers, cameras and things that update themselves. */
function writeMachines(stage: Stage, midnight: number): void {
  const { hospital, random } = stage;
  const monitoring = hospital.get('monitoring');
  stage.anomaly(at(stage, midnight, [0, 6 * HOUR]), 'many-peers', monitoring);
  for (const device of random.some(hospital.group('printer'), 4)) {
    stage.traffic(at(stage, midnight, WORK), 2002926, monitoring, device, 161, random.whole(1, 3));
    if (random.isTrue(0.25)) stage.anomaly(at(stage, midnight, WORK), 'many-peers', device);
  }
  for (const device of random.some(hospital.group('camera'), 2)) {
    stage.traffic(at(stage, midnight, [0, DAY]), 2010721, device, '198.18.44.7', 80);
    if (random.isTrue(0.15)) stage.anomaly(at(stage, midnight, [0, DAY]), 'beaconing', device, '198.18.44.7');
  }
  for (const name of ['proxy', 'wsus', 'research', 'portal']) {
    stage.traffic(at(stage, midnight, [0, 6 * HOUR]), 2013504, hospital.get(name), '198.18.60.2', 80);
  }
  // Anything can be unusual once.
  const oddities = [
    'unusual-peer',
    'unusual-time',
    'unusual-protocol',
    'atypical-port',
    'top-talker',
    'beaconing',
    'failed-names',
    'mass-data-collected',
  ];
  for (let index = random.count(7); index > 0; index--) {
    const device = random.one(hospital.devices);
    stage.anomaly(at(stage, midnight, [0, DAY]), random.one(oddities), device, random.one(hospital.devices));
  }
  for (let index = random.count(8); index > 0; index--) {
    const to = random.isTrue(0.5) ? random.one(hospital.devices) : '198.18.70.9';
    stage.model(at(stage, midnight, [0, DAY]), random.one(hospital.devices), to, random.between(0.55, 0.95));
  }
}

/** Staff and guests: passwords forgotten, private services, sticks, travel. */
function writePeople(stage: Stage, midnight: number, share: number): void {
  const { hospital, random } = stage;
  const desks = [...hospital.group('ws'), ...hospital.group('ward-ws')];
  const times = (mean: number, work: (time: number, desk: SampleDevice, user: string) => void) => {
    for (let index = random.count(mean * share); index > 0; index--) {
      work(at(stage, midnight, WORK), random.one(desks), random.one(hospital.users));
    }
  };
  times(9, (time, desk, user) => stage.log(time, '9eb99343-d336-4020-a3cd-67f3819e68ee', desk, user));
  times(2, (time, desk, user) => stage.log(time, 'audit_failed_logins', desk, user, random.whole(5, 12)));
  times(7, (time, desk) => stage.traffic(time, 2012647, desk, '198.18.80.1', 443));
  times(2, (time, desk) => stage.log(time, 'fdeebdf0-9f3f-4d08-84a6-4c4d13e39fe4', desk));
  times(3, (time, desk, user) => stage.log(time, '1a4bd6e3-4c6e-405d-a9a3-53a116e341d4', desk, user));
  times(3, (time, desk, user) => stage.log(time + MINUTE, 'f69a87ea-955e-4fb4-adb2-bb9fd6685632', desk, user));
  times(1, (time, desk, user) => stage.log(time, '8c31f563-f9a7-450c-bfa8-35f8f32f1f61', desk, user));
  times(0.7, (time, _desk, user) =>
    stage.log(time, 'd7eab125-5f94-43df-8710-795b80fa1189', hospital.get('mail'), user),
  );
  times(1.5, (time, desk) => stage.traffic(time, 2009475, desk, '198.18.81.1', 5938));
  times(3, (time, desk) => stage.traffic(time, 2003584, desk, '198.18.82.1', 80));
  times(2, (time, desk) => stage.anomaly(time, 'media-streaming', desk, '198.18.83.1'));
  times(0.5, (time, desk) => stage.log(time, 'c3a99af4-35a9-4668-879e-c09aeb4f2bdf', desk));
  times(0.2, (time, desk) => stage.traffic(time, 2023629, desk, '198.18.84.1', 443));
  const guests = hospital.group('byod');
  for (let index = random.count(4); index > 0; index--) {
    const guest = random.one(guests);
    const time = at(stage, midnight, [8 * HOUR, 22 * HOUR]);
    stage.traffic(time, 2000357, guest, '198.18.90.1', 6881, random.whole(1, 5));
    if (random.isTrue(0.3)) stage.anomaly(time, 'peer-to-peer', guest, '198.18.90.1');
  }
}

/** Care itself: emergencies, rounds, research, maintenance by makers, quality assurance. */
function writeCare(stage: Stage, midnight: number, share: number): void {
  const { hospital, random } = stage;
  const [pacs, his, engine, fhir] = ['pacs', 'his', 'engine', 'fhir'].map((name) => hospital.get(name)) as [
    SampleDevice,
    SampleDevice,
    SampleDevice,
    SampleDevice,
  ];
  const wards = hospital.group('ward-ws');
  const user = () => random.one(hospital.users);
  const often = (mean: number) => random.count(mean * share);
  for (let n = often(2); n > 0; n--)
    stage.log(at(stage, midnight, [0, DAY]), 'audit_emergency_override_often', his, user());
  for (let n = often(1); n > 0; n--) stage.log(at(stage, midnight, WORK), 'ehr_many_patients', his, user());
  for (let n = often(0.7); n > 0; n--) stage.log(at(stage, midnight, WORK), 'ehr_without_treatment', his, user());
  for (let n = often(0.5); n > 0; n--) stage.log(at(stage, midnight, WORK), 'ehr_user_at_many_places', his, user());
  for (let n = often(0.3); n > 0; n--)
    stage.log(at(stage, midnight, WORK), 'audit_export_to_removable_media', random.one(wards), user());
  for (let n = often(0.3); n > 0; n--) stage.log(at(stage, midnight, WORK), 'pacs_mass_retrieval', pacs, user());
  for (const modality of [...hospital.group('us')].slice(0, 2)) {
    stage.traffic(at(stage, midnight, WORK), 9100001, modality, pacs, 104);
  }
  stage.traffic(at(stage, midnight, [2 * HOUR, 5 * HOUR]), 9100006, hospital.get('pacs-router'), pacs, 104);
  if (random.isTrue(0.4 * share))
    stage.traffic(at(stage, midnight, WORK), 9100004, random.one(hospital.group('us')), pacs, 104);
  if (random.isTrue(0.5))
    stage.traffic(at(stage, midnight, [0, DAY]), 9110011, hospital.get('lis'), engine, 2575, random.whole(1, 4));
  if (random.isTrue(0.3 * share))
    stage.traffic(at(stage, midnight, WORK), 9120013, hospital.get('research'), fhir, 443);
  if (random.isTrue(0.25 * share))
    stage.traffic(at(stage, midnight, WORK), 9100015, random.one(hospital.group('ct')), pacs, 104);
  if (random.isTrue(0.15))
    stage.log(
      at(stage, midnight, [0, 5 * HOUR]),
      'audit_remote_service_at_night',
      random.one([...hospital.group('ct'), ...hospital.group('mr')]),
    );
  if (random.isTrue(0.15))
    stage.log(at(stage, midnight, [20 * HOUR, DAY]), 'engine_changed_at_night', engine, 'adm.dahl');
  if (random.isTrue(0.1))
    stage.log(at(stage, midnight, WORK), 'audit_software_changed', random.one(hospital.group('analyser')));
  if (random.isTrue(0.2))
    stage.anomaly(at(stage, midnight, WORK), 'clinical-operations', hospital.get('research'), pacs);
}

/** Administrators do what attackers do, by day and from their own machines. */
function writeAdministration(stage: Stage, midnight: number): void {
  const { hospital, random } = stage;
  hospital.admins.forEach((admin, index) => {
    const own = hospital.get(`admin-ws-${index + 1}`);
    const begins = at(stage, midnight, [7 * HOUR, 10 * HOUR]);
    const later = () => begins + random.whole(0, 7 * HOUR);
    for (const target of random.some([...hospital.group('ws'), ...hospital.group('ward-ws')], random.whole(1, 4))) {
      const time = later();
      stage.traffic(time, 2100532, own, target, 445);
      if (random.isTrue(0.5)) {
        stage.traffic(time, 2010781, own, target, 445);
        stage.log(time + 2_000, '259e5a6a-b8d2-4c38-86e2-26c5e651361d', target, admin);
        if (random.isTrue(0.3)) stage.log(time + 4_000, '7c0dcd3d-acf8-4f71-9570-f448b0034f94', target, admin);
      }
    }
    if (random.isTrue(0.8)) stage.log(later(), '954f0af7-62dd-418f-b3df-a84bc2c7a774', own, admin, random.whole(1, 6));
    if (random.isTrue(0.15)) stage.log(later(), 'cd219ff3-fa99-45d4-8380-a7d15116c6dc', hospital.get('dc1'), admin);
    if (random.isTrue(0.1))
      stage.log(later(), 'd2d642d7-b393-43fe-bae4-e81ed5915c4b', random.one(hospital.group('ws')), admin);
    if (random.isTrue(0.06))
      stage.log(later(), 'ffa28e60-bdb1-46e0-9f82-05f7a61cc06e', random.one(hospital.group('ws')), admin);
    if (random.isTrue(0.06))
      stage.log(later(), 'da92713f-ca2d-4fab-8320-098013d3f43a', random.one(hospital.group('ws')), admin);
    if (random.isTrue(0.08)) stage.log(later(), 'audit_roles_changed', hospital.get('his'), admin);
    if (random.isTrue(0.05)) stage.log(later(), '514e7e3e-b3b4-4a67-af60-be20f139198b', own, admin);
    if (random.isTrue(0.1)) stage.anomaly(later(), 'lateral-movement', own);
  });
}

/** One night a week updates go to many machines at once. */
function writePatchNight(stage: Stage, midnight: number): void {
  const { hospital, random } = stage;
  const begins = midnight + 22 * HOUR;
  for (const device of random.some([...hospital.group('ws'), ...hospital.group('ward-ws')], 60)) {
    const time = begins + random.whole(0, 90 * MINUTE);
    stage.log(time, 'd2d642d7-b393-43fe-bae4-e81ed5915c4b', device, 'svc.update');
    if (random.isTrue(0.3)) stage.anomaly(time, 'unusual-time', device);
    if (random.isTrue(0.2)) stage.log(time + MINUTE, 'd2125259-ddea-4c1c-9c22-977eb5b29cf0', device, 'svc.update');
    if (random.isTrue(0.1)) stage.log(time + MINUTE, 'c3a99af4-35a9-4668-879e-c09aeb4f2bdf', device);
  }
  stage.anomaly(begins, 'top-talker', hospital.get('wsus'));
  stage.anomaly(begins, 'many-peers', hospital.get('wsus'));
}

/** Devices that are new, moved or set up anew. */
function writeNewDevices(stage: Stage, midnight: number, mean: number): void {
  const { hospital, random } = stage;
  for (let index = random.count(mean); index > 0; index--) {
    const device = random.one(hospital.devices.filter(({ kind }) => kind !== 'server'));
    const time = at(stage, midnight, WORK);
    stage.anomaly(time, 'unusual-peer', device, hospital.get('wsus'));
    if (random.isTrue(0.5)) stage.anomaly(time + 5 * MINUTE, 'unusual-protocol', device);
    if (random.isTrue(0.3)) stage.anomaly(time + 9 * MINUTE, 'atypical-port', device);
  }
}
