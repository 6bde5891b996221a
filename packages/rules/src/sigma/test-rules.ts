import { type CompiledSigma, compileSigma } from './compile.ts';
import type { SigmaEvent } from './matcher/event-leaves.ts';
import { readPipeline } from './pipelines/pipeline.ts';

/* Short ways to write rules and ask them, for tests. */

/** A rule for `product: test` with this detection, in YAML indented by two blanks. */
export function rule(detection: string, head = ''): string {
  const body = detection.trim().replace(/^/gm, '  ');
  return `title: Test\nlogsource: { product: test }\n${head}\ndetection:\n${body}\n`;
}

export function compile(content: string | readonly string[], pipelines: readonly unknown[] = []): CompiledSigma {
  const contents = typeof content === 'string' ? [content] : content;
  const files = contents.map((each, index) => ({ name: `rule-${index + 1}.yml`, content: each }));
  return compileSigma(files, pipelines.map(readPipeline));
}

/** @returns whether a rule with this detection matches. @throws Error where it is rejected */
export function matches(detection: string, event: SigmaEvent, pipelines: readonly unknown[] = []): boolean {
  const { matcher, report } = compile(rule(detection), pipelines);
  const [rejected] = report.rejected;
  if (rejected !== undefined) throw new Error(rejected.reason);
  return matcher.match(event, { product: 'test' }).length > 0;
}

/** @returns why a rule with this detection is not loaded; nothing where it is */
export function rejection(detection: string, head = ''): string | undefined {
  return compile(rule(detection, head)).report.rejected[0]?.reason;
}
