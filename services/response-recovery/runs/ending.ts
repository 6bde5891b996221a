/** Everything was stopped, or this run was: what is under way stays as it is and can be taken up or taken back. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
}

/** The program ends: the run is taken up at the next start. */
export class ProgramEnds extends Error {
  override readonly name = 'ProgramEnds';
}

/** A step took longer than it may. */
export class StepTimeout extends Error {
  override readonly name = 'StepTimeout';
  readonly path: string;

  constructor(path: string) {
    super('It took longer than the playbook allows.');
    this.path = path;
  }
}
