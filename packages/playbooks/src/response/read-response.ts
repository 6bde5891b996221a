import type { Playbook } from '../cacao/playbook.ts';
import { errorAt, type Problem } from '../check/problem.ts';
import { ClinicalResponse, RESPONSE_EXTENSION } from './response.ts';

/** @returns what the playbook says of care and effects; undefined where it has no such extension, as those of others */
export function responseOf({ playbook_extensions = {} }: Playbook): ClinicalResponse | undefined {
  return ClinicalResponse.safeParse(playbook_extensions[RESPONSE_EXTENSION]).data;
}

/** @returns problems of the extension where the playbook has it */
export function checkResponse({ playbook_extensions = {} }: Playbook): readonly Problem[] {
  const value = playbook_extensions[RESPONSE_EXTENSION];
  if (value === undefined) return [];
  return (ClinicalResponse.safeParse(value).error?.issues ?? []).map(({ path, message }) =>
    errorAt(['playbook_extensions', RESPONSE_EXTENSION, ...path.map(String)].join('.'), message),
  );
}
