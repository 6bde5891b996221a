import type { ServiceOf } from '../../decoys/persona.ts';
import type { FileNode } from '../shell/file-system.ts';
import { HEADER_BYTES } from './messages.ts';
import { answerPipe } from './share-pipe.ts';

const MAXIMUM_PIPES = 64;

/** FSCTL_PIPE_TRANSCEIVE ([MS-FSCC] 2.3.51): write to a pipe and read its answer. */
const PIPE_TRANSCEIVE = 0x0011_c017;

/** The pipes that one visitor has open. Of all pipes only that over which shares are listed is there. */
export class OpenPipes {
  readonly #shares: ServiceOf<'smb'>['shares'];
  /** Answers that wait to be read, by the id of the pipe. */
  readonly #waiting = new Map<number, Buffer>();

  constructor(shares: ServiceOf<'smb'>['shares']) {
    this.#shares = shares;
  }

  /** @returns whether there is such a pipe, and room for one more */
  open(id: number, name: string): boolean {
    if (!/^\/?srvsvc$/i.test(name) || this.#waiting.size >= MAXIMUM_PIPES) return false;
    this.#waiting.set(id, Buffer.alloc(0));
    return true;
  }

  has(id: number): boolean {
    return this.#waiting.has(id);
  }

  /** @returns whether it was open */
  close(id: number): boolean {
    return this.#waiting.delete(id);
  }

  write(id: number, bytes: Buffer): void {
    this.#waiting.set(id, answerPipe(bytes, this.#shares));
  }

  /** @returns what the pipe answered since it was read last, empty where nothing; undefined where it is not open */
  read(id: number): Buffer | undefined {
    const answer = this.#waiting.get(id);
    if (answer !== undefined) this.#waiting.set(id, Buffer.alloc(0));
    return answer;
  }

  /** Writes and reads in one request ([MS-SMB2] 2.2.31, 2.2.32). @returns the body of the answer; undefined where it asks for something else */
  transceive(id: number, body: Buffer, bytes: Buffer): Buffer | undefined {
    if (body.length < 56 || body.readUInt32LE(4) !== PIPE_TRANSCEIVE || !this.has(id)) return undefined;
    const offset = body.readUInt32LE(24);
    const output = answerPipe(bytes.subarray(offset, offset + body.readUInt32LE(28)), this.#shares);
    const head = Buffer.alloc(48);
    head.writeUInt16LE(49, 0);
    head.writeUInt32LE(PIPE_TRANSCEIVE, 4);
    body.copy(head, 8, 8, 24);
    head.writeUInt32LE(HEADER_BYTES + 48, 24);
    head.writeUInt32LE(HEADER_BYTES + 48, 32);
    head.writeUInt32LE(output.length, 36);
    return Buffer.concat([head, output]);
  }
}

/** A pipe as a file, for the answer to its opening. */
export function pipeNode(changed: FileNode['changed']): FileNode {
  return { isFolder: false, content: '', size: 0, owner: 'root', mode: 0o600, changed, isNew: false };
}
