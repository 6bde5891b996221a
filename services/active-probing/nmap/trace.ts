/** What nmap says that it does (`--packet-trace`). */
export interface TraceEvent {
  readonly direction: 'sent' | 'received';
  readonly kind: 'open' | 'data' | 'end';
  readonly port: number;
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Of data; inside TLS of what is said there. */
  readonly bytes: number;
  readonly what: string;
}

const MAXIMUM_LINE = 8192;
/** Connections that are open at the same time: one question is put after the other. */
const MAXIMUM_OPEN = 256;

const SCANNED = /^CONN \(\S+\) TCP \S+ > \S+:(\d{1,5}) => (Operation now in progress|Connected)/;
const CONNECTS = /nsock_connect_(?:tcp|ssl)\(\): .*requested to \S+?:(\d{1,5})(?:\/\w+)? \(IOD #(\d{1,9})\)/;
const WRITES = /nsock_write\(\): Write request for (\d{1,9}) bytes to IOD #(\d{1,9}) /;
const READS = /Callback: READ SUCCESS for EID \d+ \[\S+?:(\d{1,5})\] .*?\((\d{1,9}) bytes\)/;
const DELETES = /nsock_iod_delete\(\): nsock_iod_delete \(IOD #(\d{1,9})\)/;
const NAMES = /^Service scan sending probe (\w{1,64}) to /;

interface Connection {
  readonly port: number;
  readonly number: number;
}

/** Reads the trace of nmap as it comes. Never throws; keeps one line and the open connections. */
export class NmapTrace {
  readonly #open = new Map<string, Connection>();
  #rest = '';
  #connections = 0;
  #question = '';

  /** @returns what the lines that are whole now say, in their order */
  push(text: string): TraceEvent[] {
    const lines = (this.#rest + text).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAXIMUM_LINE);
    return lines.flatMap((line) => this.#read(line.slice(0, MAXIMUM_LINE)));
  }

  #read(line: string): TraceEvent[] {
    const scanned = SCANNED.exec(line);
    if (scanned !== null) return this.#scanned(Number(scanned[1]), scanned[2] === 'Connected');
    const connects = CONNECTS.exec(line);
    if (connects !== null) return [this.#begin(Number(connects[1]), connects[2] ?? '')];
    const writes = WRITES.exec(line);
    if (writes !== null) return this.#data(this.#open.get(writes[2] ?? ''), Number(writes[1]));
    const deletes = DELETES.exec(line);
    if (deletes !== null) return this.#end(deletes[1] ?? '');
    const reads = READS.exec(line);
    if (reads !== null) return this.#answer(Number(reads[1]), Number(reads[2]));
    this.#question = NAMES.exec(line)?.[1] ?? this.#question;
    return [];
  }

  /** A port is found open by a connection that ends at once. */
  #scanned(port: number, isOpen: boolean): TraceEvent[] {
    if (!isOpen) return [this.#begin(port, `scan ${port}`)];
    return this.#end(`scan ${port}`);
  }

  #begin(port: number, key: string): TraceEvent {
    this.#connections += 1;
    const connection = { port, number: this.#connections };
    if (this.#open.size < MAXIMUM_OPEN) this.#open.set(key, connection);
    const fields = { direction: 'sent', kind: 'open', bytes: 0 } as const;
    return { ...fields, port, connection: connection.number, what: 'nmap opens a TCP connection' };
  }

  #data(connection: Connection | undefined, bytes: number): TraceEvent[] {
    if (connection === undefined) return [];
    const what = `nmap question ${this.#question}`.trim();
    return [{ direction: 'sent', kind: 'data', port: connection.port, connection: connection.number, bytes, what }];
  }

  #answer(port: number, bytes: number): TraceEvent[] {
    const connection = [...this.#open.values()].findLast((one) => one.port === port);
    if (connection === undefined) return [];
    return [{ direction: 'received', kind: 'data', port, connection: connection.number, bytes, what: 'answer' }];
  }

  #end(key: string): TraceEvent[] {
    const connection = this.#open.get(key);
    if (connection === undefined) return [];
    this.#open.delete(key);
    const fields = { direction: 'sent', kind: 'end', bytes: 0, what: 'nmap ends the connection' } as const;
    return [{ ...fields, port: connection.port, connection: connection.number }];
  }
}
