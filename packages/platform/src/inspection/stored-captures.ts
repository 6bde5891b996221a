/** Opens the packets of a source as a capture file; undefined where none are kept. */
export type OpenCapture = (source: string) => Promise<AsyncIterable<Uint8Array> | undefined>;

/** How a service reads packets that another one keeps, without knowing it. One keeper at a time. */
export interface StoredCaptures {
  /** @returns call that withdraws the offer */
  offer(open: OpenCapture): () => void;
  readonly open: OpenCapture;
}

/** @returns the registry that all services of a program share */
export function createStoredCaptures(): StoredCaptures {
  let offered: OpenCapture | undefined;
  return {
    offer(open) {
      offered = open;
      return () => {
        if (offered === open) offered = undefined;
      };
    },
    open: async (source) => offered?.(source),
  };
}
