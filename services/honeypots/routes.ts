import type { Route } from '@sphinx/platform';
import type { DecoyDesk } from './decoys/decoy-desk.ts';
import type { DecoyKnowledge } from './knowledge.ts';
import { decoyRoutes } from './routes-decoys.ts';
import { sampleRoutes } from './routes-samples.ts';
import { sessionRoutes } from './routes-sessions.ts';
import { tokenRoutes } from './routes-tokens.ts';
import type { Quarantine } from './samples/quarantine.ts';
import type { SessionDesk } from './sessions/session-desk.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { TokenDesk } from './tokens/token-desk.ts';

/** What the routes stand on. */
export interface RouteParts {
  readonly decoys: DecoyDesk;
  readonly sessions: SessionDesk;
  readonly store: SessionStore;
  readonly quarantine: Quarantine;
  readonly knowledge: DecoyKnowledge;
  readonly tokens: TokenDesk;
  /** Gives decoys that are on what was planted meanwhile. */
  readonly refreshDecoys: () => Promise<void>;
  /** How many real machines of a kind there are. */
  readonly machinesLike: (kind: string) => number;
  readonly changed: () => void;
  readonly audit: (entry: { action: string; subject: string; detail?: object }) => Promise<void>;
}

/** The HTTP API of the service. */
export function honeypotRoutes(parts: RouteParts): readonly Route[] {
  return [...decoyRoutes(parts), ...sessionRoutes(parts), ...sampleRoutes(parts), ...tokenRoutes(parts)];
}

export const TAG = 'decoys';
