import { type Component, isOfDistribution, type Statement } from '../documents/documents.ts';
import { fill } from './fill.ts';
import type { Observation, Subject } from './observation.ts';
import { patternOf } from './predicate.ts';
import type { ComponentSelector, StatementSelector, WeaknessSelector } from './selector.ts';
import { compareVersions } from './version.ts';

const ANSWER_WORDS: Readonly<Record<Statement['answer'], string>> = {
  yes: 'yes',
  no: 'no',
  'not-applicable': 'not applicable',
  'see-note': 'see note',
  text: 'in words',
  none: 'left open',
};

/** What the manufacturer or a person answered to the questions of a selector. */
export function observeStatements(selector: StatementSelector, { documents }: Subject): readonly Observation[] {
  const answered = (condition: { question: string; answer: readonly string[] }) =>
    documents.statements.some(
      ({ question, answer }) => question === condition.question && condition.answer.includes(answer),
    );
  if (selector.onlyIf !== undefined && !answered(selector.onlyIf)) return [];
  if (selector.unless !== undefined && answered(selector.unless)) return [];
  const questions = [selector.stated].flat();
  return documents.statements
    .filter(({ question, answer }) => questions.includes(question) && (answer === 'yes' || answer === 'no'))
    .map((statement) => {
      const isFailing = selector.failsIf.answer.includes(statement.answer);
      const plain = '{by} answers {question} with “{answer}”';
      const note = statement.note === '' ? '' : ` (note: ${shortened(statement.note)})`;
      return {
        isFailing,
        statement: fill(isFailing && selector.says !== undefined ? `${selector.says} ({question}: {answer})` : plain, {
          by: statement.by,
          question: statement.question,
          answer: `${ANSWER_WORDS[statement.answer]}${note}`,
        }),
        attribute: statement.question,
        value: statement.answer,
        time: statement.time,
        key: statement.question,
      };
    });
}

const LONGEST_NOTE = 200;

function shortened(note: string): string {
  return note.length <= LONGEST_NOTE ? note : `${note.slice(0, LONGEST_NOTE - 1)}…`;
}

/** Items of software lists that a selector is about. */
export function observeComponents(selector: ComponentSelector, { documents }: Subject): readonly Observation[] {
  const { name, exceptName, package: packageUrl, exceptKinds } = selector.component;
  return documents.components
    .filter(
      (item) =>
        (name === undefined || patternOf(name).test(item.name)) &&
        (exceptName === undefined || !patternOf(exceptName).test(item.name)) &&
        (packageUrl === undefined || (item.purl !== undefined && patternOf(packageUrl).test(item.purl))) &&
        !(exceptKinds?.includes(item.kind) ?? false),
    )
    .map((item) => {
      const isFailing = judgeComponent(selector, item);
      const plain = `{list} names {component}`;
      return {
        isFailing,
        statement: fill((isFailing === true ? selector.says : undefined) ?? plain, {
          list: item.list,
          name: item.name,
          version: item.version === '' ? 'no version' : item.version,
          component: [item.vendor, item.name, item.version].filter((word) => word !== '').join(' '),
        }),
        attribute: 'component',
        value: `${item.name} ${item.version}`.trim(),
        time: item.time,
        key: `${item.name} ${item.version}`,
      };
    });
}

/** @returns undefined where its version is asked for and not known */
function judgeComponent({ failsIf }: ComponentSelector, item: Component): boolean | undefined {
  if (failsIf === undefined) return true;
  if (failsIf.isVersionAbsent === true && item.version === '') return true;
  if (failsIf.isVendorAbsent === true && item.vendor === '') return true;
  if (failsIf.isIdentifierAbsent === true && item.purl === undefined && item.cpe === undefined) return true;
  const ranges = failsIf.versionWithin;
  if (ranges === undefined) return false;
  const version = item.version.replace(/^v(?=\d)/i, '');
  // A distribution mends its packages without taking the next version of the maker: the version alone does not tell.
  if (!/\d/.test(version) || isOfDistribution(item)) return undefined;
  return ranges.some(
    ({ from, below }) =>
      (from === undefined || compareVersions(version, from) >= 0) && compareVersions(version, below) < 0,
  );
}

/** Open weaknesses that a selector is about. An assessment that found none of them shows that it looked. */
export function observeWeaknesses(selector: WeaknessSelector, { documents }: Subject): readonly Observation[] {
  const { severity, isKnownExploited, hasRemedy } = selector.weakness;
  const found = documents.weaknesses.filter(
    (weakness) =>
      (severity?.includes(weakness.severity) ?? true) &&
      (isKnownExploited === undefined || weakness.isKnownExploited === isKnownExploited) &&
      (hasRemedy === undefined || weakness.hasRemedy === hasRemedy),
  );
  if (found.length === 0) {
    const { assessedAt, weaknesses } = documents;
    if (assessedAt === undefined) return [];
    const statement = `its software was compared with known weaknesses: ${weaknesses.length} open, none of this kind`;
    return [{ isFailing: false, statement, time: assessedAt, key: 'assessed' }];
  }
  return found.map((weakness) => ({
    isFailing: true,
    statement: fill(selector.says ?? 'has {id} ({severity}) in {software}: {title}', { ...weakness }),
    attribute: 'weakness',
    value: weakness.id,
    time: weakness.time,
    key: weakness.id,
  }));
}
