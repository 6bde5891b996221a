import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDecoyKnowledge } from '../knowledge.ts';
import { judge, type Observed } from './classify.ts';
import type { TerminalFrame } from './session-event.ts';

const { behaviour } = await loadDecoyKnowledge(fileURLToPath(new URL('../../../knowledge', import.meta.url)));
const NOTHING: Observed = {
  events: [],
  signs: [],
  frames: [],
  tools: [],
  bytesIn: 200,
  source: { logOns: 0, services: 1 },
  sampleRules: [],
  sampleSeverity: undefined,
};
const visitorOf = (observed: Partial<Observed>) => judge({ ...NOTHING, ...observed }, behaviour);

/** Keys as a terminal sends them, with pauses in seconds. */
function typed(text: string, pauses: readonly number[]): readonly TerminalFrame[] {
  let time = 0;
  return [...text].map((key, index) => {
    time += pauses[index % pauses.length] ?? 0;
    return [time, 'i', key] as const;
  });
}

describe('A visitor', () => {
  it('is a person who types key by key at an uneven pace', () => {
    const { visitor, reasons } = visitorOf({ frames: typed('cat /etc/passwd\r', [0.21, 0.09, 0.34, 0.15, 0.5]) });
    expect(visitor).toBe('human');
    expect(reasons[0]).toContain('typed 16 keys one by one');
  });

  it('is a person who corrects what was typed, or thinks between commands', () => {
    expect(visitorOf({ frames: typed('lss\x7f\r', [0.2]) }).visitor).toBe('human');
    const command = (atMs: number) => ({ atMs, kind: 'command' as const, text: 'ls' });
    expect(visitorOf({ events: [command(0), command(4000), command(9000)] }).visitor).toBe('human');
    expect(visitorOf({ events: [command(0), command(40), command(90)] }).visitor).toBe('unknown');
  });

  it('is no person who sends lines at once, or keys like clockwork', () => {
    expect(visitorOf({ frames: [[0.1, 'i', 'cat /etc/passwd\r']] }).visitor).not.toBe('human');
    expect(visitorOf({ frames: typed('cat /etc/passwd\r', [0.05]) }).visitor).not.toBe('human');
  });

  it('is a program where what it left behind is hostile, however it typed', () => {
    const frames = typed('cat /etc/passwd\r', [0.21, 0.09, 0.34, 0.15, 0.5]);
    const { visitor, severity } = visitorOf({ frames, sampleRules: ['Miner'], sampleSeverity: 'critical' });
    expect({ visitor, severity }).toEqual({ visitor: 'malware', severity: 'critical' });
  });

  it('guesses passwords, or looks around', () => {
    const logOn = (secret: string) => ({ atMs: 0, kind: 'log-on' as const, text: '', data: { user: 'root', secret } });
    expect(visitorOf({ events: ['a', 'b', 'c', 'd'].map(logOn) })).toMatchObject({
      visitor: 'brute-force',
      techniques: ['T1110.001'],
    });
    expect(visitorOf({ bytesIn: 0 })).toMatchObject({ visitor: 'scanner', techniques: ['T1046'] });
  });
});
