/** Kind of files whose names end as those of no kind. */
const OTHER = 'other';
const LONGEST_END = 12;

/** Tells kinds of files by the ends of their names; the names themselves are not kept. */
export class FileKinds {
  readonly #byEnd = new Map<string, string>();

  /** @param kinds kind → ends of names, without dot; a whole name such as `dicomdir` is its own end */
  constructor(kinds: Readonly<Record<string, readonly string[]>>) {
    for (const [kind, ends] of Object.entries(kinds)) for (const end of ends) this.#byEnd.set(end, kind);
  }

  kindOf(path: string): string {
    const name = path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1).toLowerCase();
    const whole = this.#byEnd.get(name);
    if (whole !== undefined) return whole;
    const end = name.slice(name.lastIndexOf('.') + 1);
    return end.length > LONGEST_END ? OTHER : (this.#byEnd.get(end) ?? OTHER);
  }
}
