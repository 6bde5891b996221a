/** A piece of what is known of a session, ready to be kept as evidence. */
export interface SessionPiece {
  readonly kind: 'decoy-session' | 'decoy-credentials' | 'decoy-replay' | 'decoy-sample';
  /** File name. */
  readonly name: string;
  /** What it is, in words. */
  readonly about: string;
  readonly mediaType: string;
  /** Holds nothing that may name a person. */
  readonly isMasked: boolean;
  readonly content: Uint8Array;
}

/** What is known of a session. */
export interface StoredSession {
  /** It goes on: more will be known of it. */
  readonly isLive: boolean;
  readonly pieces: readonly SessionPiece[];
}

/** What a service that keeps sessions gives of them. */
export interface SessionOffer {
  /** @returns undefined where there is no session of this id */
  open(id: string): Promise<StoredSession | undefined>;
  /** Resolves when the session is over: at once where it is, or is not known. */
  over(id: string): Promise<void>;
}

/** How a service reads sessions that another one keeps, without knowing it. One keeper at a time. */
export interface StoredSessions extends SessionOffer {
  /** @returns call that withdraws the offer */
  offer(offer: SessionOffer): () => void;
}

/** @returns the registry that all services of a program share */
export function createStoredSessions(): StoredSessions {
  let offered: SessionOffer | undefined;
  return {
    offer(offer) {
      offered = offer;
      return () => {
        if (offered === offer) offered = undefined;
      };
    },
    open: async (id) => offered?.open(id),
    over: async (id) => offered?.over(id),
  };
}
