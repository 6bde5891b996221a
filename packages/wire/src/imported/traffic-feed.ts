import { word32 } from '../bytes/match.ts';
import { CaptureFormatError, CaptureReader } from '../capture/capture-reader.ts';
import type { Sensor, SensorBatch } from '../sensor.ts';
import { createAwsReader } from './cloud/aws.ts';
import { readAzureRecord } from './cloud/azure.ts';
import { createEveReader } from './eve/eve-reader.ts';
import { ExportCollector } from './export-collector.ts';
import { parseFields } from './field.ts';
import { IpfixMessages } from './flow-export/ipfix-messages.ts';
import { detectImportFormat, type ImportFormat } from './import-format.ts';
import type { LineReader } from './imported-traffic.ts';
import { ImportingSensor } from './importing-sensor.ts';
import { JsonElements } from './json-elements.ts';
import { RecordLines } from './record-lines.ts';
import { createZeekReader } from './zeek/zeek-reader.ts';

const MICROS_PER_SECOND = 1_000_000;

/** Bytes of any format that is read, in; batches out. Pure like a sensor. */
export interface TrafficFeed {
  /** @throws CaptureFormatError when the first bytes are of no known format */
  push(chunk: Uint8Array): void;
  /** The input is over. @returns what was wrong with it, in words. @throws CaptureFormatError when it was nothing at all */
  end(): readonly string[];
  takeBatch(): SensorBatch;
  /** Packets or entries so far. */
  readonly entries: number;
  readonly losses: FeedLosses;
}

/** What did not go in. */
export interface FeedLosses {
  /** Packets, datagrams or records that were sent and never arrived, as far as somebody counted them. */
  readonly lost: number;
  /** Entries that could not be read. */
  readonly unreadable: number;
}

export interface FeedOptions {
  readonly source: string;
  readonly isSample: boolean;
  /** Name of the file: it tells which of Zeek's logs it is where the content does not. */
  readonly name: string;
  /** Where records go; absent: one of its own. */
  readonly importer?: ImportingSensor;
  /** Made when the input turns out to hold packets. */
  createSensor(): Sensor;
}

/** Part of a feed that reads one format. */
interface FormatReader {
  push(chunk: Uint8Array): void;
  end(): readonly string[];
}

/** Tells by content what an input holds, and reads it: captures, EVE, Zeek logs, IPFIX files, AWS and Azure flow logs. */
export class DetectingFeed implements TrafficFeed {
  readonly #options: FeedOptions;
  #head: Uint8Array = new Uint8Array(0);
  #reader: FormatReader | undefined;
  #sensor: Sensor | undefined;
  #importer: ImportingSensor | undefined;
  #packets = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  get entries(): number {
    return this.#importer?.entries ?? this.#packets;
  }

  get losses(): FeedLosses {
    return this.#importer?.account ?? { lost: 0, unreadable: 0 };
  }

  push(chunk: Uint8Array): void {
    if (this.#reader !== undefined) {
      this.#reader.push(chunk);
      return;
    }
    this.#head = this.#head.length === 0 ? chunk.slice() : new Uint8Array(Buffer.concat([this.#head, chunk]));
    this.#detect(false);
  }

  end(): readonly string[] {
    if (this.#reader === undefined) {
      if (this.#head.length === 0) throw new CaptureFormatError('The file is empty.');
      this.#detect(true);
    }
    const warnings = this.#reader?.end() ?? [];
    this.stop();
    const isShared = this.#options.importer !== undefined;
    return [...warnings, ...(isShared ? [] : (this.#importer?.warnings() ?? []))];
  }

  /** Nothing will follow, though the input is not over: flows end here. */
  stop(): void {
    this.#sensor?.finish();
  }

  takeBatch(): SensorBatch {
    const taken = this.#importer ?? this.#sensor ?? new ImportingSensor(this.#options);
    return taken.takeBatch();
  }

  #detect(isWhole: boolean): void {
    const format = detectImportFormat(this.#head, isWhole);
    if (format === 'undecided') return;
    if (format === undefined) {
      throw new CaptureFormatError(
        'This is neither a pcap nor a pcapng file, nor Suricata EVE JSON, a Zeek log, an IPFIX file or a flow log of AWS or Azure.',
      );
    }
    const head = this.#head;
    this.#head = new Uint8Array(0);
    this.#reader = this.#open(format);
    this.#reader.push(head);
  }

  #open(format: ImportFormat): FormatReader {
    if (format === 'capture') return this.#openCapture();
    const importer = this.#options.importer ?? new ImportingSensor(this.#options);
    this.#importer = importer;
    switch (format) {
      case 'eve':
        return openLines(createEveReader(), importer);
      case 'zeek':
        return openLines(createZeekReader(zeekLogOf(this.#options.name)), importer);
      case 'aws-flow-log':
        return openLines(createAwsReader(), importer);
      case 'azure-flow-log':
        return openAzure(importer);
      case 'ipfix':
        return openIpfix(importer);
      default:
        return format satisfies never;
    }
  }

  #openCapture(): FormatReader {
    const sensor = this.#options.createSensor();
    this.#sensor = sensor;
    const count = () => {
      this.#packets += 1;
    };
    const reader = new CaptureReader({
      packet(...packet) {
        count();
        sensor.packet(...packet);
      },
    });
    return reader;
  }
}

/** `conn.log`, `conn.2026-05-01-12-00-00.log.gz` → `conn`; undefined for a name that is no log's */
function zeekLogOf(name: string): string | undefined {
  return /^([a-z][a-z0-9_]*)\.(?:.*\.)?log(?:\.gz)?$/i.exec(name)?.[1]?.toLowerCase();
}

function openLines(reader: LineReader, importer: ImportingSensor): FormatReader {
  const lines = new RecordLines(
    (line) => reader.line(line, importer),
    () => importer.unreadable('A line is longer than a megabyte.'),
  );
  return {
    push: (chunk) => lines.push(chunk),
    end: () => {
      lines.end();
      reader.end?.(importer);
      return [];
    },
  };
}

function openAzure(importer: ImportingSensor): FormatReader {
  const elements = new JsonElements(
    (text) => {
      const record = parseFields(text);
      if (record === undefined) importer.unreadable('A record of the log is no JSON.');
      else readAzureRecord(record, importer);
    },
    () => importer.unreadable('A record of the log is too long.'),
  );
  return {
    push: (chunk) => elements.push(chunk),
    end: () => (elements.isOpen ? ['The log ends in the middle of a record; everything before it was read.'] : []),
  };
}

function openIpfix(importer: ImportingSensor): FormatReader {
  const collector = new ExportCollector(importer);
  const messages = new IpfixMessages((bytes) => {
    const exportMicros = word32(bytes, 4) * MICROS_PER_SECOND;
    collector.message(bytes, 'the file', exportMicros);
    collector.flush(exportMicros);
  });
  return {
    push: (chunk) => messages.push(chunk),
    end: () => {
      collector.flush();
      return messages.end();
    },
  };
}
