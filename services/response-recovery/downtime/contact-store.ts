import { SphinxError, type StateStore } from '@sphinx/platform';
import { deterministicId } from '@sphinx/schema';

/** Whom to call while screens are dark. Kept by people; no patients. */
export interface Contact {
  readonly id: string;
  /** Care area that it is for; empty: every ward. */
  readonly area: string;
  /** "IT on call", "Pharmacy". */
  readonly role: string;
  readonly name: string;
  readonly phone: string;
  readonly note: string;
  readonly changedBy: string;
  readonly changedAt: number;
}

/** Contact lists for downtime. */
export class ContactStore {
  readonly #state: StateStore;

  constructor(state: StateStore) {
    this.#state = state;
  }

  /** Those for every ward first, then by care area and role. */
  async list(): Promise<readonly Contact[]> {
    const rows = await this.#state.query<{ contact: Contact }>('SELECT contact FROM response_recovery.contact');
    return rows
      .map(({ contact }) => contact)
      .sort(
        (a, b) => a.area.localeCompare(b.area, 'en') || a.role.localeCompare(b.role, 'en') || (a.id < b.id ? -1 : 1),
      );
  }

  async add(contact: Omit<Contact, 'id'>): Promise<Contact> {
    const { area, role, name, phone, changedAt } = contact;
    const added = { ...contact, id: deterministicId('cnt', area, role, name, phone, changedAt) };
    await this.#state.query('INSERT INTO response_recovery.contact (id, contact) VALUES ($1, $2::jsonb)', [
      added.id,
      JSON.stringify(added),
    ]);
    return added;
  }

  /** @throws SphinxError SPX_NOT_FOUND */
  async remove(id: string): Promise<void> {
    const rows = await this.#state.query('DELETE FROM response_recovery.contact WHERE id = $1 RETURNING id', [id]);
    if (rows.length === 0) throw new SphinxError('SPX_NOT_FOUND', `There is no contact "${id}".`);
  }
}
