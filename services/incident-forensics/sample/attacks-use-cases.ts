import { HOUR, hostile, MINUTE, type StagedAttack } from './attack.ts';

/** The sixteen use cases of the original SPHINX (shared/reference/sphinx.md, C). */
export const USE_CASES: readonly StagedAttack[] = [
  {
    id: 'obsolete-os',
    title: 'A device with an obsolete operating system is taken over',
    useCase: 1,
    run(stage, time) {
      const { hospital, random } = stage;
      const [from, device] = [random.one(hospital.group('ws')), random.one(hospital.group('us'))];
      const out = hostile(stage);
      stage.hits(device);
      stage.anomaly(time, 'horizontal-scan', from, undefined, 40);
      stage.traffic(time + 10 * MINUTE, 2001569, from, device, 445, 5);
      stage.model(time + 11 * MINUTE, from, device, 0.93);
      stage.anomaly(time + 15 * MINUTE, 'unusual-peer', device, out);
      stage.traffic(time + 20 * MINUTE, 2023629, device, out, 443, 3);
      stage.anomaly(time + 2 * HOUR, 'beaconing', device, out);
      stage.anomaly(time + 3 * HOUR, 'horizontal-scan', device, undefined, 30);
      stage.traffic(time + 3 * HOUR, 9100001, device, hospital.get('pacs'), 104);
    },
  },
  {
    id: 'national-database',
    title: 'Access to a national health database is taken over',
    useCase: 2,
    run(stage, time) {
      const { hospital, random } = stage;
      const [user, gateway] = [random.one(hospital.users), hospital.get('gateway')];
      const from = hostile(stage);
      stage.hits(gateway);
      stage.anomaly(time, 'brute-force', from, hospital.get('vpn'), 60);
      stage.log(time + 40 * MINUTE, 'd7eab125-5f94-43df-8710-795b80fa1189', hospital.get('vpn'), user);
      stage.log(time + HOUR, 'ehr_service_account_interactive', gateway, user);
      stage.log(time + 2 * HOUR, 'ehr_many_patients', gateway, user, 80);
      stage.log(time + 3 * HOUR, 'ehr_mass_export', gateway, user);
      stage.anomaly(time + 3 * HOUR, 'mass-data-out', gateway, from);
    },
  },
  {
    id: 'rootkit',
    title: 'A rootkit in a cancer institute',
    useCase: 3,
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ward-ws'));
      const out = hostile(stage);
      stage.hits(desk);
      stage.log(time, 'b1c50487-1967-4315-a026-6491686d860e', desk, random.one(hospital.users));
      stage.log(time + 8 * MINUTE, 'da92713f-ca2d-4fab-8320-098013d3f43a', desk);
      stage.log(time + 9 * MINUTE, 'c3a99af4-35a9-4668-879e-c09aeb4f2bdf', desk);
      stage.traffic(time + 30 * MINUTE, 2018224, desk, out, 80);
      stage.anomaly(time + 5 * HOUR, 'beaconing', desk, out);
      stage.anomaly(time + 26 * HOUR, 'unusual-peer', desk, hospital.get('linac-1'));
      stage.traffic(time + 26 * HOUR, 9100030, desk, hospital.get('linac-1'), 104);
    },
  },
  {
    id: 'vulnerable-software',
    title: 'Data is stolen through vulnerable software',
    useCase: 4,
    run(stage, time) {
      const { hospital } = stage;
      const portal = hospital.get('portal');
      const from = hostile(stage);
      stage.hits(portal, hospital.get('sql'));
      stage.traffic(time, 2011217, from, portal, 443, 8);
      stage.traffic(time + 5 * MINUTE, 2009101, from, portal, 443, 2);
      stage.anomaly(time + 20 * MINUTE, 'unusual-peer', portal, hospital.get('sql'));
      stage.log(time + 25 * MINUTE, '218d2855-2bba-4f61-9c85-81d0ea63ac71', hospital.get('sql'), 'portal', 20);
      stage.anomaly(time + 50 * MINUTE, 'mass-data-collected', portal, hospital.get('sql'));
      stage.anomaly(time + 2 * HOUR, 'mass-data-out', portal, from);
      stage.traffic(time + 2 * HOUR, 2023629, portal, from, 443, 2);
    },
  },
  {
    id: 'medical-device-tampering',
    title: 'Infusion pumps are told to change what they do',
    useCase: 5,
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ward-ws'));
      const pumps = random.some(hospital.group('pump'), 3);
      stage.hits(...pumps);
      stage.anomaly(time, 'unusual-peer', desk, pumps[0] ?? '');
      for (const [index, pump] of pumps.entries()) {
        const at = time + (10 + index * 7) * MINUTE;
        stage.traffic(at, 9130010, desk, pump, 3613);
        stage.traffic(at + 2 * MINUTE, 9130009, desk, pump, 3613, 4);
      }
    },
  },
  {
    id: 'ransomware',
    title: 'Ransomware',
    useCase: 6,
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ws'));
      const [user, out] = [random.one(hospital.users), hostile(stage)];
      stage.log(time, 'b1c50487-1967-4315-a026-6491686d860e', desk, user);
      stage.traffic(time + 3 * MINUTE, 2018224, desk, out, 80);
      stage.traffic(time + 10 * MINUTE, 2019704, desk, out, 443, 12);
      stage.log(time + 5 * HOUR, 'f376c8a7-a2d0-4ddc-aa0c-16c17236d962', desk, user);
      stage.log(time + 6 * HOUR, 'a642964e-bead-4bed-8910-1bb4d63e3b4d', desk, user);
      const victims = random.some(hospital.group('ward-ws'), 6);
      stage.hits(desk, ...victims, hospital.get('files'));
      stage.anomaly(time + 20 * HOUR, 'lateral-movement', desk);
      for (const victim of victims) {
        stage.traffic(time + 20 * HOUR, 2010781, desk, victim, 445);
        stage.log(time + 21 * HOUR, 'c947b146-0abc-4c87-9c64-b17e9d7274a2', victim, 'adm.cruz');
        stage.log(time + 21 * HOUR + 5 * MINUTE, '4c6ca276-d4d0-4a8c-9e4c-d69832f8671f', victim);
      }
      stage.anomaly(time + 21 * HOUR, 'ransomware', desk, hospital.get('files'));
    },
  },
  {
    id: 'ddos',
    title: 'The portal is flooded',
    useCase: 7,
    run(stage, time) {
      const portal = stage.hospital.get('portal');
      stage.hits(portal);
      stage.anomaly(time, 'flood', portal, undefined, 40_000);
      for (let index = 0; index < 12; index++) {
        stage.traffic(time + index * MINUTE, 9120014, hostile(stage), portal, 443);
        stage.model(time + index * MINUTE, hostile(stage), portal, 0.9);
      }
      stage.anomaly(time + 30 * MINUTE, 'flood', stage.hospital.get('vpn'), undefined, 9_000);
      stage.traffic(time + 35 * MINUTE, 9120014, stage.hospital.get('proxy'), portal, 443, 5);
    },
  },
  {
    id: 'crypto-mining',
    title: 'Machines of the hospital mine crypto-currency',
    useCase: 8,
    run(stage, time) {
      const { hospital } = stage;
      const research = hospital.get('research');
      const pool = hostile(stage);
      stage.hits(research);
      stage.log(time, 'd2d642d7-b393-43fe-bae4-e81ed5915c4b', research);
      stage.traffic(time + 10 * MINUTE, 2017871, research, pool, 3333, 6);
      stage.anomaly(time + HOUR, 'crypto-mining', research, pool);
      stage.anomaly(time + 6 * HOUR, 'beaconing', research, pool);
    },
  },
  {
    id: 'byod',
    title: 'A private device that is compromised',
    useCase: 9,
    run(stage, time) {
      const { hospital, random } = stage;
      const phone = random.one(hospital.group('byod'));
      stage.hits(phone);
      stage.anomaly(time, 'failed-names', phone);
      stage.traffic(time + 5 * MINUTE, 2003584, phone, hostile(stage), 80, 3);
      stage.anomaly(time + 40 * MINUTE, 'horizontal-scan', phone, undefined, 60);
      stage.decoy(time + 50 * MINUTE, 'decoy-smb', phone, random.one(hospital.decoyIps()));
      stage.anomaly(time + HOUR, 'brute-force', phone, hospital.get('files'), 30);
      stage.anomaly(time + HOUR, 'unusual-peer', phone, hospital.get('his'));
    },
  },
  {
    id: 'connected-devices',
    title: 'Connected devices are taken control of',
    useCase: 10,
    run(stage, time) {
      const { hospital, random } = stage;
      const out = hostile(stage);
      const cameras = random.some(hospital.group('camera'), 4);
      stage.hits(...cameras);
      for (const camera of cameras) {
        stage.anomaly(time, 'atypical-port', camera);
        stage.anomaly(time + 10 * MINUTE, 'command-and-control', camera, out);
        stage.anomaly(time + 30 * MINUTE, 'horizontal-scan', camera, undefined, 200);
      }
      stage.anomaly(time + HOUR, 'unusual-peer', random.one(hospital.group('camera')), hospital.get('bms-1'));
    },
  },
  {
    id: 'wireless-intrusion',
    title: 'Somebody comes in through the wireless network',
    useCase: 11,
    run(stage, time) {
      const { hospital, random } = stage;
      const intruder = `10.23.0.${random.whole(150, 240)}`;
      const monitors = random.some(hospital.group('icu-monitor'), 3);
      stage.hits(...monitors);
      stage.anomaly(time, 'horizontal-scan', intruder, undefined, 90);
      stage.decoy(time + 12 * MINUTE, 'decoy-ssh', intruder, random.one(hospital.decoyIps()));
      for (const monitor of monitors) stage.traffic(time + 30 * MINUTE, 9130003, intruder, monitor, 24105, 2);
      stage.traffic(time + 40 * MINUTE, 9130002, intruder, monitors[0] ?? '', 24105);
    },
  },
  {
    id: 'health-it',
    title: 'The interface engine is hacked',
    useCase: 12,
    run(stage, time) {
      const { hospital, random } = stage;
      const engine = hospital.get('engine');
      const desk = random.one(hospital.group('ws'));
      stage.hits(engine);
      stage.traffic(time, 9110005, desk, engine, 2575, 2);
      stage.log(time + 2 * MINUTE, 'engine_shell_linux', engine);
      stage.anomaly(time + 10 * MINUTE, 'unusual-peer', engine, hostile(stage));
      stage.log(time + 2 * HOUR, 'engine_messages_taken', engine);
      stage.log(time + 3 * HOUR, 'engine_channels_stopped', engine);
    },
  },
  {
    id: 'remote-monitoring',
    title: 'Remote monitoring of patients is exploited',
    useCase: 13,
    run(stage, time) {
      const { hospital } = stage;
      const fhir = hospital.get('fhir');
      const from = hostile(stage);
      stage.hits(fhir, hospital.get('gateway'));
      stage.traffic(time, 9110001, from, hospital.get('gateway'), 2575, 2);
      stage.traffic(time + 5 * MINUTE, 9120005, from, fhir, 443, 4);
      stage.traffic(time + 15 * MINUTE, 9120001, from, fhir, 443, 3);
      stage.traffic(time + 40 * MINUTE, 9120019, from, fhir, 443, 2);
      stage.anomaly(time + HOUR, 'clinical-operations', fhir, from);
    },
  },
  {
    id: 'zero-day',
    title: 'A weakness that nobody knows is used against eHealth services',
    useCase: 14,
    run(stage, time) {
      const { hospital } = stage;
      const his = hospital.get('his');
      const out = hostile(stage);
      stage.hits(his);
      stage.anomaly(time, 'unusual-protocol', his, out);
      stage.model(time + MINUTE, out, his, 0.88);
      stage.anomaly(time + 10 * MINUTE, 'unusual-peer', his, out);
      stage.anomaly(time + 30 * MINUTE, 'atypical-port', his);
      stage.anomaly(time + HOUR, 'beaconing', his, out);
      stage.log(time + 2 * HOUR, '69ca12af-119d-44ed-b50f-a47af0ebc364', his);
      stage.anomaly(time + 4 * HOUR, 'mass-data-out', his, out);
    },
  },
  {
    id: 'stolen-equipment',
    title: 'A stolen laptop comes back over the VPN',
    useCase: 15,
    run(stage, time) {
      const { hospital, random } = stage;
      const user = random.one(hospital.users);
      const vpn = hospital.get('vpn');
      stage.hits(vpn, hospital.get('his'));
      stage.log(time, 'd7eab125-5f94-43df-8710-795b80fa1189', vpn, user);
      stage.log(time + 20 * MINUTE, 'ehr_closed_account', hospital.get('his'), user);
      stage.log(time + 50 * MINUTE, 'ehr_without_treatment', hospital.get('his'), user, 12);
      stage.decoy(time + 90 * MINUTE, 'honeytoken-patient', vpn, hospital.get('his').ip, user);
    },
  },
  {
    id: 'interception',
    title: 'Exchange of data across borders is intercepted',
    useCase: 16,
    run(stage, time) {
      const { hospital, random } = stage;
      const gateway = hospital.get('gateway');
      const between = `10.2.0.${random.whole(200, 240)}`;
      stage.hits(gateway);
      stage.anomaly(time, 'unusual-peer', gateway, between);
      stage.traffic(time + 5 * MINUTE, 9140005, gateway, between, 6514, 3);
      stage.log(time + 6 * MINUTE, 'audit_node_authentication_failed', gateway, undefined, 5);
      stage.log(time + 30 * MINUTE, 'd2125259-ddea-4c1c-9c22-977eb5b29cf0', gateway);
      stage.traffic(time + HOUR, 9110002, gateway, hostile(stage), 2575, 2);
      stage.anomaly(time + 2 * HOUR, 'mass-data-out', gateway, between);
    },
  },
];
