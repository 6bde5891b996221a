import { HOUR, hostile, MINUTE, type StagedAttack } from './attack.ts';

/** Attacks on hospitals that the original did not have among its use cases. */
export const OTHER_ATTACKS: readonly StagedAttack[] = [
  {
    id: 'phishing',
    title: 'Phishing, a stolen mailbox, and its rules',
    run(stage, time) {
      const { hospital, random } = stage;
      const [desk, user, from] = [random.one(hospital.group('ws')), random.one(hospital.users), hostile(stage)];
      stage.hits(desk, hospital.get('mail'));
      stage.log(time, 'b1c50487-1967-4315-a026-6491686d860e', desk, user);
      stage.log(time + 15 * MINUTE, '8c31f563-f9a7-450c-bfa8-35f8f32f1f61', desk, user);
      stage.traffic(time + 18 * MINUTE, 2003584, desk, from, 80, 2);
      stage.log(time + 3 * HOUR, 'd7eab125-5f94-43df-8710-795b80fa1189', hospital.get('mail'), user);
      stage.log(time + 4 * HOUR, 'audit_export_by_mail', hospital.get('mail'), user);
    },
  },
  {
    id: 'snooping',
    title: 'Somebody of the house reads the record of a known person',
    run(stage, time) {
      const { hospital, random } = stage;
      const [his, user] = [hospital.get('his'), random.one(hospital.users)];
      stage.hits(his);
      stage.log(time, 'ehr_protected_record', his, user);
      stage.log(time + 10 * MINUTE, 'ehr_without_treatment', his, user, 3);
      stage.log(time + 30 * MINUTE, 'ehr_protected_record', his, user, 2);
      stage.log(time + HOUR, 'audit_export_to_removable_media', random.one(hospital.group('ward-ws')), user);
    },
  },
  {
    id: 'insider-export',
    title: 'Somebody who leaves takes records along',
    run(stage, time) {
      const { hospital, random } = stage;
      const [his, user, desk] = [
        hospital.get('his'),
        random.one(hospital.users),
        random.one(hospital.group('ward-ws')),
      ];
      stage.hits(his);
      stage.log(time, 'ehr_many_patients', his, user, 200);
      stage.log(time + HOUR, 'ehr_mass_export', his, user);
      stage.log(time + 70 * MINUTE, 'f69a87ea-955e-4fb4-adb2-bb9fd6685632', desk, user);
      stage.log(time + 80 * MINUTE, 'audit_export_to_removable_media', desk, user);
      stage.log(time + 90 * MINUTE, 'audit_log_changed', his, user);
    },
  },
  {
    id: 'dns-tunnel',
    title: 'Data leaves in the names of DNS',
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ws'));
      stage.hits(desk);
      stage.anomaly(time, 'failed-names', desk);
      stage.anomaly(time + 20 * MINUTE, 'dns-tunnel', desk, hostile(stage), 900);
      stage.anomaly(time + 2 * HOUR, 'mass-data-collected', desk, hospital.get('files'));
      stage.anomaly(time + 4 * HOUR, 'dns-tunnel', desk, hostile(stage), 4000);
    },
  },
  {
    id: 'domain-takeover',
    title: 'The domain is taken over',
    run(stage, time) {
      const { hospital, random } = stage;
      const [desk, user, dc] = [random.one(hospital.group('ws')), random.one(hospital.users), hospital.get('dc1')];
      stage.hits(dc);
      stage.log(time, '514e7e3e-b3b4-4a67-af60-be20f139198b', desk, user);
      stage.log(time + 30 * MINUTE, 'd04ae2b8-ad54-4de0-bd87-4bc1da66aa59', dc, user, 12);
      stage.log(time + 9 * HOUR, '68050b10-e477-4377-a99b-3721b422d6ef', dc, user);
      stage.log(time + 10 * HOUR, '56fda488-113e-4ce9-8076-afc2457922c3', dc, user);
      stage.log(time + 11 * HOUR, 'cd219ff3-fa99-45d4-8380-a7d15116c6dc', dc, user);
    },
  },
  {
    id: 'supply-chain',
    title: 'An update of a maker brings malware',
    run(stage, time) {
      const { hospital, random } = stage;
      const out = hostile(stage);
      const analysers = random.some(hospital.group('analyser'), 3);
      stage.hits(...analysers);
      for (const analyser of analysers) {
        stage.log(time, 'audit_software_changed', analyser);
        stage.anomaly(time + 20 * MINUTE, 'unusual-peer', analyser, out);
        stage.traffic(time + HOUR, 2023629, analyser, out, 443, 2);
        stage.anomaly(time + 8 * HOUR, 'beaconing', analyser, out);
      }
    },
  },
  {
    id: 'maintenance-access',
    title: 'The remote access of a maker is misused',
    run(stage, time) {
      const { hospital, random } = stage;
      const [ct, from] = [random.one(hospital.group('ct')), hostile(stage)];
      stage.hits(ct);
      stage.log(time, 'audit_remote_service_at_night', ct, 'svc.vendor');
      stage.anomaly(time + 5 * MINUTE, 'unusual-peer', ct, from);
      stage.log(time + 15 * MINUTE, 'b1377339-fda6-477a-b455-ac0923f9ec2c', ct, 'svc.vendor');
      stage.anomaly(time + 40 * MINUTE, 'lateral-movement', ct);
      stage.traffic(time + HOUR, 9100005, ct, hospital.get('pacs'), 104, 2);
      stage.anomaly(time + 2 * HOUR, 'clinical-operations', ct, hospital.get('pacs'));
    },
  },
  {
    id: 'honeytoken',
    title: 'A credential that was left as bait is used',
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ws'));
      stage.hits(desk, hospital.get('dc1'));
      stage.decoy(time, 'decoy-smb', desk, random.one(hospital.decoyIps()));
      stage.decoy(time + 30 * MINUTE, 'honeytoken-credential', desk, hospital.get('dc1').ip, 'adm.bait');
      stage.anomaly(time + 40 * MINUTE, 'brute-force', desk, hospital.get('dc1'), 9);
    },
  },
  {
    id: 'archive-emptied',
    title: 'The archive of images is fetched by a device that has no business there',
    run(stage, time) {
      const { hospital, random } = stage;
      const [intruder, pacs] = [random.one(hospital.group('printer')), hospital.get('pacs')];
      stage.hits(pacs);
      stage.traffic(time, 9100003, intruder, pacs, 104);
      stage.traffic(time + 10 * MINUTE, 9100004, intruder, pacs, 104, 3);
      stage.traffic(time + 30 * MINUTE, 9100005, intruder, pacs, 104, 4);
      stage.traffic(time + HOUR, 9100006, intruder, pacs, 104, 8);
      stage.anomaly(time + 2 * HOUR, 'mass-data-out', intruder, hostile(stage));
    },
  },
  {
    id: 'program-in-image',
    title: 'A program hidden in an image',
    run(stage, time) {
      const { hospital, random } = stage;
      const desk = random.one(hospital.group('ward-ws'));
      stage.hits(desk);
      stage.log(time, 'pacs_executable_in_preamble', hospital.get('pacs'));
      stage.traffic(time + 2 * MINUTE, 9100016, hospital.get('pacs'), desk, 80);
      stage.log(time + 20 * MINUTE, 'c3a99af4-35a9-4668-879e-c09aeb4f2bdf', desk);
      stage.traffic(time + 30 * MINUTE, 2023629, desk, hostile(stage), 443, 4);
      stage.anomaly(time + 3 * HOUR, 'unusual-protocol', desk);
    },
  },
  {
    id: 'printer-pivot',
    title: 'A printer is the way on',
    run(stage, time) {
      const { hospital, random } = stage;
      const printer = random.one(hospital.group('printer'));
      stage.hits(printer);
      stage.anomaly(time, 'unusual-protocol', printer);
      stage.anomaly(time + 20 * MINUTE, 'horizontal-scan', printer, undefined, 50);
      stage.traffic(time + 30 * MINUTE, 2001219, printer, hospital.get('files'), 22, 4);
      stage.decoy(time + 45 * MINUTE, 'decoy-ssh', printer, random.one(hospital.decoyIps()));
      stage.anomaly(time + HOUR, 'brute-force', printer, hospital.get('his'), 40);
    },
  },
  {
    id: 'password-spraying',
    title: 'Passwords are sprayed over all accounts, one fits',
    run(stage, time) {
      const { hospital, random } = stage;
      const [user, from, vpn] = [random.one(hospital.users), hostile(stage), hospital.get('vpn')];
      stage.hits(vpn, hospital.get('files'));
      stage.anomaly(time, 'brute-force', from, vpn, 300);
      stage.log(time + 10 * MINUTE, '28ecba0a-c743-4690-ad29-9a8f6f25a6f9', vpn);
      stage.log(time + 2 * HOUR, 'd7eab125-5f94-43df-8710-795b80fa1189', vpn, user);
      stage.log(time + 3 * HOUR, '954f0af7-62dd-418f-b3df-a84bc2c7a774', vpn, user, 5);
      stage.log(time + 5 * HOUR, 'e37db05d-d1f9-49c8-b464-cee1a4b11638', hospital.get('files'), user);
    },
  },
  {
    id: 'token-theft',
    title: 'A stolen token exports everything over FHIR',
    run(stage, time) {
      const { hospital } = stage;
      const [fhir, from] = [hospital.get('fhir'), hostile(stage)];
      stage.hits(fhir);
      stage.traffic(time, 9120007, from, fhir, 443, 3);
      stage.traffic(time + 10 * MINUTE, 9120008, from, fhir, 443);
      stage.traffic(time + 20 * MINUTE, 9120003, from, fhir, 443);
      stage.traffic(time + HOUR, 9120020, from, fhir, 443, 6);
      stage.anomaly(time + HOUR, 'mass-data-out', fhir, from);
    },
  },
  {
    id: 'sabotage',
    title: 'Studies are deleted and the trail is cut',
    run(stage, time) {
      const { hospital, random } = stage;
      const [pacs, user] = [hospital.get('pacs'), random.one(hospital.users)];
      stage.hits(pacs);
      stage.log(time, 'audit_roles_changed', pacs, user);
      stage.log(time + 30 * MINUTE, 'audit_recording_stopped', pacs, user);
      stage.log(time + 40 * MINUTE, 'audit_studies_deleted', pacs, user, 120);
      stage.traffic(time + 42 * MINUTE, 9100011, random.one(hospital.group('ws')), pacs, 104, 10);
      stage.log(time + HOUR, 'audit_log_changed', pacs, user);
    },
  },
];
