import type { Rule } from '@sphinx/rules';

/**
 * Puts a rule among those that were written here, in the place of the one with its number.
 *
 * @param content text of the file: one rule a line
 * @param text the rule, which may stand on several lines
 */
export function putLocalRule(content: string, { gid, sid }: Pick<Rule, 'gid' | 'sid'>, text: string): string {
  const line = text.replace(/\s*\\?\s*\n\s*/g, ' ').trim();
  return `${withoutLocalRule(content, `${gid}:${sid}`)}${line}\n`;
}

/** @param id group and number: `1:2019401` */
export function withoutLocalRule(content: string, id: string): string {
  const kept = content.split('\n').filter((line) => line.trim() !== '' && numberOf(line) !== id);
  return kept.map((line) => `${line}\n`).join('');
}

/** By its text, because a rule whose list has gone cannot be loaded and must not be lost. */
function numberOf(line: string): string {
  const value = (name: string) => new RegExp(`[;(]\\s*${name}\\s*:\\s*(\\d+)`).exec(line)?.[1];
  return `${value('gid') ?? 1}:${value('sid') ?? ''}`;
}
