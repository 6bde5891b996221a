import type { Problem } from '../../reading/reading.ts';
import { scoreCvss, severityOf } from '../../scoring/cvss.ts';
import type { CsafCvss } from '../document.ts';

/**
 * Compares printed scores and severities with those that the vector gives (CSAF 2.0 §6.1.9). A member that is left out is not
 * compared.
 *
 * @param where JSON Pointer of the CVSS object
 */
export function recalculateScores(vector: CsafCvss, where: string): readonly Problem[] {
  const scores = scoreCvss(vector.vectorString);
  if (scores === undefined) {
    return [{ where: `${where}/vectorString`, what: `breaks the specification of CVSS ${vector.version}` }];
  }
  return (['base', 'temporal', 'environmental'] as const).flatMap((kind) => {
    const score = scores[kind];
    const problems: Problem[] = [];
    const printed = vector[`${kind}Score`];
    if (printed !== undefined && printed !== score) {
      problems.push({ where: `${where}/${kind}Score`, what: `is ${String(printed)}, while the vector gives ${score}` });
    }
    const severity = severityOf(vector.version, score).toUpperCase();
    const printedSeverity = vector[`${kind}Severity`];
    if (printedSeverity !== undefined && printedSeverity !== severity) {
      problems.push({
        where: `${where}/${kind}Severity`,
        what: `is ${String(printedSeverity)}, while the vector gives ${severity}`,
      });
    }
    return problems;
  });
}
