import { deterministicId } from '@sphinx/schema';
import type { Flow } from '../flow/flow.ts';
import type { FlowRecorder } from '../flow/flow-record.ts';
import { FIN } from '../flow/transport-header.ts';
import type { Inspector } from '../inspector.ts';
import type { Direction, ParserContext } from '../protocol.ts';
import type { FlowReference } from '../sensor.ts';
import type { FileExtractor } from './file-extractor.ts';
import { fileView } from './file-view.ts';
import { OpenFile } from './open-file.ts';
import type { FileRecord, FileSink, FileStart, FileTransfer } from './types.ts';

/** The flow that files cross, as of now. */
export interface FileFlow {
  readonly reference: FlowReference;
  /** Id of the protocol room. */
  readonly protocol: string;
  readonly nowMicros: number;
  readonly packetNumber: number;
  /** Whether the sender of this direction has closed it (RFC 9293 §3.6), not only fallen silent. */
  isClosed(direction: Direction): boolean;
  /** Present where rules look on. */
  readonly inspect?: ParserContext['inspect'];
  /** Present where somebody writes a log. */
  readonly tell?: ((file: FileRecord) => void) | undefined;
}

/** @returns how the rooms of a flow come by the place for its files */
export function filesOf(
  extractor: FileExtractor,
  recorder: FlowRecorder,
  inspector: Inspector | undefined,
): (flow: Flow) => FlowFiles {
  return (flow) => {
    flow.files ??= new FlowFiles(extractor, new LiveFlow(flow, recorder, inspector));
    return flow.files;
  };
}

class LiveFlow implements FileFlow {
  readonly #flow: Flow;
  readonly #recorder: FlowRecorder;
  readonly inspect: ParserContext['inspect'];
  readonly tell: ((file: FileRecord) => void) | undefined;

  constructor(flow: Flow, recorder: FlowRecorder, inspector: Inspector | undefined) {
    this.#flow = flow;
    this.#recorder = recorder;
    this.inspect =
      inspector === undefined ? undefined : (direction, view) => inspector.transaction(flow, direction, view);
    this.tell = inspector?.file === undefined ? undefined : (file) => inspector.file?.(file);
  }

  get reference(): FlowReference {
    return this.#recorder.reference(this.#flow);
  }

  get protocol(): string {
    return this.#flow.protocol ?? 'unknown';
  }

  get nowMicros(): number {
    return this.#flow.lastMicros;
  }

  isClosed(direction: Direction): boolean {
    const flags = direction === 'to-server' ? this.#flow.tcpFlagsToServer : this.#flow.tcpFlagsToClient;
    return (flags & FIN) !== 0;
  }

  get packetNumber(): number {
    return this.#flow.lastPacketNumber;
  }
}

/** The files of one flow. */
export class FlowFiles implements FileSink {
  readonly #extractor: FileExtractor;
  readonly #flow: FileFlow;
  readonly #open = new Set<OpenFile>();
  #begun = 0;

  constructor(extractor: FileExtractor, flow: FileFlow) {
    this.#extractor = extractor;
    this.#flow = flow;
  }

  begin(start: FileStart): FileTransfer | undefined {
    const flow = this.#flow;
    if (!this.#extractor.open(this.#open.size)) return undefined;
    this.#begun += 1;
    const id = deterministicId('fil', flow.reference.id, this.#begun);
    const file = new OpenFile(this.#extractor, flow, { ...start, id, startMicros: flow.nowMicros }, (record, head) => {
      this.#open.delete(file);
      flow.tell?.(record);
      // HTTP/1 shows a file together with its message.
      if (record.protocol !== 'http') flow.inspect?.(start.direction, fileView(record, start.name, head));
    });
    this.#open.add(file);
    return file;
  }

  hold(bytes: number): boolean {
    const held = this.#extractor.budget.take(bytes);
    if (held < bytes) this.#extractor.budget.giveBack(held);
    return held === bytes;
  }

  release(bytes: number): void {
    this.#extractor.budget.giveBack(bytes);
  }

  /** The flow is over: what is open ends as far as it came. */
  end(): void {
    for (const file of [...this.#open]) file.end(false);
  }
}
