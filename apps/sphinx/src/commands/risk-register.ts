import { SphinxError } from '@sphinx/platform';
import type { AppetiteView, ProposalItem, RegisterDetail, RegisterItem } from '@sphinx/service-risk-assessment';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { print, printJson } from '../terminal/output.ts';
import { appetiteText, proposalTable, registerDetailText, registerTable } from '../terminal/risk-register-text.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { runRisk } from './risk-run.ts';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

interface StatementOptions {
  readonly title?: string;
  readonly owner?: string;
  readonly treatment?: string;
  readonly consequence?: string;
  readonly description?: string;
  readonly plan?: string;
  readonly review?: string;
  readonly asset?: readonly string[];
  readonly likelihood?: string;
  readonly harm?: string;
}

/** `sphinx risk register [show | add | change | accept | close | reopen | undo]` */
export function registerCommand(): Command {
  return defineCommand(
    'register',
    'the risk register: who carries what, what is done, what is above the appetite',
    'sphinx risk register show R-3',
  )
    .option('--status <status>', 'open or closed')
    .option('--search <text>', 'part of a number, title, owner or device')
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const query = new URLSearchParams(self.opts<Record<string, string>>());
        query.delete('json');
        const entries = await readAllPages<RegisterItem>(client, `/risk/register?${query}&`);
        if (isJson) printJson(entries);
        else
          print(
            entries.length === 0
              ? 'The register is empty. "sphinx risk proposals" says what could be in it.'
              : registerTable(entries),
          );
      }),
    )
    .addCommand(showCommand())
    .addCommand(addCommand())
    .addCommand(changeCommand())
    .addCommand(acceptCommand())
    .addCommand(closeCommand())
    .addCommand(plainCommand('reopen', 'open a closed entry again'))
    .addCommand(plainCommand('undo', 'put an entry back as it was before its last change'));
}

/** `sphinx risk proposals [take | dismiss]` */
export function proposalsCommand(): Command {
  return defineCommand(
    'proposals',
    'what exceeds the appetite and is in no entry',
    'sphinx risk proposals take "kind:infusion-pump|safety" --owner "Biomedical engineering"',
  )
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const proposals = await readAllPages<ProposalItem>(client, '/risk/proposals?');
        if (isJson) printJson(proposals);
        else
          print(
            proposals.length === 0 ? 'Nothing exceeds the appetite that is in no entry.' : proposalTable(proposals),
          );
      }),
    )
    .addCommand(takeCommand())
    .addCommand(dismissCommand());
}

/** `sphinx risk appetite [--set CONSEQUENCE=LEVEL…] [--undo]` */
export function appetiteCommand(): Command {
  return defineCommand(
    'appetite',
    'highest level of each consequence that the hospital carries; state it, or take that back',
    'sphinx risk appetite --set safety=low care=moderate',
  )
    .option('--set <consequence=level...>', 'safety, care, confidentiality, integrity, compliance, money')
    .option('--undo', 'go back to what was stated before')
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { set = [], undo } = self.opts<{ set?: string[]; undo?: boolean }>();
        const view = await changeAppetite(client, set, undo === true);
        if (isJson) printJson(view);
        else print(appetiteText(view));
      }),
    );
}

async function changeAppetite(client: ApiClient, set: readonly string[], isUndone: boolean): Promise<AppetiteView> {
  if (isUndone) return client.send<AppetiteView>('POST', '/risk/appetite/undo');
  const now = await client.send<AppetiteView>('GET', '/risk/appetite');
  if (set.length === 0) return now;
  const stated = Object.fromEntries(
    set.map((pair) => {
      const [consequence = '', level = '', ...rest] = pair.split('=');
      if (!(consequence in now.appetite) || level === '' || rest.length > 0) {
        throw new SphinxError('SPX_INVALID_INPUT', `"${pair}" is not CONSEQUENCE=LEVEL, such as safety=low.`);
      }
      return [consequence, level];
    }),
  );
  return client.send<AppetiteView>('PUT', '/risk/appetite', { ...now.appetite, ...stated });
}

function showCommand(): Command {
  return defineCommand('show', 'tell an entry with its risk, loss and history', 'sphinx risk register show R-3')
    .argument('<entry>', 'number or id')
    .action((entry: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => tell(await client.send<RegisterDetail>('GET', pathOf(entry)), isJson)),
    );
}

function addCommand(): Command {
  return withStatement(
    defineCommand(
      'add',
      'add a risk',
      'sphinx risk register add "Archive without a second copy" --owner IT --treatment mitigate --consequence care --asset pacs',
    ).argument('<title>', 'what the risk is'),
  ).action((title: string, _options: CommonOptions, self: Command) =>
    runRisk(self, async (client, isJson) => {
      const statement = await statementOf(client, { ...self.opts<StatementOptions>(), title });
      tell(await client.send<RegisterDetail>('POST', '/risk/register', statement), isJson);
    }),
  );
}

function changeCommand(): Command {
  return withStatement(
    defineCommand(
      'change',
      'change what is stated; what is left out stays',
      'sphinx risk register change R-3 --owner IT',
    )
      .argument('<entry>', 'number or id')
      .option('--title <text>', 'what the risk is'),
  ).action((entry: string, _options: CommonOptions, self: Command) =>
    runRisk(self, async (client, isJson) => {
      const statement = await statementOf(client, self.opts<StatementOptions>());
      tell(await client.send<RegisterDetail>('PATCH', pathOf(entry), statement), isJson);
    }),
  );
}

