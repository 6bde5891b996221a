import type { FileTransfer } from '../files/types.ts';
import type { Direction, ParserContext, Protocol, ProtocolRecord, StreamParser, StreamState } from '../protocol.ts';
import type { FtpDataDetail } from './types.ts';
import { dataView } from './views.ts';

/** A data connection: one file, or one listing, to the end of the connection (RFC 959 §3.4.1). */
class FtpDataParser implements StreamParser {
  readonly #context: ParserContext;
  #file: FileTransfer | undefined;
  #direction: Direction | undefined;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  push(direction: Direction, bytes: Uint8Array): StreamState {
    if (this.#direction === undefined) {
      const name = this.#context.expected?.name ?? '';
      this.#tell();
      if (name === '' || this.#context.files === undefined) return 'finished';
      this.#direction = direction;
      this.#file = this.#context.files.begin({ direction, name, declaredType: '' });
    }
    if (this.#file === undefined) return 'finished';
    if (direction === this.#direction) this.#file.write(bytes);
    return 'continue';
  }

  gap(direction: Direction, length: number): StreamState {
    if (direction === this.#direction) this.#file?.gap(length);
    return 'continue';
  }

  end(): void {
    this.#file?.end('closed');
  }

  #tell(): void {
    const { name = '', command = '' } = this.#context.expected ?? {};
    if (this.#context.inspect !== undefined) {
      this.#context.inspect('to-server', dataView(command));
      this.#context.inspect('to-client', dataView(command));
    }
    if (this.#context.detail === undefined) return;
    const detail: FtpDataDetail = { protocol: 'ftp-data', command, fileName: name };
    this.#context.detail('to-server', detail);
  }
}

/** Never recognised by its bytes, which are those of any file: the control connection says what it is. */
export const ftpData: Protocol<ProtocolRecord> = {
  id: 'ftp-data',
  title: 'FTP data connection',
  standards: ['RFC 959 §3.2, §3.4 (agreed on in the control connection)', 'RFC 2428 (EPRT, EPSV)'],
  transports: ['tcp'],
  usualPorts: [20],
  isEncrypted: false,
  isClinical: false,
  firstBytes: [],
  detect: () => 'reject',
  createStreamParser: (context) => new FtpDataParser(context),
  evidence: () => [],
};
