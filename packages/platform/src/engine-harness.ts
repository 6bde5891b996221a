/** What a contract suite needs of an implementation. Every test gets an engine with no data of any other test. */
export interface EngineHarness<Engine> {
  readonly engine: Engine;
  /** Closes the engine and opens it again on the same data. */
  reopen(): Promise<Engine>;
  /** Closes the engine and removes its data. */
  dispose(): Promise<void>;
}

export type EngineFactory<Engine> = () => Promise<EngineHarness<Engine>>;

/**
 * @param open opens the engine, again and again on the same data
 * @param close closes it; closing twice must be harmless
 * @param remove removes its data
 */
export async function harnessOf<Engine>(
  open: () => Promise<Engine>,
  close: (engine: Engine) => Promise<void>,
  remove: () => Promise<void>,
): Promise<EngineHarness<Engine>> {
  let current = await open();
  return {
    engine: current,
    reopen: async () => {
      await close(current);
      current = await open();
      return current;
    },
    dispose: async () => {
      await close(current);
      await remove();
    },
  };
}
