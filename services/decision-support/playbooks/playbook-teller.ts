import type { Bus, Clock } from '@sphinx/platform';
import { createFact } from '@sphinx/schema';
import type { LibraryPlaybook } from './playbook-library.ts';

const SOURCE = 'decision-support';

/** Tells the house which playbooks the hospital keeps itself, so that they can be carried out. */
export class PlaybookTeller {
  readonly #bus: Bus;
  readonly #clock: Clock;

  constructor(bus: Bus, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Telling the same again changes nothing. Of those that SPHINX brings everybody knows. */
  async kept({ playbook, broughtBy, broughtAt }: LibraryPlaybook): Promise<void> {
    if (broughtBy === null || broughtAt === null) return;
    const { id, name, modified } = playbook;
    const data = { playbookId: id, name, modified, text: JSON.stringify(playbook), by: broughtBy, at: broughtAt };
    await this.#bus.publish([createFact('playbook.kept', { key: id, time: broughtAt, source: SOURCE, data })]);
  }

  async removed(playbookId: string, by: string): Promise<void> {
    const at = this.#clock.now();
    await this.#bus.publish([
      createFact('playbook.removed', { key: playbookId, time: at, source: SOURCE, data: { playbookId, by, at } }),
    ]);
  }
}
