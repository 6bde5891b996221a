import { type CsafContext, type Placed, place } from '../context.ts';
import type { CsafTest } from '../csaf-test.ts';
import { repeated } from './repeated.ts';

const CVE = /^CVE-[0-9]{4}-[0-9]{4,}$/;

/** Identifiers and involvements of vulnerabilities (CSAF 2.0 §6.1.11, 6.1.23, 6.1.24, 6.2.7, 6.2.17, 6.3.3, 6.3.4). */
export const VULNERABILITY_TESTS: readonly CsafTest[] = [
  {
    id: '6.1.11',
    title: 'CWE',
    run({ vulnerabilities }, { weaknessNames }) {
      if (weaknessNames === undefined) return 'needs the list of weaknesses of MITRE';
      return vulnerabilities.flatMap(({ value: { cwe }, where }) => {
        if (cwe === undefined) return [];
        const names = weaknessNames.get(cwe.id);
        if (names === undefined) return [{ where: `${where}/cwe/id`, what: `${cwe.id} is no weakness of the CWE` }];
        if (names.includes(cwe.name)) return [];
        return [{ where: `${where}/cwe/name`, what: `is not the name of ${cwe.id}, which is ${names[0]}` }];
      });
    },
  },
  {
    id: '6.1.23',
    title: 'Multiple Use of Same CVE',
    run: ({ vulnerabilities }) =>
      repeated(vulnerabilities, ({ cve }) => cve).map(({ value, where }) => ({
        where: `${where}/cve`,
        what: `${value.cve} has an entry already`,
      })),
  },
  {
    id: '6.1.24',
    title: 'Multiple Definition in Involvements',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) =>
        repeated(place(value.involvements, `${where}/involvements`), ({ party, date }) =>
          date === undefined ? party : `${party} ${Date.parse(date)}`,
        ).map((entry) => ({ where: entry.where, what: `${entry.value.party} has an entry of that date already` })),
      ),
  },
  {
    id: '6.2.7',
    title: 'Missing Date in Involvements',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) =>
        place(value.involvements, `${where}/involvements`)
          .filter((entry) => entry.value.date === undefined)
          .map((entry) => ({ where: `${entry.where}/date`, what: 'is missing' })),
      ),
  },
  {
    id: '6.2.17',
    title: 'CVE in field IDs',
    run: ({ vulnerabilities }) =>
      vulnerabilities.flatMap(({ value, where }) =>
        place(value.ids, `${where}/ids`)
          .filter((entry) => CVE.test(entry.value.text))
          .map((entry) => ({ where: `${entry.where}/text`, what: `${entry.value.text} belongs into the member cve` })),
      ),
  },
  missingMember('6.3.3', 'Missing CVE', 'cve'),
  missingMember('6.3.4', 'Missing CWE', 'cwe'),
];

function missingMember(id: string, title: string, member: 'cve' | 'cwe'): CsafTest {
  return {
    id,
    title,
    run: ({ vulnerabilities }: CsafContext) =>
      vulnerabilities
        .filter(({ value }: Placed<{ readonly cve?: unknown; readonly cwe?: unknown }>) => value[member] === undefined)
        .map(({ where }) => ({ where: `${where}/${member}`, what: 'is missing' })),
  };
}
