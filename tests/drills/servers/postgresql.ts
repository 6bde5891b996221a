import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

// As much of PostgreSQL's protocol 3.0 as the record of the drill needs (PostgreSQL documentation, "Message Formats"):
// a connection without password, simple queries one after another, rows as text.

const PROTOCOL = 196_608;

export class Database {
  readonly #socket: Socket;
  #received = Buffer.alloc(0);
  #waiting: (() => void) | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#received = Buffer.concat([this.#received, bytes]);
      this.#waiting?.();
    });
    for (const event of ['close', 'error']) socket.on(event, () => this.#waiting?.());
  }

  static async connect(host: string, port: number, user: string, database: string): Promise<Database> {
    const socket = createConnection({ host, port });
    await once(socket, 'connect');
    const opened = new Database(socket);
    const text = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
    const head = Buffer.alloc(8);
    head.writeInt32BE(text.length + 8, 0);
    head.writeInt32BE(PROTOCOL, 4);
    socket.write(Buffer.concat([head, text]));
    await opened.#rows();
    return opened;
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.readyState === 'open';
  }

  /** @throws Error with what the server said */
  query(sql: string): Promise<string[][]> {
    const answer = this.#queue.then(() => {
      const text = Buffer.from(`${sql}\0`);
      const head = Buffer.from('Q\0\0\0\0');
      head.writeInt32BE(text.length + 4, 1);
      this.#socket.write(Buffer.concat([head, text]));
      return this.#rows();
    });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Reads up to ReadyForQuery. */
  async #rows(): Promise<string[][]> {
    const rows: string[][] = [];
    let problem = '';
    for (;;) {
      const { type, body } = await this.#message();
      if (type === 'D') rows.push(columnsOf(body));
      else if (type === 'E')
        problem =
          body
            .toString()
            .split('\0')
            .find((part) => part.startsWith('M'))
            ?.slice(1) ?? 'error';
      else if (type === 'Z') break;
    }
    if (problem !== '') throw new Error(problem);
    return rows;
  }

  async #message(): Promise<{ type: string; body: Buffer }> {
    for (;;) {
      const length = this.#received.length < 5 ? Number.POSITIVE_INFINITY : this.#received.readInt32BE(1) + 1;
      if (this.#received.length >= length) {
        const type = String.fromCharCode(this.#received[0] ?? 0);
        const body = this.#received.subarray(5, length);
        this.#received = this.#received.subarray(length);
        return { type, body };
      }
      if (!this.isOpen) throw new Error('The database has closed the connection.');
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    }
  }
}

function columnsOf(body: Buffer): string[] {
  const columns: string[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left -= 1) {
    const length = body.readInt32BE(at);
    at += 4;
    columns.push(length < 0 ? '' : body.toString('utf8', at, at + length));
    at += Math.max(0, length);
  }
  return columns;
}
