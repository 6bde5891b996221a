/** What of a configuration of Suricata says how its log looks ("Eve JSON Output" of its user guide). */
export interface EveSettings {
  /** Each direction of a flow as an event of its own; default false. */
  readonly netflow: boolean;
  /** Every ARP message; default false. */
  readonly arp: boolean;
  /** What is irregular in headers; default true. */
  readonly decoderAnomalies: boolean;
  /** What is irregular in how connections of TCP open, go on and close; default false, as of some there is much of it. */
  readonly streamAnomalies: boolean;
  /** What rooms of protocols found odd; default true. */
  readonly applicationAnomalies: boolean;
  /** Link addresses; default true. */
  readonly ethernet: boolean;
  /** Of PostgreSQL, with content; default true. */
  readonly pgsqlPasswords: boolean;
  /** Bytes of topics and messages of MQTT that are told. */
  readonly mqttTextBytes: number;
  /** Longer packets of MQTT are told by their length alone. */
  readonly mqttMessageBytes: number;
}

export const DEFAULT_EVE_SETTINGS: EveSettings = {
  netflow: false,
  arp: false,
  decoderAnomalies: true,
  streamAnomalies: false,
  applicationAnomalies: true,
  ethernet: true,
  pgsqlPasswords: true,
  mqttTextBytes: 1024,
  mqttMessageBytes: 1024 * 1024,
};

/**
 * @param configuration content of a `suricata.yaml`, parsed; what is not there, or not understood, keeps its default
 */
export function readEveSettings(configuration: unknown): EveSettings {
  const log = member(
    listOf(member(configuration, 'outputs')).find((output) => has(output, 'eve-log')),
    'eve-log',
  );
  const types = listOf(member(log, 'types'));
  const typeOf = (name: string): unknown => types.find((type) => type === name || has(type, name));
  const pgsql = member(typeOf('pgsql'), 'pgsql');
  const mqtt = member(typeOf('mqtt'), 'mqtt');
  const anomalies = member(member(typeOf('anomaly'), 'anomaly'), 'types');
  const parser = member(member(member(configuration, 'app-layer'), 'protocols'), 'mqtt');
  return {
    netflow: isLogged(typeOf('netflow'), 'netflow', true),
    arp: isLogged(typeOf('arp'), 'arp', false),
    decoderAnomalies: !isOff(member(anomalies, 'decode')),
    streamAnomalies: isOn(member(anomalies, 'stream')),
    applicationAnomalies: !isOff(member(anomalies, 'applayer')),
    ethernet: !isOff(member(log, 'ethernet')),
    pgsqlPasswords: pgsql === undefined || isOn(member(pgsql, 'passwords')),
    mqttTextBytes: bytesOf(member(mqtt, 'string-log-limit')) ?? DEFAULT_EVE_SETTINGS.mqttTextBytes,
    mqttMessageBytes: bytesOf(member(parser, 'max-msg-length')) ?? DEFAULT_EVE_SETTINGS.mqttMessageBytes,
  };
}

/** @param type entry of the list of types. @param isByDefault without an `enabled` of its own */
function isLogged(type: unknown, name: string, isByDefault: boolean): boolean {
  const enabled = member(member(type, name), 'enabled');
  return type !== undefined && (enabled === undefined ? isByDefault || type === name : isOn(enabled));
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function member(value: unknown, name: string): unknown {
  return has(value, name) ? Object(value)[name] : undefined;
}

/** YAML 1.1, which Suricata reads, has several words for true and false. */
function isOn(value: unknown): boolean {
  return /^(?:true|yes|on|1)$/i.test(String(value));
}

function isOff(value: unknown): boolean {
  return /^(?:false|no|off|0)$/i.test(String(value));
}

/** `50000`, `50kb`, `1 MiB`. */
function bytesOf(value: unknown): number | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,9})\s*([kmg]?)i?b?$/i.exec(String(value ?? '')) ?? [];
  const power = { k: 10, m: 20, g: 30 }[unit.toLowerCase()] ?? 0;
  return digits === '' ? undefined : Number(digits) * 2 ** power;
}
