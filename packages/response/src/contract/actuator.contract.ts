import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Actuator, type ActuatorCommand, ActuatorError, type Json, type Preparation } from './actuator.ts';

/** What a test of one kind of actuator brings. */
export interface ActuatorHarness {
  /** An actuator on the other end. Called again it gives one that knows nothing of what the first one did. */
  open(): Actuator;
  /** An actuator whose other end does not answer. */
  openAway(): Actuator;
  /** An actuator that the other end does not let in. */
  openRefused?(): Actuator;
  readonly command: ActuatorCommand;
  /** Another command, about something else. */
  readonly other: ActuatorCommand;
  /** Commands whose names try to be more than names. */
  readonly hostile: readonly ActuatorCommand[];
  /** All that the other end holds, that of others included, in a form that can be compared. */
  state(): Promise<Json>;
  /** What others do to the other end between `apply` and `undo`; undone by the test's own end. */
  changeByOthers?(): Promise<void>;
  /** When `apply` is told to stop, in milliseconds; fewer where each try takes long. */
  readonly stopsAfterMs?: readonly number[];
  dispose(): Promise<void>;
}

/** Promises of every `Actuator` whose actions can be taken back. */
export function describeActuatorContract(name: string, factory: () => Promise<ActuatorHarness>): void {
  const signal = new AbortController().signal;

  describe(`${name} keeps the promises of an actuator`, () => {
    let harness: ActuatorHarness;
    let before: Json;
    /** What is kept between two phases is JSON and nothing else. */
    const prepare = async (command: ActuatorCommand): Promise<Preparation> =>
      JSON.parse(JSON.stringify(await harness.open().prepare(command, signal)));

    beforeEach(async () => {
      harness = await factory();
      before = await harness.state();
    });
    afterEach(() => harness.dispose());

    it('says that it is ready, and changes nothing by that', async () => {
      const { isReady, message } = await harness.open().check(signal);
      expect(isReady, message).toBe(true);
      expect(await harness.state()).toEqual(before);
    });

    it('says what it would do before it does anything', async () => {
      const preparation = await prepare(harness.command);
      expect(preparation.effects.length).toBeGreaterThan(0);
      expect(preparation.isReversible).toBe(true);
      expect(await harness.open().verify(harness.command, preparation, signal)).toBe('absent');
      expect(await harness.state()).toEqual(before);
    });

    it('does the same once or twice, and says whether it is in force', async () => {
      const preparation = await prepare(harness.command);
      await harness.open().apply(harness.command, preparation, signal);
      const after = await harness.state();
      expect(after).not.toEqual(before);
      expect(await harness.open().verify(harness.command, preparation, signal)).toBe('in-force');
      await harness.open().apply(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(after);
      await harness.open().undo(harness.command, preparation, signal);
    });

    it('takes back all that it did, once or twice', async () => {
      const preparation = await prepare(harness.command);
      await harness.open().apply(harness.command, preparation, signal);
      await harness.open().undo(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(before);
      expect(await harness.open().verify(harness.command, preparation, signal)).toBe('absent');
      await harness.open().undo(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(before);
    });

    it('takes back nothing where it never began', async () => {
      const preparation = await prepare(harness.command);
      await harness.open().undo(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(before);
    });

    it('can be stopped in the middle and taken back or finished', async () => {
      const preparation = await prepare(harness.command);
      for (const afterMs of harness.stopsAfterMs ?? [0, 5, 20]) {
        const stopped = harness.open().apply(harness.command, preparation, AbortSignal.timeout(afterMs));
        await stopped.catch((error: unknown) => expect(error).toBeInstanceOf(ActuatorError));
        await harness.open().undo(harness.command, preparation, signal);
        expect(await harness.state()).toEqual(before);
      }
      await harness.open().apply(harness.command, preparation, signal);
      expect(await harness.open().verify(harness.command, preparation, signal)).toBe('in-force');
      await harness.open().undo(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(before);
    });

    it('leaves other actions in force when one is taken back', async () => {
      const first = await prepare(harness.command);
      await harness.open().apply(harness.command, first, signal);
      const second = await prepare(harness.other);
      await harness.open().apply(harness.other, second, signal);
      await harness.open().undo(harness.command, first, signal);
      expect(await harness.open().verify(harness.command, first, signal)).toBe('absent');
      expect(await harness.open().verify(harness.other, second, signal)).toBe('in-force');
      await harness.open().undo(harness.other, second, signal);
      expect(await harness.state()).toEqual(before);
    });

    it('leaves what others do meanwhile as they did it', async () => {
      if (harness.changeByOthers === undefined) return;
      await harness.changeByOthers();
      const theirs = await harness.state();
      expect(theirs).not.toEqual(before);
      const preparation = await prepare(harness.command);
      await harness.open().apply(harness.command, preparation, signal);
      await harness.open().undo(harness.command, preparation, signal);
      expect(await harness.state()).toEqual(theirs);
    });

    it('takes a hostile name as a name or refuses it', async () => {
      for (const command of harness.hostile) {
        const refuse = (error: unknown): undefined => {
          expect(error, JSON.stringify(command.command)).toBeInstanceOf(ActuatorError);
        };
        const preparation = await prepare(command).catch(refuse);
        if (preparation !== undefined) {
          await harness.open().apply(command, preparation, signal).catch(refuse);
          await harness.open().undo(command, preparation, signal);
        }
        expect(await harness.state(), JSON.stringify(command.command)).toEqual(before);
      }
    });

    it('says so when the other end is away', async () => {
      const away = harness.openAway();
      const { isReady, message } = await away.check(signal);
      expect(isReady).toBe(false);
      expect(message.length).toBeGreaterThan(10);
      await expect(away.prepare(harness.command, signal)).rejects.toBeInstanceOf(ActuatorError);
    });

    it('says so when the other end refuses it', async () => {
      const refused = harness.openRefused?.();
      if (refused === undefined) return;
      const { isReady, message } = await refused.check(signal);
      expect(isReady, message).toBe(false);
      await expect(refused.prepare(harness.command, signal)).rejects.toBeInstanceOf(ActuatorError);
      expect(await harness.state()).toEqual(before);
    });
  });
}
