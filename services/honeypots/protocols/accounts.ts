import type { SessionNotes } from './conversation.ts';

const MAXIMUM_CREDENTIAL = 200;

/** Decides who is let in: accounts of the persona, or, where it says so, somebody who keeps on trying. */
export class Doorkeeper {
  readonly #accounts: readonly { readonly user: string; readonly secret: string }[];
  readonly #admitAfter: number;
  readonly #notes: SessionNotes;
  #attempts = 0;

  constructor(
    door: {
      readonly accounts: readonly { readonly user: string; readonly secret: string }[];
      readonly admitAfter: number;
    },
    notes: SessionNotes,
  ) {
    this.#accounts = door.accounts;
    this.#admitAfter = door.admitAfter;
    this.#notes = notes;
  }

  /** Notes the attempt. @returns whether it is let in */
  admits(user: string, secret: string, method: string): boolean {
    this.#attempts += 1;
    const isKnown = this.#accounts.some(
      (account) =>
        (account.user === '*' || account.user === user) && (account.secret === '*' || account.secret === secret),
    );
    const isAccepted = isKnown || (this.#admitAfter > 0 && this.#attempts >= this.#admitAfter && secret !== '');
    this.#notes.logOn({
      user: user.slice(0, MAXIMUM_CREDENTIAL),
      secret: secret.slice(0, MAXIMUM_CREDENTIAL),
      method,
      isAccepted,
    });
    return isAccepted;
  }
}
