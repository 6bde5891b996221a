/** Something that is not as CACAO 2.0 asks for. An error keeps a playbook from being carried out; a warning does not. */
export interface Problem {
  readonly level: 'error' | 'warning';
  /** Where, for example `workflow.action--….agent`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

export function errorAt(path: string, message: string): Problem {
  return { level: 'error', path, message };
}

export function warningAt(path: string, message: string): Problem {
  return { level: 'warning', path, message };
}
