/**
 * How a service looks at packets without knowing the service that reads them: it offers a module, every sensor thread loads
 * it and hands back what it found. One offer at a time.
 */
export interface SensorInspection {
  /** @returns call that withdraws the offer */
  offer(offer: InspectionOffer): () => void;
  /** What is offered at the moment. */
  current(): InspectionOffer | undefined;
  /** @param listener called whenever an offer is made or withdrawn. @returns call that ends it */
  onChange(listener: () => void): () => void;
}

/** What a sensor thread loads, and who takes what it finds. */
export interface InspectionOffer {
  /** URL of a module that exports `createInspection: CreateInspection`. */
  readonly module: string;
  /** What the module needs; sent to the thread as structured clone. */
  readonly data: unknown;
  /** Takes what a thread found since the last call. */
  take(findings: readonly unknown[], about: { readonly source: string; readonly isSample: boolean }): Promise<void>;
}

/** Made in a sensor thread. `inspector` has the form of an `Inspector` of packages/wire. */
export interface ThreadInspection {
  readonly inspector: object;
  /** What was found since the last call; survives a structured clone. */
  takeFindings(): readonly unknown[];
}

/** @param observe called at once for every alert, in the form that the module has for it, while its packet is looked at */
export type CreateInspection = (data: unknown, source: string, observe?: (alert: unknown) => void) => ThreadInspection;

/** @returns the registry that all services of a program share */
export function createSensorInspection(): SensorInspection {
  const listeners = new Set<() => void>();
  let offered: InspectionOffer | undefined;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    offer(offer) {
      offered = offer;
      tell();
      return () => {
        if (offered !== offer) return;
        offered = undefined;
        tell();
      };
    },
    current: () => offered,
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
