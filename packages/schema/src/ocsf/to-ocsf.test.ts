import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { sharedData } from '../../../../tests/shared-data.ts';
import { FACTS, type FactType } from '../event.ts';
import { TELEMETRY, type TelemetryTable } from '../telemetry.ts';
import { arbitraryFact, arbitraryRow } from '../test-arbitrary.ts';
import { OCSF_VERSION, SPHINX_EXTENSION } from './ocsf-event.ts';
import { LOG_CLASS_UIDS } from './ocsf-log.ts';
import { EXTENSION_FOLDER, loadOcsfSchema, type OcsfSchema } from './test-ocsf-schema.ts';
import { validateOcsf } from './test-ocsf-validator.ts';
import { PUMP, SAMPLE_FACTS } from './test-samples.ts';
import { telemetryToOcsf, toOcsf } from './to-ocsf.ts';

const folder = sharedData('ocsf');
const sampleOf = (type: FactType) => {
  const fact = SAMPLE_FACTS.find((sample) => sample.type === type);
  if (fact === undefined) throw new Error(`There is no sample of ${type}`);
  return fact;
};

const FLOW = {
  time: 1_790_000_000_000,
  end_time: 1_790_000_001_000,
  flow_id: 'flow_1',
  source_id: 'capture_1',
  is_sample: false,
  src_ip: '10.0.0.1',
  src_port: 40_000,
  src_mac: '02:00:00:00:00:01',
  dst_ip: '10.0.0.2',
  dst_port: 104,
  dst_mac: null,
  vlan_uid: 20,
  transport: 'tcp',
  app_name: 'dicom',
  is_encrypted: false,
  bytes_out: 1000,
  bytes_in: 10,
  packets_out: 3,
  packets_in: 2,
  tcp_flags_out: 27,
  tcp_flags_in: 27,
  state: 'closed',
  packet_number: 1,
};

function recordOf(activity: string) {
  const { time, flow_id, source_id, is_sample, src_ip, dst_ip, dst_port, app_name, packet_number } = FLOW;
  const base = { time, flow_id, source_id, is_sample, src_ip, dst_ip, dst_port, app_name, packet_number };
  return { ...base, activity, details: '{}' };
}

