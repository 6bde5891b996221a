/** @returns the name in `Organization: Name (mail@host)`; empty where SPDX says that nothing is known */
export function vendorOf(agent: string | undefined): string {
  if (agent === undefined || agent === 'NOASSERTION') return '';
  return agent.replace(/^(Organization|Person|Tool):\s*/, '').replace(/\s*\([^()]*\)$/, '');
}

/** @returns the licence, or nothing where SPDX says that nothing is known */
export function licenceOf(expression: string | undefined): readonly string[] {
  return expression === undefined || expression === 'NOASSERTION' || expression === 'NONE' ? [] : [expression];
}
