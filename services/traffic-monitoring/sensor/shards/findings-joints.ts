import type { CreateFindingsJoint, FoundBy, JoinFindings } from '@sphinx/platform';
import type { InspectionTask } from '../sensor-messages.ts';

/** Joins what the modules of all services found in several threads to what each would have found in one. */
export class FindingsJoints {
  readonly #source: string;
  #joints = new Map<string, { readonly version: number; readonly joint: Promise<JoinFindings> }>();

  constructor(source: string, inspections: readonly InspectionTask[]) {
    this.#source = source;
    this.use(inspections);
  }

  /** What a module that stays has counted so far is kept. */
  use(inspections: readonly InspectionTask[]): void {
    const before = this.#joints;
    this.#joints = new Map(
      inspections.map(({ by, version, module }) => {
        const known = before.get(by);
        return [by, known?.version === version ? known : { version, joint: this.#load(module) }];
      }),
    );
  }

  /** @param parts what each thread found up to the same packet. @throws Error when a module cannot be loaded */
  async join(parts: readonly (readonly FoundBy[])[]): Promise<readonly FoundBy[]> {
    const joined: FoundBy[] = [];
    for (const [by, { joint }] of this.#joints) {
      const joinFindings = await joint;
      const ofService = parts.map((part) =>
        part.filter((found) => found.by === by).flatMap(({ findings }) => findings),
      );
      const findings = joinFindings(ofService);
      if (findings.length > 0) joined.push({ by, findings });
    }
    return joined;
  }

  async #load(module: string): Promise<JoinFindings> {
    const { createFindingsJoint } = (await import(module)) as { createFindingsJoint: CreateFindingsJoint };
    return createFindingsJoint(this.#source);
  }
}
