import type { Permission } from '../access/permission.ts';
import type { Principal } from '../access/principal.ts';

/** What a reader of a topic must be allowed to read. Unknown topics go to nobody. */
const TOPIC_PERMISSIONS: Readonly<Record<string, Permission>> = {
  assets: 'assets:read',
  verifications: 'verification:read',
  certificates: 'verification:read',
  candidates: 'verification:read',
  weaknesses: 'weaknesses:read',
  feeds: 'weaknesses:read',
  software: 'weaknesses:read',
  submissions: 'weaknesses:read',
  vendor: 'vendor:read',
  gate: 'gate:read',
  probes: 'probes:read',
  uptime: 'uptime:read',
  traffic: 'traffic:read',
  files: 'traffic:read',
  detections: 'detections:read',
  incidents: 'incidents:read',
  playbooks: 'playbooks:read',
  decisions: 'decisions:read',
  response: 'response:read',
  'data-transfers': 'data-transfers:read',
  decoys: 'decoys:read',
  logs: 'logs:read',
  anomalies: 'anomalies:read',
  'care-map': 'risk:read',
  risk: 'risk:read',
  rules: 'rules:read',
  sources: 'sources:read',
  services: 'services:read',
  jobs: 'jobs:read',
  audit: 'audit:read',
  settings: 'settings:read',
};

/** A proxy or a laptop lid must not leave a dead connection unnoticed for long. */
const HEARTBEAT_MS = 15_000;
/** Changes come in bursts while a capture is read; a person cannot follow more than this. */
const COALESCE_MS = 250;
const MAXIMUM_STREAMS = 256;

/** An open event stream. */
interface Listener {
  tell(topic: string, payload: object): void;
  /** Ends the stream unless whoever holds it may still do what it may when it began. */
  judge(): Promise<void>;
}

/** Tells open consoles what changed. A topic says where to look again; it never carries more than a hint. */
export class Notifier {
  readonly #listeners = new Set<Listener>();
  readonly #waiting = new Map<string, object>();
  #timer: NodeJS.Timeout | undefined;

  notify(topic: string, payload: object = {}): void {
    this.#waiting.set(topic, payload);
    this.#timer ??= setTimeout(() => this.#flush(), COALESCE_MS);
  }

  /**
   * A server-sent event stream (HTML Living Standard §9.2) of the topics that the principal may read. It ends when rights
   * change: whoever still has some connects again, with those.
   *
   * @param ask who holds the connection now; rejects for nobody
   */
  stream(principal: Principal, signal: AbortSignal, ask: () => Promise<Principal>): Response {
    if (this.#listeners.size >= MAXIMUM_STREAMS)
      return new Response(null, { status: 503, headers: { 'retry-after': '30' } });
    const encoder = new TextEncoder();
    let stop = () => {};
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const send = (text: string) => controller.enqueue(encoder.encode(text));
        const listener: Listener = {
          tell(topic, payload) {
            const permission = TOPIC_PERMISSIONS[topic];
            if (permission === undefined || !principal.permissions.has(permission)) return;
            send(`event: ${topic}\ndata: ${JSON.stringify(payload)}\n\n`);
          },
          judge: async () => {
            const now = await ask().catch(() => undefined);
            if (now !== undefined && hasSameRights(now, principal)) return;
            if (!this.#listeners.has(listener)) return;
            stop();
            controller.close();
          },
        };
        const heartbeat = setInterval(() => {
          send(': still here\n\n');
          // Sessions and tokens also end by time, which nobody tells.
          void listener.judge();
        }, HEARTBEAT_MS);
        stop = () => {
          clearInterval(heartbeat);
          this.#listeners.delete(listener);
        };
        signal.addEventListener('abort', () => stop(), { once: true });
        this.#listeners.add(listener);
        send('retry: 2000\n\n');
      },
      cancel: () => stop(),
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  }

  /** Rights may have changed: streams of those who lost some end now. */
  judgeStreams(): void {
    for (const listener of this.#listeners) void listener.judge();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #flush(): void {
    this.#timer = undefined;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const [topic, payload] of waiting) for (const listener of this.#listeners) listener.tell(topic, payload);
  }
}

function hasSameRights(now: Principal, before: Principal): boolean {
  const isSameSize = now.permissions.size === before.permissions.size;
  return now.id === before.id && isSameSize && [...now.permissions].every((each) => before.permissions.has(each));
}