// Where the OCSF schema was not fetched (shared/data/ocsf), its tests are skipped, and vitest says so.
describe.skipIf(folder === undefined)('Against the OCSF schema', () => {
  let schema: OcsfSchema;
  const types = Object.keys(FACTS) as FactType[];
  const tables = Object.keys(TELEMETRY) as TelemetryTable[];

  beforeAll(() => {
    schema = loadOcsfSchema(folder ?? '', EXTENSION_FOLDER);
  });

  it('knows the version that events name', () => {
    expect(OCSF_VERSION).toBe(schema.version);
  });

  it.each(types)('a fact %s as it occurs is a valid event', (type) => {
    expect(validateOcsf(schema, toOcsf(sampleOf(type)))).toEqual([]);
  });

  it.each(types)('any fact %s is a valid event', (type) => {
    fc.assert(
      fc.property(arbitraryFact(type), (fact) => {
        expect(FACTS[type].safeParse(fact.data).error).toBeUndefined();
        expect(validateOcsf(schema, toOcsf(fact))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(tables)('any row of %s is a valid event', (table) => {
    fc.assert(
      fc.property(arbitraryRow(table), (row) => {
        expect(validateOcsf(schema, telemetryToOcsf(table, row))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each(['dns', 'mdns', 'ftp', 'rdp', 'smb', 'ssh', 'dicom'])(
    'a record of %s is a valid event of its class',
    (app) => {
      const row = { ...recordOf('query'), app_name: app };
      const event = telemetryToOcsf('protocol_activity', row);
      expect(validateOcsf(schema, event)).toEqual([]);
      expect(validateOcsf(schema, telemetryToOcsf('protocol_activity', { ...row, activity: '' }))).toEqual([]);
      expect(event.class_uid === 4001).toBe(app === 'dicom');
    },
  );

  it.each(LOG_CLASS_UIDS)('a line of a log of class %d is a valid event of it', (class_uid) => {
    fc.assert(
      fc.property(arbitraryRow('log_activity'), (row) => {
        const event = telemetryToOcsf('log_activity', { ...row, class_uid });
        expect(validateOcsf(schema, event)).toEqual([]);
        expect(event.class_uid).toBe(class_uid);
      }),
      { numRuns: 50 },
    );
  });

  it.each(['new', 'established', 'closed', 'reset', 'rejected', 'one-way'])(
    'a flow that is %s is a valid event',
    (state) => {
      for (const transport of ['tcp', 'udp', 'icmp', 'ip-47']) {
        expect(validateOcsf(schema, telemetryToOcsf('network_activity', { ...FLOW, state, transport }))).toEqual([]);
      }
    },
  );

  describe('the validator itself', () => {
    const good = toOcsf(sampleOf('verdict.issued'));
    const asset = toOcsf(sampleOf('asset.discovered'));
    const flow = telemetryToOcsf('network_activity', FLOW);
    const change = (event: object, path: string, value: unknown) => {
      const copy = JSON.parse(JSON.stringify(event)) as Record<string, unknown>;
      const keys = path.split('.');
      const last = keys.pop() ?? '';
      let place = copy;
      for (const key of keys) place = place[key] as Record<string, unknown>;
      if (value === undefined) delete place[last];
      else place[last] = value;
      return copy;
    };

    it.each([
      ['a required attribute that is missing', good, 'finding_info', undefined, /finding_info: is required/],
      ['a required attribute deep inside', good, 'finding_info.uid', undefined, /finding_info.uid: is required/],
      ['one of an extension object', good, 'trust_verification.uid', undefined, /trust_verification.uid: is required/],
      ['an unknown attribute', good, 'device.colour', 'blue', /device.colour: is not an attribute/],
      ['a deprecated attribute', good, 'comment', 'old', /comment: is deprecated/],
      ['a wrong type', good, 'time', '2026-11-24', /time: .* is no timestamp_t/],
      ['a fraction where a whole number belongs', good, 'severity_id', 1.5, /severity_id/],
      ['a value outside an enumeration', good, 'compliance.status_id', 77, /status_id: 77 is not one of/],
      ['a caption that is not that of its id', good, 'severity', 'Fatal', /severity is Fatal, not High/],
      ['a single value where a list belongs', good, 'resources', { uid: 'x' }, /resources: is no array/],
      ['a text where an object belongs', good, 'device', 'pump', /device: is no object/],
      ['an address that is none', asset, 'device.ip', '10.20.0.256', /device.ip: .* look like ip_t/],
      ['a hardware address that is none', asset, 'device.mac', '02-00', /device.mac: .* look like mac_t/],
      ['a port that is none', flow, 'dst_endpoint.port', 70_000, /dst_endpoint.port: 70000 is outside/],
      [
        'an attribute of a profile that is not named',
        asset,
        'metadata.profiles',
        [],
        /asset_kind: belongs to the profile/,
      ],
      ['a type that does not follow from class and activity', good, 'type_uid', 200_399, /type_uid/],
      ['another class name', good, 'class_name', 'Finding', /class_name/],
      ['a class that does not exist', good, 'class_uid', 2999, /there is no class 2999/],
      ['an object without any of those that it needs one of', flow, 'src_endpoint', { port: 1 }, /needs one of ip/],
      ['the version of another schema', good, 'metadata.version', '1.0.0', /metadata.version/],
    ])('refuses %s', (_, event, path, value, problem) => {
      expect(validateOcsf(schema, event)).toEqual([]);
      expect(validateOcsf(schema, change(event, path, value)).join('\n')).toMatch(problem);
    });

    it('knows classes that SPHINX does not use yet', () => {
      expect(schema.classes.get(2004)?.caption).toBe('Detection Finding');
      expect(schema.classes.get(2005)?.attributes.finding_info_list?.requirement).toBe('required');
      expect(schema.classes.size).toBeGreaterThan(70);
    });
  });
});

describe('An OCSF event', () => {
  it('says what a device means for patients', () => {
    expect(toOcsf(sampleOf('asset.discovered'))).toMatchObject({
      class_uid: 5001,
      device: {
        uid: PUMP.id,
        vendor_name: 'B. Braun',
        model: 'Infusomat Space',
        type_id: 99,
        type: 'infusion-pump',
        asset_kind: 'infusion-pump',
        patient_safety_class_id: 4,
        patient_safety_class: 'Therapy',
        care_area: 'intensive care',
        os: { name: 'Linux 5.10', type_id: 200 },
        hw_info: { serial_number: '0012345' },
      },
    });
  });

  it('says the verdict, as gravely as the gravest check that failed, with its evidence and remedies', () => {
    const event = toOcsf(sampleOf('verdict.issued'));
    expect(event).toMatchObject({
      class_uid: 2003,
      severity: 'High',
      compliance: { status: 'Fail', control: 'Devices under therapy' },
      trust_verification: { trust_verdict: 'Rejected', trust_certificate: { uid: 'crt_1' } },
    });
    expect(event.evidences).toHaveLength(2);
    expect(JSON.stringify(event.remediation)).toContain('Switch on HTTPS');
  });

  it('carries the id of its fact, and says what is sample data', () => {
    for (const fact of SAMPLE_FACTS) {
      const { metadata } = toOcsf(fact);
      expect(metadata).toMatchObject({ uid: fact.id, correlation_uid: fact.key, event_code: fact.type });
      const isSample = JSON.stringify(fact.data).match(/"(isSample|sample)":true/) !== null;
      expect(metadata.labels).toEqual(isSample ? ['sample'] : undefined);
    }
  });

  it('has the same id for the same telemetry row, and another for another', () => {
    const idOf = (row: typeof FLOW) => telemetryToOcsf('network_activity', row).metadata.uid;
    expect(idOf(FLOW)).toBe(idOf({ ...FLOW }));
    expect(idOf(FLOW)).not.toBe(idOf({ ...FLOW, packet_number: 2 }));
  });

  it('does not call a multicast that nobody answers a failure', () => {
    const activity = (transport: string) =>
      telemetryToOcsf('network_activity', { ...FLOW, transport, state: 'one-way' }).activity_name;
    expect([activity('udp'), activity('tcp')]).toEqual(['Traffic', 'Fail']);
  });
});

describe('The definition of the extension', () => {
  const read = (file: string) =>
    JSON.parse(readFileSync(join(EXTENSION_FOLDER, file), 'utf8')) as Record<string, unknown>;

  it('has the name, number and version that events carry', () => {
    const { name, uid, version } = read('extension.json');
    expect({ name, uid: String(uid), version }).toEqual(SPHINX_EXTENSION);
  });

  it.skipIf(folder === undefined)('is laid out as OCSF asks', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    for (const file of globSync(join(folder ?? '', 'metaschema/*.json'))) {
      ajv.addSchema(JSON.parse(readFileSync(file, 'utf8')) as object);
    }
    const problems: unknown[] = [];
    const kinds = { events: 'event', objects: 'object', profiles: 'profile' };
    const files = ['extension.json', 'dictionary.json', ...globSync('*/*.json', { cwd: EXTENSION_FOLDER })];
    for (const file of files) {
      const kind = kinds[file.split('/')[0] as keyof typeof kinds] ?? basename(file, '.json');
      const validate = ajv.getSchema(`https://schema.ocsf.io/${kind}.schema.json`);
      if (validate === undefined) throw new Error(`There is no metaschema for ${kind}`);
      if (!validate(read(file))) problems.push({ file, errors: validate.errors });
    }
    expect(files.length).toBeGreaterThan(8);
    expect(problems).toEqual([]);
  });
});
