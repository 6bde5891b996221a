import { describe, expect, it } from 'vitest';
import { createCommandLine, everyCommand, nameOf } from './index.ts';

const COMMANDS = everyCommand(createCommandLine()).map((command) => [nameOf(command), command] as const);

describe('The command line', () => {
  it('has a command for every part of the work', () => {
    expect(COMMANDS.map(([name]) => name)).toEqual([
      'sphinx',
      'sphinx start',
      'sphinx analyze',
      'sphinx assets',
      'sphinx asset',
      'sphinx verify',
      'sphinx candidate',
      'sphinx candidate add',
      'sphinx candidate list',
      'sphinx probe',
      'sphinx probes',
      'sphinx probes list',
      'sphinx probes policy',
      'sphinx probes approve',
      'sphinx probes stop',
      'sphinx probes resume',
      'sphinx probes clear',
      'sphinx probes runs',
      'sphinx probes log',
      'sphinx certificate',
      'sphinx certificate check',
      'sphinx sources',
      'sphinx sources list',
      'sphinx sources add',
      'sphinx sources start',
      'sphinx sources stop',
      'sphinx sources remove',
      'sphinx sensor',
      'sphinx sensors',
      'sphinx sensors list',
      'sphinx sensors enrol',
      'sphinx sensors remove',
      'sphinx services',
      'sphinx services enable',
      'sphinx services disable',
      'sphinx files',
      'sphinx files list',
      'sphinx files types',
      'sphinx files show',
      'sphinx files download',
      'sphinx patient-data',
      'sphinx patient-data receivers',
      'sphinx patient-data kinds',
      'sphinx patient-data scan',
      'sphinx rules',
      'sphinx rules check',
      'sphinx rules list',
      'sphinx rules sets',
      'sphinx rules add',
      'sphinx rules update',
      'sphinx rules undo',
      'sphinx rules remove',
      'sphinx rules enable',
      'sphinx rules disable',
      'sphinx rules try',
      'sphinx rules lists',
      'sphinx rules list-put',
      'sphinx logs',
      'sphinx logs scan',
      'sphinx feeds',
      'sphinx feeds list',
      'sphinx feeds status',
      'sphinx feeds pull',
      'sphinx feeds import',
      'sphinx feeds enable',
      'sphinx feeds disable',
      'sphinx feeds undo',
      'sphinx feeds clear',
      'sphinx feeds add',
      'sphinx feeds remove',
      'sphinx feeds key',
      'sphinx feeds keys',
      'sphinx feeds trust',
      'sphinx feeds distrust',
      'sphinx knowledge',
      'sphinx knowledge import',
      'sphinx knowledge list',
      'sphinx knowledge recognise',
      'sphinx advisories',
      'sphinx advisories check',
      'sphinx advisories show',
      'sphinx advisories curated',
      'sphinx sbom',
      'sphinx software',
      'sphinx software import',
      'sphinx software list',
      'sphinx software imports',
      'sphinx software undo',
      'sphinx submissions',
      'sphinx submissions list',
      'sphinx submissions show',
      'sphinx submissions accept',
      'sphinx submissions refuse',
      'sphinx submissions take-back',
      'sphinx weaknesses',
      'sphinx weaknesses list',
      'sphinx weaknesses show',
      'sphinx weaknesses status',
      'sphinx ml',
      'sphinx ml train',
      'sphinx ml evaluate',
      'sphinx ml predict',
      'sphinx ml card',
      'sphinx config',
      'sphinx config get',
      'sphinx config set',
      'sphinx config unset',
      'sphinx doctor',
    ]);
  });

  it.each(COMMANDS)('explains "%s" with an example that it takes', (name, command) => {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) });
    command.outputHelp();
    expect(command.description()).not.toBe('');
    const examples =
      help
        .split(/Examples?:\n/)[1]
        ?.trim()
        .split('\n') ?? [];
    expect(examples.length).toBeGreaterThan(0);
    expect(examples.some((example) => example.includes(name))).toBe(true);
  });

  it.each(COMMANDS.slice(1))('speaks JSON to programs: "%s --json"', (_, command) => {
    expect(command.options.map(({ long }) => long)).toContain('--json');
  });
});
