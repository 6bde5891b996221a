import type { CareAreaState } from '@sphinx/schema';
import type { DowntimeInstructions } from '../knowledge/downtime-instructions.ts';
import type { Contact } from './contact-store.ts';

/** What hangs at the wall of one ward. */
export interface WardSheet {
  readonly title: string;
  /** Name of the file without its ending. */
  readonly slug: string;
  readonly beds: number | null;
  readonly services: readonly {
    readonly title: string;
    readonly devices: readonly string[];
    readonly without: readonly string[];
    readonly instructions: readonly string[];
  }[];
  readonly contacts: readonly Contact[];
  readonly always: readonly string[];
  readonly after: readonly string[];
}

const EFFECTS = { stops: 'stops', degrades: 'is worse', slows: 'is slower' } as const;
const MOST_NAMED = 12;

/** @returns a sheet for each care area, in their order. Pure. */
export function wardSheets(
  areas: readonly CareAreaState[],
  contacts: readonly Contact[],
  { always, after, services: instructions }: DowntimeInstructions,
): readonly WardSheet[] {
  const used = new Set<string>();
  return areas.map(({ area, beds, services }) => ({
    title: area === '' ? 'Places without a care area' : area,
    slug: slugOf(area, used),
    beds,
    services: services.map(({ id, title, devices, needs }) => ({
      title,
      devices: named(devices.map(({ name }) => name)),
      without: [
        ...new Set(needs.map(({ name, effect, because }) => `Without ${name} it ${EFFECTS[effect]}: ${because}.`)),
      ].slice(0, MOST_NAMED),
      instructions: instructions[id] ?? [],
    })),
    contacts: contacts.filter((contact) => contact.area === '' || contact.area === area),
    always,
    after,
  }));
}

function named(names: readonly string[]): readonly string[] {
  const sorted = [...new Set(names)].sort();
  if (sorted.length <= MOST_NAMED) return sorted;
  return [...sorted.slice(0, MOST_NAMED), `and ${sorted.length - MOST_NAMED} more`];
}

/** A name of a file that any system takes, and no two alike. */
function slugOf(area: string, used: Set<string>): string {
  const base =
    area
      .normalize('NFKD')
      .replace(/[^\w]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .toLowerCase()
      .slice(0, 60) || 'elsewhere';
  let slug = `ward-${base}`;
  for (let number = 2; used.has(slug); number++) slug = `ward-${base}-${number}`;
  used.add(slug);
  return slug;
}
