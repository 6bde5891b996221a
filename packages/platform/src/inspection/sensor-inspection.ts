/**
 * How services look at packets without knowing the service that reads them: each offers a module, every sensor thread loads
 * it and hands back what it found.
 */
export interface SensorInspection {
  /** Takes the place of what the same service offered before. @returns call that withdraws the offer */
  offer(offer: InspectionOffer): () => void;
  /** What is offered at the moment, in the order of the first offers. */
  current(): readonly CurrentOffer[];
  /** @param listener called whenever an offer is made or withdrawn. @returns call that ends it */
  onChange(listener: () => void): () => void;
}

/** What a sensor thread loads, and who takes what it finds. */
export interface InspectionOffer {
  /** Id of the service. */
  readonly by: string;
  /** URL of a module that exports `createInspection: CreateInspection` and `createFindingsJoint: CreateFindingsJoint`. */
  readonly module: string;
  /** What the module needs; sent to the thread as structured clone. */
  readonly data: unknown;
  /** Several threads may look at the flows of one source between them; what only all of them know is found when they are joined. */
  readonly isDivisible: boolean;
  /** Takes what a thread found since the last call. */
  take(findings: readonly unknown[], about: { readonly source: string; readonly isSample: boolean }): Promise<void>;
}

export interface CurrentOffer extends InspectionOffer {
  /** Another one for every offer: a thread that has this one need not load it again. */
  readonly version: number;
}

/** What the module of one service found. */
export interface FoundBy {
  readonly by: string;
  readonly findings: readonly unknown[];
}

/** Made in a sensor thread. `inspector` has the form of an `Inspector` of packages/wire. */
export interface ThreadInspection {
  readonly inspector: object;
  /** What was found since the last call; survives a structured clone. */
  takeFindings(): readonly unknown[];
  /** SHA-256 in hexadecimal of files that rules asked to keep since the last call. Absent where none can. */
  takeWantedFiles?(): ReadonlySet<string>;
}

/** How a thread is looked at. */
export interface InspectionOptions {
  /** Called at once for every alert, in the form that the module has for it, while its packet is looked at. */
  readonly observe?: (alert: unknown) => void;
  /** Other threads look at the other flows of the source: what depends on them is left to `joinFindings`. */
  readonly isPart?: boolean;
}

export type CreateInspection = (data: unknown, source: string, options?: InspectionOptions) => ThreadInspection;

/**
 * Made where the findings of several threads come together, by the same module's `createFindingsJoint`.
 *
 * @param parts what each thread found up to the same packet
 * @returns what one thread would have found
 */
export type JoinFindings = (parts: readonly (readonly unknown[])[]) => readonly unknown[];
export type CreateFindingsJoint = (source: string) => JoinFindings;

/** @returns the registry that all services of a program share */
export function createSensorInspection(): SensorInspection {
  const listeners = new Set<() => void>();
  const offers = new Map<string, CurrentOffer>();
  let version = 0;
  const tell = () => {
    for (const listener of listeners) listener();
  };
  return {
    offer(offer) {
      version += 1;
      const current = { ...offer, version };
      offers.set(offer.by, current);
      tell();
      return () => {
        if (offers.get(offer.by) !== current) return;
        offers.delete(offer.by);
        tell();
      };
    },
    current: () => [...offers.values()],
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
