import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import { print, printJson } from '../terminal/output.ts';
import { printable } from '../terminal/table.ts';
import { withRunningClient } from './command-client.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { checkRulesCommand } from './rules-check.ts';
import { changesText, listTable, ruleTable, setTable, trialText } from './rules-text.ts';
import type { ChangesView, DetectionTrial, ListView, RuleView, SetView } from './rules-views.ts';

/** `sphinx rules [check | list | sets | add | update | undo | remove | enable | disable | try | lists | list-put]` */
export function rulesCommand(): Command {
  return defineCommand('rules', 'rules of intrusion detection: their sets, what they found and cost', EXAMPLE)
    .addCommand(checkRulesCommand())
    .addCommand(listCommand())
    .addCommand(setsCommand())
    .addCommand(addCommand())
    .addCommand(updateCommand())
    .addCommand(undoCommand())
    .addCommand(removeCommand())
    .addCommand(switchCommand('enable', true))
    .addCommand(switchCommand('disable', false))
    .addCommand(tryCommand())
    .addCommand(valueListsCommand())
    .addCommand(putListCommand());
}

const EXAMPLE = `sphinx rules check local.rules
sphinx rules add https://rules.example/emerging.rules.tar.gz --check md5 --preview
sphinx rules list --sort=-milliseconds`;

function listCommand(): Command {
  return defineCommand('list', 'list rules with their hits and what they have cost', 'sphinx rules list --sort=-hits')
    .option('--set <id>', 'of one set')
    .option('--search <text>', 'part of the text, or begin of the number')
    .addOption(new Option('--state <state>', 'only these').choices(['on', 'off', 'tuned', 'hit']))
    .addOption(
      new Option('--sort <order>', 'order')
        .choices(['id', '-hits', '-lastHit', '-looks', '-milliseconds'])
        .default('id'),
    )
    .action((_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const { set, search, state, sort } = self.opts<Record<string, string | undefined>>();
        const given = Object.entries({ set, search, state, sort }).flatMap(([name, value]) =>
          value === undefined ? [] : [[name, value]],
        );
        const rules = await readAllPages<RuleView>(client, `/rules?${new URLSearchParams(given)}`);
        if (options.json) printJson(rules);
        else print(rules.length === 0 ? 'No rule fits.' : ruleTable(rules));
      }),
    );
}

function setsCommand(): Command {
  return defineCommand('sets', 'list the rule sets', 'sphinx rules sets --json').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const sets = await readAllPages<SetView>(client, '/rule-sets');
        if (options.json) printJson(sets);
        else print(setTable(sets));
      }),
  );
}

function addCommand(): Command {
  return defineCommand(
    'add',
    'add a rule set from a file, an archive (.tar.gz) or a URL',
    'sphinx rules add local.rules --title "Rules of the CERT"',
  )
    .argument('<place>', 'file or URL')
    .option('--title <text>', 'how lists call it')
    .addOption(new Option('--check <kind>', 'what proves a URL').choices(['none', 'md5', 'sha256', 'signature']))
    .option('--key <file>', 'public key of the signature: Ed25519 as PEM, or of minisign')
    .option('--preview', 'say what it would bring, take nothing')
    .action((place: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const chosen = self.opts<{ title?: string; check?: string; key?: string; preview?: boolean }>();
        const isUrl = /^https?:\/\//.test(place);
        const suffix = chosen.preview === true ? '/preview' : '';
        const title = chosen.title ?? basename(place);
        const answer = isUrl
          ? await client.send<ChangesView & SetView>('POST', `/rule-sets${suffix}`, {
              title,
              url: place,
              ...(chosen.check === undefined ? {} : { check: chosen.check }),
              ...(chosen.key === undefined ? {} : { publicKey: await readFile(chosen.key, 'utf8') }),
            })
          : await client.send<ChangesView & SetView>(
              'POST',
              `/rule-sets/upload${suffix}?${new URLSearchParams({ name: basename(place), ...(suffix === '' ? { title } : {}) })}`,
              await readFile(place),
            );
        tell(options, answer, chosen.preview === true ? changesText(answer) : takenText(answer));
      }),
    );
}

function updateCommand(): Command {
  return defineCommand('update', 'fetch a set from its URL again', 'sphinx rules update rls_1 --preview')
    .argument('<set>', 'id, as "sphinx rules sets" shows it')
    .option('--preview', 'say what would change, take nothing')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const { preview } = self.opts<{ preview?: boolean }>();
        const path = `/rule-sets/${encodeURIComponent(id)}/update`;
        if (preview === true) {
          const changes = await client.send<ChangesView>('POST', `${path}/preview`);
          tell(options, changes, changesText(changes));
        } else {
          const set = await client.send<SetView>('POST', path);
          tell(options, set, takenText(set));
        }
      }),
    );
}

