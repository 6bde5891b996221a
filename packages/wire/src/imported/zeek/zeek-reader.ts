import { type Fields, parseFields, textOf } from '../field.ts';
import type { LineReader, TrafficImporter } from '../imported-traffic.ts';
import { readConnection } from './connection.ts';
import { zeekEndsOf, zeekMicrosOf } from './ends.ts';
import { LOG_MAPPINGS } from './logs.ts';

const MAXIMUM_COLUMNS = 500;

/**
 * Zeek's logs as tab-separated columns or as JSON lines (Zeek documentation, "Zeek Log Formats and Inspection"). Each log
 * says which it is: columns in `#path`, streamed JSON in `_path`, other JSON by the fields that only it has.
 *
 * @param logName name of the log, for example `conn`, where the file name tells it
 */
export function createZeekReader(logName?: string): LineReader {
  const columns = new ColumnHeader(logName);
  return {
    line(line, importer) {
      if (line === '') return;
      if (line.startsWith('#')) columns.headerLine(line);
      else if (line.startsWith('{')) readJson(line, logName, importer);
      else columns.dataLine(line, importer);
    },
  };
}

function readJson(line: string, logName: string | undefined, importer: TrafficImporter): void {
  const entry = parseFields(line);
  if (entry === undefined) importer.unreadable('A line is no JSON object.');
  else readEntry(textOf(entry, '_path') || logName || logByFields(entry), entry, importer);
}

/** Fields that one log alone has. */
const TELLING_FIELDS: readonly (readonly [field: string, log: string])[] = [
  ['conn_state', 'conn'],
  ['qtype', 'dns'],
  ['query', 'dns'],
  ['status_code', 'http'],
  ['user_agent', 'http'],
  ['server_name', 'ssl'],
  ['cipher', 'ssl'],
  ['hassh', 'ssh'],
  ['kex_alg', 'ssh'],
  ['assigned_addr', 'dhcp'],
  ['msg_types', 'dhcp'],
  ['share_type', 'smb_mapping'],
  ['server_nb_computer_name', 'ntlm'],
  ['software_type', 'software'],
  ['community', 'snmp'],
  ['note', 'notice'],
  ['mime_type', 'files'],
];

function logByFields(entry: Fields): string {
  return TELLING_FIELDS.find(([field]) => field in entry)?.[1] ?? '';
}

function readEntry(log: string, entry: Fields, importer: TrafficImporter): void {
  if (log === '') {
    importer.unreadable('An entry does not tell which Zeek log it is from. Keep the name of the log as file name.');
    return;
  }
  const mapping = LOG_MAPPINGS.get(log);
  if (log !== 'conn' && mapping === undefined) {
    importer.leftOut(`${log}.log`);
    return;
  }
  const ends = zeekEndsOf(entry, log);
  if (ends === undefined) importer.unreadable(`An entry of ${log}.log names no addresses.`);
  else if (mapping === undefined) readConnection(entry, ends, importer);
  else {
    const timeMicros = zeekMicrosOf(entry);
    for (const { record, evidence } of mapping(entry)) {
      importer.record({ ends, record, direction: 'to-server', timeMicros, evidence });
    }
  }
}

/** `#separator`, `#fields` and their kin, which stand before the data and again after a rotation. */
class ColumnHeader {
  #separator = '\t';
  #setSeparator = ',';
  #empty = '(empty)';
  #unset = '-';
  #path: string;
  #fields: readonly string[] = [];
  #types: readonly string[] = [];

  constructor(logName = '') {
    this.#path = logName;
  }

  headerLine(line: string): void {
    if (line.startsWith('#separator ')) {
      this.#separator = decodeEscapes(line.slice('#separator '.length)) || '\t';
      return;
    }
    const [name, ...values] = line.split(this.#separator, MAXIMUM_COLUMNS + 1);
    const [value = ''] = values;
    if (name === '#set_separator') this.#setSeparator = value || ',';
    else if (name === '#empty_field') this.#empty = value;
    else if (name === '#unset_field') this.#unset = value;
    else if (name === '#path') this.#path = value;
    else if (name === '#fields') this.#fields = values;
    else if (name === '#types') this.#types = values;
  }

  dataLine(line: string, importer: TrafficImporter): void {
    if (this.#fields.length === 0) {
      importer.unreadable('A line of columns comes before any "#fields" line. Send Zeek logs from their beginning.');
      return;
    }
    const values = line.split(this.#separator, MAXIMUM_COLUMNS);
    const entry: Record<string, unknown> = {};
    for (const [index, name] of this.#fields.entries()) {
      const value = values[index];
      if (value === undefined || value === this.#unset) continue;
      if (/^(set|vector)\[/.test(this.#types[index] ?? '')) {
        entry[name] = value === this.#empty ? [] : value.split(this.#setSeparator).map(decodeEscapes);
      } else entry[name] = value === this.#empty ? '' : decodeEscapes(value);
    }
    readEntry(this.#path, entry, importer);
  }
}

/** Bytes that would break the columns, or are no ASCII, are written `\x09`; together they are UTF-8. */
function decodeEscapes(text: string): string {
  return text.replace(/(\\x[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('\\x', ''), 'hex').toString('utf8'),
  );
}
