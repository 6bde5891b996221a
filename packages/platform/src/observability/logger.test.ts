import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.ts';

type Line = Record<string, unknown>;

function capture(level: Parameters<typeof createLogger>[0]['level']) {
  const lines: Line[] = [];
  const destination = { write: (text: string) => lines.push(JSON.parse(text) as Line) };
  return { lines, logger: createLogger({ level, destination }) };
}

describe('The log', () => {
  it('is one JSON object a line, with time, level, message and fields', () => {
    const { lines, logger } = capture('info');
    logger.info('A capture was read\nto its end', { packets: 7 });
    expect(lines).toEqual([
      expect.objectContaining({ name: 'sphinx', level: 30, msg: 'A capture was read\nto its end', packets: 7 }),
    ]);
    expect(new Date(String(lines[0]?.time)).getTime()).toBeGreaterThan(0);
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ] as const)('at level %s says what is at least as grave', (level, expected) => {
    const { lines, logger } = capture(level);
    for (const own of ['debug', 'info', 'warn', 'error'] as const) logger[own](own);
    expect(lines.map(({ msg }) => msg)).toEqual(expected);
  });

  it('carries the fields of a child on every line of the child alone', () => {
    const { lines, logger } = capture('info');
    const child = logger.child({ service: 'asset-inventory' });
    child.child({ asset: 'pump' }).info('inner');
    child.info('outer');
    logger.info('root');
    expect(lines.map(({ service, asset }) => [service, asset])).toEqual([
      ['asset-inventory', 'pump'],
      ['asset-inventory', undefined],
      [undefined, undefined],
    ]);
  });

  it.each(['password', 'token', 'secret', 'authorization', 'cookie', 'privateKey', 'masterKey'])(
    'never holds the value of a field named %s, three levels deep and in fields of a child',
    (name) => {
      const { lines, logger } = capture('info');
      logger.info('top', { [name]: 'hunter2' });
      logger.info('inside', { request: { [name]: 'hunter2' } });
      logger.info('deeper', { request: { headers: { [name]: 'hunter2' } } });
      logger.child({ [name]: 'hunter2' }).info('child');
      logger.child({ session: { [name]: 'hunter2' } }).info('child');
      expect(lines).toHaveLength(5);
      expect(JSON.stringify(lines)).not.toContain('hunter2');
      expect(JSON.stringify(lines)).toContain('[redacted]');
    },
  );

  it('leaves what it was given as it was', () => {
    const { logger } = capture('info');
    const fields = { password: 'hunter2', request: { token: 'abc' } };
    logger.info('sign-in', fields);
    expect(fields).toEqual({ password: 'hunter2', request: { token: 'abc' } });
  });
});
