import type {
  AssetRiskDetail,
  AssetRiskItem,
  CareRiskItem,
  ControlItem,
  ForecastItem,
  RiskSummary,
  ThreatRiskItem,
  TrackRecordItem,
} from '@sphinx/service-risk-assessment';
import type { Command } from 'commander';
import { readAllPages } from '../client/all-pages.ts';
import type { ApiClient } from '../client/api-client.ts';
import { findAssetId } from '../client/find-asset.ts';
import { print, printJson } from '../terminal/output.ts';
import { forecastText } from '../terminal/risk-register-text.ts';
import { assetRiskTable, assetRiskText, controlTable, riskText, threatTable } from '../terminal/risk-text.ts';
import { type CommonOptions, defineCommand } from './command-line.ts';
import { appetiteCommand, proposalsCommand, registerCommand } from './risk-register.ts';
import { runRisk } from './risk-run.ts';

const EXAMPLE = `sphinx risk
sphinx risk assets --level high
sphinx risk show pacs`;

/** `sphinx risk [assets | show | threats | controls | control | register | proposals | appetite | forecast | report | export]` */
export function riskCommand(): Command {
  return defineCommand('risk', 'how likely clinical services and devices are hit, how bad, and why', EXAMPLE)
    .action((_options: CommonOptions, self: Command) => runRisk(self, showHouse))
    .addCommand(assetsCommand())
    .addCommand(showCommand())
    .addCommand(threatsCommand())
    .addCommand(controlsCommand())
    .addCommand(controlCommand())
    .addCommand(registerCommand())
    .addCommand(proposalsCommand())
    .addCommand(appetiteCommand())
    .addCommand(forecastCommand())
    .addCommand(reportCommand())
    .addCommand(exportCommand());
}

async function showHouse(client: ApiClient, isJson: boolean): Promise<void> {
  const summary = await client.send<RiskSummary>('GET', '/risk/summary');
  const services = await readAllPages<CareRiskItem>(client, '/risk/services?');
  if (isJson) printJson({ ...summary, clinicalServices: services });
  else print(riskText(summary, services));
}

function assetsCommand(): Command {
  return defineCommand('assets', 'list devices, the greatest risk first', 'sphinx risk assets --level moderate')
    .option('--level <level>', 'this and above: very-high, high, moderate or low')
    .option('--search <text>', 'part of a name, kind, zone or care area')
    .option('--limit <count>', 'how many at most', '50')
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const query = new URLSearchParams();
        const options = self.opts<{ level?: string; search?: string; limit: string }>();
        for (const name of ['level', 'search', 'limit'] as const) {
          const value = options[name];
          if (value !== undefined) query.set(name, value);
        }
        const { items } = await client.send<{ items: readonly AssetRiskItem[] }>('GET', `/risk/assets?${query}`);
        if (isJson) printJson(items);
        else print(items.length === 0 ? 'No device fits.' : assetRiskTable(items));
      }),
    );
}

function showCommand(): Command {
  return defineCommand('show', 'tell the risk of a device with all reasons', 'sphinx risk show pacs')
    .argument('<asset>', 'id, IP address, MAC address or name')
    .action((asset: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const id = await findAssetId(client, asset);
        const detail = await client.send<AssetRiskDetail>('GET', `/risk/assets/${encodeURIComponent(id)}`);
        if (isJson) printJson(detail);
        else print(assetRiskText(detail));
      }),
    );
}

function threatsCommand(): Command {
  return defineCommand('threats', 'list threats to the hospital, the likeliest first', 'sphinx risk threats').action(
    (_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const threats = await readAllPages<ThreatRiskItem>(client, '/risk/threats?');
        if (isJson) printJson(threats);
        else print(threatTable(threats));
      }),
  );
}

function controlsCommand(): Command {
  return defineCommand(
    'controls',
    'list what a hospital can do, and what was said of it',
    'sphinx risk controls',
  ).action((_options: CommonOptions, self: Command) =>
    runRisk(self, async (client, isJson) => {
      const controls = await readAllPages<ControlItem>(client, '/risk/controls?');
      if (isJson) printJson(controls);
      else print(controlTable(controls));
    }),
  );
}

function controlCommand(): Command {
  return defineCommand('control', 'say whether a control is in place', 'sphinx risk control offline-backup partly')
    .argument('<control>', 'as "sphinx risk controls" lists it')
    .argument('<state>', 'yes, partly, no, or unsaid to take it back')
    .option('--note <text>', 'how you know')
    .action((control: string, state: string, _options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { note = '' } = self.opts<{ note?: string }>();
        const body = { state: state === 'unsaid' ? null : state, note };
        const stated = await client.send<ControlItem>('PUT', `/risk/controls/${encodeURIComponent(control)}`, body);
        if (isJson) printJson(stated);
        else print(`${stated.title}: ${stated.state ?? 'not stated'}. Risk is reckoned anew.`);
      }),
    );
}

function forecastCommand(): Command {
  return defineCommand(
    'forecast',
    'what is expected of the next days, with its range and how right that was',
    'sphinx risk forecast',
  ).action((_options: CommonOptions, self: Command) =>
    runRisk(self, async (client, isJson) => {
      const forecasts = await readAllPages<ForecastItem>(client, '/risk/forecasts?');
      const record = await readAllPages<TrackRecordItem>(client, '/risk/forecast-record?');
      if (isJson) printJson({ forecasts, record });
      else if (forecasts.length === 0) print('Nothing is known yet: risk is kept from the first clinical service on.');
      else print(forecastText(forecasts, record));
    }),
  );
}

function reportCommand(): Command {
  return defineCommand('report', 'write the report for the board, on one page', 'sphinx risk report --to board.pdf')
    .option('--to <file>', 'ending in .pdf or .html', 'risk-report.pdf')
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { to } = self.opts<{ to: string }>();
        await client.downloadTo(`/risk/report?format=${to.endsWith('.html') ? 'html' : 'pdf'}`, to);
        if (isJson) printJson({ file: to });
        else print(`The report is in ${to}.`);
      }),
    );
}

function exportCommand(): Command {
  return defineCommand(
    'export',
    'write everything that is known of risk to a file',
    'sphinx risk export --to risk.json',
  )
    .option('--to <file>', 'ending in .json for everything, or .csv for one table', 'risk.json')
    .option(
      '--table <table>',
      'for .csv: register, register-history, proposals, services, assets, threats, controls, forecasts',
      'register',
    )
    .action((_options: CommonOptions, self: Command) =>
      runRisk(self, async (client, isJson) => {
        const { to, table } = self.opts<{ to: string; table: string }>();
        const query = to.endsWith('.csv') ? `format=csv&table=${encodeURIComponent(table)}` : 'format=json';
        await client.downloadTo(`/risk/export?${query}`, to);
        if (isJson) printJson({ file: to });
        else print(`Written to ${to}.`);
      }),
    );
}