function undoCommand(): Command {
  return defineCommand('undo', 'bring the version of a set before the last update back', 'sphinx rules undo rls_1')
    .argument('<set>', 'id, as "sphinx rules sets" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const set = await client.send<SetView>('POST', `/rule-sets/${encodeURIComponent(id)}/undo`);
        tell(options, set, takenText(set));
      }),
    );
}

function removeCommand(): Command {
  return defineCommand('remove', 'remove a rule set; what it has detected stays', 'sphinx rules remove rls_1')
    .argument('<set>', 'id, as "sphinx rules sets" shows it')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        await client.send('DELETE', `/rule-sets/${encodeURIComponent(id)}`);
        tell(options, { id }, `${printable(id)} is removed.`);
      }),
    );
}

function switchCommand(verb: 'enable' | 'disable', isEnabled: boolean): Command {
  const title = `switch a rule or a set ${isEnabled ? 'on' : 'off'}; takes effect at once`;
  return defineCommand(verb, title, `sphinx rules ${verb} 1:2019401`)
    .argument('<id>', 'rule as 1:2019401, or id of a set')
    .action((id: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const isRule = /^\d+:\d+$/.test(id);
        const path = `/${isRule ? 'rules' : 'rule-sets'}/${encodeURIComponent(id)}`;
        const kept = isRule ? (await client.send<RuleView>('GET', path)).tuning : {};
        await client.send('PATCH', path, { ...kept, isEnabled });
        tell(options, { id, isEnabled }, `${printable(id)} is ${isEnabled ? 'on' : 'off'}.`);
      }),
    );
}

function tryCommand(): Command {
  return defineCommand(
    'try',
    'say what a rule would find in a capture, before it is in force; nothing of the capture is kept',
    'sphinx rules try 1:2019401 night.pcap\nsphinx rules try \'alert tcp any any -> any 104 (msg:"x"; sid:1;)\' night.pcap',
  )
    .argument('<rule>', 'rule as 1:2019401, or its text')
    .argument('<capture>', 'capture file, or id of a source whose packets are still there')
    .action((rule: string, capture: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const query = new URLSearchParams(/^\d+:\d+$/.test(rule) ? { id: rule } : { rule });
        const content = capture.startsWith('src_') ? undefined : await readFile(capture);
        if (content === undefined) query.set('source', capture);
        const trial = await client.send<DetectionTrial>('POST', `/rules/trial?${query}`, content);
        tell(options, trial, trialText(trial));
      }),
    );
}

function valueListsCommand(): Command {
  return defineCommand('lists', 'list reputation lists and datasets with who uses them', 'sphinx rules lists').action(
    (_options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const lists = await readAllPages<ListView>(client, '/rule-lists');
        tell(options, lists, lists.length === 0 ? 'No list yet.' : listTable(lists));
      }),
  );
}

function putListCommand(): Command {
  return defineCommand(
    'list-put',
    'make a list of the lines of a file, or give one other entries',
    'sphinx rules list-put BadHosts bad.txt --type reputation',
  )
    .argument('<name>', 'name under which rules use it: of datasets the file, of reputation lists the category')
    .argument('<file>', 'one entry a line')
    .addOption(
      new Option('--type <type>', 'what the entries are')
        .choices(['string', 'md5', 'sha256', 'ip', 'reputation'])
        .makeOptionMandatory(),
    )
    .option('--base64', 'strings stand there as base64, as Suricata keeps them')
    .action((name: string, file: string, _options: CommonOptions, self: Command) =>
      withRunningClient(self, async (client, options) => {
        const { type, base64 } = self.opts<{ type: string; base64?: boolean }>();
        const query = new URLSearchParams({ type, encoding: base64 === true ? 'base64' : 'plain' });
        await client.send('PUT', `/rule-lists/${encodeURIComponent(name)}?${query}`, await readFile(file));
        tell(options, { name }, `${printable(name)} is there. Rules use it at once.`);
      }),
    );
}

function takenText({ title, loaded, rejected, id }: SetView): string {
  return `${printable(title)} (${id}): ${loaded} rules loaded, ${rejected} rejected.`;
}

function tell({ json }: CommonOptions, value: unknown, text: string): void {
  if (json) printJson(value);
  else print(text);
}
