import {
  type ActionOutcome,
  type Actuator,
  type ActuatorCommand,
  ActuatorError,
  type Capability,
  type Json,
  type Preparation,
} from '../../contract/actuator.ts';

export const MESSAGE_CAPABILITIES: readonly Capability[] = [
  { action: 'create', target: 'x-sphinx:message', isReversible: false },
];

/** How a message reaches its receiver. */
export interface MessageMeans {
  /** For people. */
  readonly receiver: string;
  /** @returns by what it is known there. @throws ActuatorError */
  send(command: ActuatorCommand, title: string, text: string, signal: AbortSignal): Promise<Json>;
  check(signal: AbortSignal): Promise<void>;
  /** Whether it is there; without it, nobody can say. */
  isThere?(command: ActuatorCommand, signal: AbortSignal): Promise<boolean>;
}

/** Tells somebody something. It can't be unsaid. */
export class MessageActuator implements Actuator {
  readonly id: string;
  readonly type: string;
  readonly capabilities = MESSAGE_CAPABILITIES;
  readonly #means: MessageMeans;

  constructor(id: string, type: string, means: MessageMeans) {
    this.id = id;
    this.type = type;
    this.#means = means;
  }

  async prepare(command: ActuatorCommand): Promise<Preparation> {
    const { title } = messageOf(command);
    return { effects: [`Tell ${this.#means.receiver}: ${title}`], before: null, isReversible: false };
  }

  async apply(command: ActuatorCommand, _: Preparation, signal: AbortSignal): Promise<ActionOutcome> {
    const { title, text } = messageOf(command);
    if (await this.#means.isThere?.(command, signal)) return { summary: 'It was told already.', result: null };
    signal.throwIfAborted();
    const result = await this.#means.send(command, title, text, signal);
    return { summary: `Told ${this.#means.receiver}: ${title}`, result };
  }

  async undo(): Promise<ActionOutcome> {
    return { summary: 'What was told can’t be taken back.', result: null };
  }

  async verify(command: ActuatorCommand, _: Preparation, signal: AbortSignal) {
    const isThere = await this.#means.isThere?.(command, signal);
    return isThere === undefined ? 'unknown' : isThere ? 'in-force' : 'absent';
  }

  async check(signal: AbortSignal) {
    try {
      await this.#means.check(signal);
      return { isReady: true, message: `${this.#means.receiver} can be told.` };
    } catch (error) {
      return { isReady: false, message: (error as Error).message };
    }
  }
}

/** Titles become subjects and headers, where a line must not end early. */
function messageOf({ command: { target } }: ActuatorCommand): { title: string; text: string } {
  const message = target['x-sphinx:message'];
  if (message === undefined) throw new ActuatorError('Only a message can be told.');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  return { title: message.title.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' ').trim(), text: message.text };
}