function acceptCommand(): Command {
  return defineCommand(
    'accept',
    'carry a risk until a day',
    'sphinx risk register accept R-3 --until 2027-06-30 --reason "replaced then"',
  )
    .argument('<entry>', 'number or id')
    .requiredOption('--until <day>', 'YYYY-MM-DD, within a year')
    .requiredOption('--reason <text>', 'why, without data of patients')
    .action((entry: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { until, reason } = self.opts<{ until: string; reason: string }>();
        const body = { until: timeOf(until, '--until'), reason };
        tell(await client.send<RegisterDetail>('POST', `${pathOf(entry)}/accept`, body), isJson);
      }),
    );
}

function closeCommand(): Command {
  return defineCommand(
    'close',
    'close an entry; it stays in the register',
    'sphinx risk register close R-3 --reason "device is gone"',
  )
    .argument('<entry>', 'number or id')
    .requiredOption('--reason <text>', 'why, without data of patients')
    .action((entry: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { reason } = self.opts<{ reason: string }>();
        tell(await client.send<RegisterDetail>('POST', `${pathOf(entry)}/close`, { reason }), isJson);
      }),
    );
}

function plainCommand(name: 'reopen' | 'undo', description: string): Command {
  return defineCommand(name, description, `sphinx risk register ${name} R-3`)
    .argument('<entry>', 'number or id')
    .action((entry: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) =>
        tell(await client.send<RegisterDetail>('POST', `${pathOf(entry)}/${name}`), isJson),
      ),
    );
}

function takeCommand(): Command {
  return defineCommand(
    'take',
    'take a proposal into the register',
    'sphinx risk proposals take "kind:infusion-pump|safety" --owner IT',
  )
    .argument('<key>', 'as "sphinx risk proposals" lists it')
    .requiredOption('--owner <name>', 'a person or an office')
    .option('--treatment <treatment>', 'mitigate, transfer, avoid or accept', 'mitigate')
    .action((key: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { owner, treatment } = self.opts<{ owner: string; treatment: string }>();
        const path = `/risk/proposals/${encodeURIComponent(key)}/take`;
        tell(await client.send<RegisterDetail>('POST', path, { owner, treatment }), isJson);
      }),
    );
}

function dismissCommand(): Command {
  return defineCommand(
    'dismiss',
    'leave a proposal out until it is worse',
    'sphinx risk proposals dismiss "kind:camera|care" --reason "on their own network"',
  )
    .argument('<key>', 'as "sphinx risk proposals" lists it')
    .option('--reason <text>', 'why, without data of patients')
    .option('--undo', 'have it in the list again')
    .action((key: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { reason, undo } = self.opts<{ reason?: string; undo?: boolean }>();
        const path = `/risk/proposals/${encodeURIComponent(key)}/dismiss`;
        if (undo === true) await client.send('DELETE', path);
        else if (reason === undefined) throw new SphinxError('SPX_INVALID_INPUT', 'Say why with --reason.');
        else await client.send('POST', path, { reason });
        if (isJson) printJson({ key, isDismissed: undo !== true });
        else print(undo === true ? 'It is in the list again.' : 'It is left out until it is worse.');
      }),
    );
}

function withStatement(command: Command): Command {
  return command
    .option('--owner <name>', 'a person or an office')
    .option('--treatment <treatment>', 'mitigate, transfer, avoid or accept')
    .option('--consequence <consequence>', 'safety, care, confidentiality, integrity, compliance or money')
    .option('--description <text>', 'without data of patients')
    .option('--plan <text>', 'what is done, by whom, until when')
    .option('--review <day>', 'when somebody looks at it again: YYYY-MM-DD, or "none"')
    .option('--asset <asset...>', 'devices it is about: id, IP address, MAC address or name')
    .option('--likelihood <percent>', 'judgement where the model knows nothing: within 30 days')
    .option('--harm <points>', 'judgement with --likelihood: 0 to 100');
}

async function statementOf(client: ApiClient, options: StatementOptions): Promise<object> {
  const { asset, review, likelihood, harm, title, owner, treatment, consequence, description, plan } = options;
  const links =
    asset && (await Promise.all(asset.map(async (name) => ({ kind: 'asset', id: await findAssetId(client, name) }))));
  if ((likelihood === undefined) !== (harm === undefined)) {
    throw new SphinxError('SPX_INVALID_INPUT', '--likelihood and --harm stand together.');
  }
  const reviewAt = review === undefined ? undefined : review === 'none' ? null : timeOf(review, '--review');
  const stated = likelihood === undefined ? undefined : { probability: Number(likelihood) / 100, impact: Number(harm) };
  return Object.fromEntries(
    Object.entries({ title, owner, treatment, consequence, description, plan, links, reviewAt, stated }).filter(
      ([, value]) => value !== undefined,
    ),
  );
}

function pathOf(entry: string): string {
  return `/risk/register/${encodeURIComponent(entry)}`;
}

function timeOf(day: string, option: string): number {
  const time = DAY.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new SphinxError('SPX_INVALID_INPUT', `${option} is a day such as 2027-06-30.`);
  return time;
}

function tell(entry: RegisterDetail, isJson: boolean): void {
  if (isJson) printJson(entry);
  else print(registerDetailText(entry));
}
