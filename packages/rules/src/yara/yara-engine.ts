import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Compiler, initSync, type Rules } from '@virustotal/yara-x';
import type { RejectedSource, YaraMatch, YaraSource } from './yara-rules.ts';

/** A hostile file must not hold the scanner for longer. */
const MAXIMUM_SCAN_MS = 5000;
/** Where a pattern matches is of no interest, only that it does. */
const MAXIMUM_PLACES = 16;
const SEVERITIES = new Set(['critical', 'high', 'medium', 'low', 'informational']);

/** As YARA-X gives it. */
interface ScanResult {
  readonly valid: boolean;
  readonly matches: readonly {
    readonly identifier: string;
    readonly namespace: string;
    readonly isPrivate: boolean;
    readonly tags: readonly string[];
    readonly metadata: readonly { readonly identifier: string; readonly value: unknown }[];
  }[];
}

/** YARA-X (WebAssembly) with the rules that are in force. Synchronous: it runs in a thread of its own. */
export class YaraEngine {
  readonly rejected: readonly RejectedSource[];
  readonly #rules: Rules;

  /** @param sources each is compiled alone first: one that cannot be is left out whole, with the reason */
  constructor(sources: readonly YaraSource[]) {
    initialise();
    const rejected: RejectedSource[] = [];
    const compiler = new Compiler();
    for (const { name, text } of sources) {
      const reason = faultOf(text);
      if (reason !== undefined) {
        rejected.push({ name, reason });
        continue;
      }
      compiler.newNamespace(name);
      compiler.addSource(text);
    }
    this.rejected = rejected;
    this.#rules = compiler.build();
  }

  /** @throws Error when the scan took too long */
  scan(content: Uint8Array): readonly YaraMatch[] {
    // One a file: its memory is given back with it.
    const scanner = this.#rules.scanner();
    try {
      scanner.setTimeoutMs(MAXIMUM_SCAN_MS);
      scanner.setMaxMatchesPerPattern(MAXIMUM_PLACES);
      const { matches } = scanner.scan(content) as ScanResult;
      return matches.filter(({ isPrivate }) => !isPrivate).map(matchOf);
    } finally {
      scanner.free();
    }
  }
}

let isInitialised = false;

function initialise(): void {
  if (isInitialised) return;
  const script = fileURLToPath(import.meta.resolve('@virustotal/yara-x'));
  initSync({ module: readFileSync(script.replace(/\.js$/, '_bg.wasm')) });
  isInitialised = true;
}

function faultOf(text: string): string | undefined {
  const compiler = new Compiler();
  try {
    compiler.addSource(text);
    compiler.build().free();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.trim() : String(error);
  } finally {
    compiler.free();
  }
}

function matchOf({ identifier, namespace, metadata, tags }: ScanResult['matches'][number]): YaraMatch {
  const texts = (...names: readonly string[]) =>
    metadata.flatMap(({ identifier: name, value }) =>
      names.includes(name) && typeof value === 'string' ? [value.slice(0, 300)] : [],
    );
  const [severity = ''] = texts('severity');
  const techniques = [...texts('attack', 'mitre_attack'), ...tags].filter((word) => /^T\d{4}(\.\d{3})?$/.test(word));
  return {
    rule: identifier,
    file: namespace,
    title: texts('description')[0] ?? identifier,
    severity: SEVERITIES.has(severity) ? (severity as YaraMatch['severity']) : 'medium',
    references: texts('reference', 'url').slice(0, 20),
    techniques,
  };
}
