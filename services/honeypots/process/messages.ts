import type { DecoyContext } from '../decoys/decoy-context.ts';
import type { DecoyService } from '../decoys/persona.ts';
import type { DecoyKeys } from '../protocols/registry.ts';
import type { SessionEvent, TerminalFrame } from '../sessions/session-event.ts';

// What service and decoy process say to each other. The process asks for nothing: it is told what to open, and tells what came.

/** Limits of the process, so that no flood takes the machine along. */
export interface DecoyLimits {
  readonly sessions: number;
  readonly sessionsPerSource: number;
  readonly bytesPerSession: number;
  readonly secondsPerSession: number;
  readonly idleSeconds: number;
}

/** A planted value that raises the alarm wherever it turns up, in lower case. */
export interface Needle {
  readonly token: string;
  readonly text: string;
}

/** A decoy with all that it needs. */
export interface DecoyTask {
  readonly id: string;
  readonly addresses: readonly string[];
  readonly services: readonly DecoyService[];
  readonly context: DecoyContext;
  readonly keys: DecoyKeys;
}

export type ToProcess =
  | { readonly kind: 'open'; readonly decoy: DecoyTask; readonly limits: DecoyLimits }
  | { readonly kind: 'close'; readonly decoy: string }
  | { readonly kind: 'needles'; readonly needles: readonly Needle[] };

/** One address and port of a decoy, and why it does not listen there. */
export interface ListenerState {
  readonly address: string;
  readonly port: number;
  readonly protocol: string;
  /** Empty where it listens. */
  readonly fault: string;
}

export interface SessionStart {
  readonly id: string;
  readonly decoy: string;
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly startedAt: number;
}

export type FromProcess =
  | { readonly kind: 'ready' }
  | { readonly kind: 'opened'; readonly decoy: string; readonly listeners: readonly ListenerState[] }
  | { readonly kind: 'closed'; readonly decoy: string }
  | { readonly kind: 'session'; readonly session: SessionStart }
  | { readonly kind: 'events'; readonly session: string; readonly events: readonly SessionEvent[] }
  | { readonly kind: 'sample'; readonly session: string; readonly name: string; readonly content: Uint8Array }
  | {
      readonly kind: 'ended';
      readonly session: string;
      readonly endedAt: number;
      readonly bytesIn: number;
      readonly bytesOut: number;
      readonly frames: readonly TerminalFrame[];
    }
  /** Connections that were turned away since the last such message. */
  | { readonly kind: 'refused'; readonly decoy: string; readonly remoteAddress: string; readonly count: number };
