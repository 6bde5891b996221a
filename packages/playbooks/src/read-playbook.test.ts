import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outline } from './outline.ts';
import { canonicalPlaybook, checkPlaybook, readPlaybook } from './read-playbook.ts';
import { responseOf } from './response/read-response.ts';
import { summarise } from './summarise.ts';
import { AGENT, action, END, FIRST, playbookWith, START, stepId } from './test-playbook.ts';

function problemsOf(value: unknown): readonly string[] {
  return checkPlaybook(value).problems.map(({ level, path, message }) => `${level} ${path}: ${message}`);
}

describe('A playbook of CACAO 2.0', () => {
  it('is taken when it is whole, exactly as it stood', () => {
    const value = playbookWith();
    const { playbook, problems } = readPlaybook(JSON.stringify(value));
    expect(problems).toEqual([]);
    expect(playbook).toEqual(value);
  });

  it.each([
    ['text that is no JSON', '{', /not JSON/],
    ['something else than an object', '[]', /JSON object/],
  ])('is not: %s', (_what, text, message) => {
    const { playbook, problems } = readPlaybook(text);
    expect(playbook).toBeUndefined();
    expect(problems[0]?.message).toMatch(message);
  });

  it.each([
    [{ spec_version: 'cacao-1.1' }, 'spec_version', /cacao-2\.0/],
    [{ id: 'playbook--1' }, 'id', /UUID/],
    [{ id: `identity--${END.slice(5)}` }, 'id', /playbook--UUID/],
    [{ created: '2026-01-01T00:00:00Z' }, 'created', /three digits/],
    [{ name: undefined }, 'name', /./],
    [{ priority: 101 }, 'priority', /./],
    [{ colour: 'red' }, '', /colour/],
    [{ playbook_variables: { ip: { type: 'ipv4-addr' } } }, 'playbook_variables.ip', /two underscores/],
    [{ external_references: [{ name: 'NIST' }] }, 'external_references.0', /description, source, url/],
    [{ workflow: [] }, 'workflow', /object/],
    [{ agent_definitions: { [AGENT]: { type: 'group', name: 'x' } } }, `agent_definitions.${AGENT}.type`, /individual/],
    [{ agent_definitions: { [AGENT]: { type: 'individual' } } }, `agent_definitions.${AGENT}.name`, /./],
    [{ signatures: [{ type: 'jss' }] }, 'signatures.0.id', /./],
  ])('has its place and reason for what does not fit: %j', (changes, path, message) => {
    const { playbook, problems } = checkPlaybook(playbookWith(changes));
    expect(playbook).toBeUndefined();
    expect(problems).toContainEqual({ level: 'error', path, message: expect.stringMatching(message) });
  });

  it.each([
    ['a command without text', { commands: [{ type: 'manual' }] }, `workflow.${FIRST}.commands.0`],
    [
      'a request that is none',
      { commands: [{ type: 'http-api', command: 'get it' }] },
      `workflow.${FIRST}.commands.0.command`,
    ],
    [
      'OpenC2 without content',
      { commands: [{ type: 'openc2-http', command: 'POST / HTTP/1.1' }] },
      `workflow.${FIRST}.commands.0.content_b64`,
    ],
    ['no command', { commands: [] }, `workflow.${FIRST}.commands`],
    ['no agent', { agent: undefined }, `workflow.${FIRST}.agent`],
    ['two ways on', { on_success: END }, `workflow.${FIRST}.on_completion`],
    ['a timeout that is no number', { timeout: 1.5 }, `workflow.${FIRST}.timeout`],
  ])('has steps that fit: not %s', (_what, changes, path) => {
    const { problems } = checkPlaybook(playbookWith({}, { [FIRST]: { ...action(END), ...changes } }));
    expect(problems.map((problem) => problem.path)).toContain(path);
  });

  it('may have commands and agents of types that the open vocabularies do not list', () => {
    const robot = stepId('robot', 20);
    const step = { ...action(END), agent: robot, commands: [{ type: 'robot-move', metres: 2 }] };
    const value = playbookWith({ agent_definitions: { [robot]: { type: 'robot', name: 'Cart' } } }, { [FIRST]: step });
    expect(problemsOf(value)).toEqual([]);
  });

  it('has no steps of types that the closed vocabulary does not list', () => {
    const odd = stepId('loop', 21);
    expect(problemsOf(playbookWith({}, { [odd]: { type: 'loop' } }))).toContainEqual(
      expect.stringMatching(/no type that CACAO/),
    );
  });
});

describe('The ways between the steps', () => {
  const other = stepId('action', 30);
  const otherEnd = stepId('end', 31);
  const question = stepId('if-condition', 32);

  it('lead somewhere', () => {
    const problems = problemsOf(playbookWith({}, { [FIRST]: action(other) }));
    expect(problems).toEqual([`error workflow.${FIRST}.on_completion: There is no step ${other}`]);
  });

  it('lead to every step', () => {
    const problems = problemsOf(playbookWith({}, { [other]: action(END) }));
    expect(problems).toEqual([`error workflow.${other}: No way leads to this step`]);
  });

  it('come to an end', () => {
    const problems = problemsOf(playbookWith({}, { [FIRST]: action(other), [other]: action(FIRST), [END]: undefined }));
    expect(problems.length).toBeGreaterThan(0);
    const round = {
      [START]: { type: 'start', on_completion: FIRST },
      [FIRST]: action(other),
      [other]: action(FIRST),
      [END]: { type: 'end' },
    };
    expect(problemsOf(playbookWith({ workflow: round }))).toContainEqual(
      expect.stringMatching(/no end can be reached/),
    );
  });

  it('do not stop at a step that is no end', () => {
    const { on_completion: _next, ...stopped } = action(END);
    const problems = problemsOf(playbookWith({}, { [FIRST]: stopped }));
    expect(problems).toContainEqual(expect.stringMatching(/Nothing comes after this step/));
  });

  it('have something to do between start and end', () => {
    const workflow = { [START]: { type: 'start', on_completion: END }, [END]: { type: 'end' } };
    expect(problemsOf(playbookWith({ workflow }))).toEqual([expect.stringMatching(/nothing to do/)]);
  });

  it('have one start, which is the one that is named', () => {
    const second = stepId('start', 33);
    expect(problemsOf(playbookWith({}, { [second]: { type: 'start', on_completion: FIRST } }))).toContainEqual(
      expect.stringMatching(/second start/),
    );
    expect(problemsOf(playbookWith({ workflow_start: second }))).toContainEqual(
      expect.stringMatching(/There is no step/),
    );
  });

  it('keep branches apart, and say so where they do not', () => {
    const asks = {
      type: 'if-condition',
      condition: "__x__:value = 'true'",
      on_true: other,
      on_false: END,
      on_completion: otherEnd,
    };
    const steps = { [FIRST]: action(question), [question]: asks, [other]: action(END), [otherEnd]: { type: 'end' } };
    const variables = { playbook_variables: { __x__: { type: 'bool' } } };
    expect(problemsOf(playbookWith(variables, steps))).toEqual([expect.stringMatching(/^warning .*same end step/)]);
  });
});

describe('What a playbook refers to', () => {
  it.each([
    ['an agent', { agent: `group--${END.slice(5)}` }, /agent_definitions does not define/],
    ['a target', { targets: [`linux--${END.slice(5)}`] }, /target_definitions does not define/],
    ['an argument', { in_args: ['__ip__'] }, /There is no variable __ip__/],
    ['a variable', { commands: [{ type: 'manual', command: 'Block __ip__:value' }] }, /^warning .*not declared/],
    [
      'an extension',
      { step_extensions: { [`extension-definition--${END.slice(5)}`]: { abc: 1 } } },
      /does not define this extension/,
    ],
  ])('is there: %s', (_what, changes, message) => {
    expect(problemsOf(playbookWith({}, { [FIRST]: { ...action(END), ...changes } }))).toEqual([
      expect.stringMatching(message),
    ]);
  });

  it('does not contradict itself', () => {
    expect(problemsOf(playbookWith({ modified: '2025-12-31T00:00:00.000Z' }))).toEqual([
      expect.stringMatching(/before created/),
    ]);
    expect(problemsOf(playbookWith({ playbook_processing_summary: { if_logic: true } }))).toEqual([
      expect.stringMatching(/manual_playbook: Is not stated/),
      expect.stringMatching(/if_logic: Is stated/),
    ]);
  });
});

describe('Hostile text', () => {
  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readPlaybook(text).problems.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('never throws, and never takes what is broken, where it looks like a playbook', () => {
    const whole = JSON.stringify(playbookWith());
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(START, FIRST, END, AGENT, '__proto__', null));
    const change = fc.record({ key: fc.nat(), value });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const document = JSON.parse(whole) as Record<string, unknown>;
        for (const { key, value: put } of changes) {
          const holders = holdersOf(document);
          const [holder, name] = holders[key % holders.length] ?? [document, 'name'];
          holder[name] = put;
        }
        const { playbook } = checkPlaybook(document);
        if (playbook === undefined) return;
        expect(outline(playbook).length).toBe(Object.keys(playbook.workflow).length);
        expect(JSON.parse(canonicalPlaybook(playbook))).toEqual(playbook);
      }),
      { numRuns: 400 },
    );
  });

  it('is bounded: deep nesting and long texts are refused', () => {
    expect(readPlaybook(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`).problems[0]?.message).toMatch(/nested deeper/);
    expect(readPlaybook(`{"a":"${'x'.repeat(2_000_001)}"}`).problems[0]?.message).toMatch(/longer than/);
  });
});

describe('The canonical form', () => {
  it('is the same for the same playbook in another order, and signatures can be left out', () => {
    const value = playbookWith();
    const turned = Object.fromEntries(Object.entries(value).reverse());
    const [a, b] = [checkPlaybook(value).playbook, checkPlaybook(turned).playbook];
    if (a === undefined || b === undefined) throw new Error('both are whole');
    expect(canonicalPlaybook(a)).toBe(canonicalPlaybook(b));
    const signed = { ...a, signatures: [] } as typeof a;
    expect(canonicalPlaybook(signed, { isWithoutSignatures: true })).toBe(canonicalPlaybook(a));
  });
});

describe('The playbooks that SPHINX brings', () => {
  const folder = fileURLToPath(new URL('../../../knowledge/playbooks/', import.meta.url));
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const read = files.map((name) => ({ name, ...readPlaybook(readFileSync(`${folder}${name}`, 'utf8')) }));

  it('are at least forty, whole, without a warning, and say what they do to care', () => {
    expect(files.length).toBeGreaterThanOrEqual(40);
    expect(
      read.flatMap(({ name, problems }) => problems.map(({ path, message }) => `${name} ${path} ${message}`)),
    ).toEqual([]);
    expect(read.filter(({ playbook }) => playbook === undefined || responseOf(playbook) === undefined)).toEqual([]);
  });

  it('cover the sixteen use cases of the original SPHINX', () => {
    const cases = read.flatMap(({ playbook }) =>
      playbook === undefined ? [] : (responseOf(playbook)?.use_cases ?? []),
    );
    expect([...new Set(cases)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
  });

  it('refer to playbooks that are there, and differ', () => {
    const playbooks = read.flatMap(({ playbook }) => playbook ?? []);
    const ids = new Set(playbooks.map(({ id }) => id));
    const called = playbooks.flatMap(({ workflow }) =>
      Object.values(workflow).flatMap(({ playbook_id }) => playbook_id ?? []),
    );
    expect(called.filter((id) => !ids.has(id))).toEqual([]);
    expect(ids.size).toBe(files.length);
    expect(
      new Set(playbooks.map((each) => JSON.stringify(outline(each).map(({ name, commands }) => [name, commands]))))
        .size,
    ).toBe(files.length);
    expect(playbooks.every((each) => summarise(each).extensions)).toBe(true);
  });
});

/** Every place of a document where a value can be put. */
function holdersOf(value: unknown): [Record<string, unknown>, string][] {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [
    [holder, key] as [Record<string, unknown>, string],
    ...holdersOf(holder[key]),
  ]);
}
