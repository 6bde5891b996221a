import { type Clock, defineRoute, type Route } from '@sphinx/platform';
import { z } from 'zod';
import type { ForecastDesk } from '../forecast/forecast-desk.ts';
import type { MoneyDesk } from '../register/money-desk.ts';
import type { RegisterDesk } from '../register/register-desk.ts';
import { boardHtml } from '../report/board-html.ts';
import { boardPdf } from '../report/board-pdf.ts';
import { boardReport, dayText } from '../report/board-report.ts';
import { csvOf, EXPORT_TABLES, ExportTable } from '../report/export-tables.ts';
import type { ControlStore } from '../risk/control-store.ts';
import { assetItem, careRiskItem, controlItems, summaryOf, threatItems } from '../risk/describe-risk.ts';
import type { RiskDesk } from '../risk/risk-desk.ts';
import { registerDetailOf } from './register-shapes.ts';

const READ = { tag: 'risk', permission: 'risk:read' } as const;

export interface ReportRouteParts {
  readonly desk: RiskDesk;
  readonly controls: ControlStore;
  readonly register: RegisterDesk;
  readonly money: MoneyDesk;
  readonly forecasts: ForecastDesk;
  readonly clock: Clock;
}

/** What leaves the house on paper or as a file. */
export function reportRoutes(parts: ReportRouteParts): readonly Route[] {
  return [reportRoute(parts), exportRoute(parts)];
}

function reportRoute({ desk, register, money, forecasts, clock }: ReportRouteParts): Route {
  return defineRoute({
    ...READ,
    method: 'GET',
    path: '/risk/report',
    operationId: 'getRiskReport',
    summary: 'The report for the board, on one page',
    query: z.object({ format: z.enum(['pdf', 'html']).default('pdf') }),
    response: { raw: 'application/pdf' },
    handler: async ({ query }) => {
      const now = clock.now();
      const report = boardReport({ risk: desk, register, money, forecast: await forecasts.sentence(), now });
      const name = `risk-report-${dayText(now)}`;
      if (query.format === 'html') {
        return fileResponse(boardHtml(report), `${name}.html`, 'text/html; charset=utf-8', 'inline');
      }
      return fileResponse(new Uint8Array(await boardPdf(report)), `${name}.pdf`, 'application/pdf');
    },
  });
}

function exportRoute(parts: ReportRouteParts): Route {
  return defineRoute({
    ...READ,
    method: 'GET',
    path: '/risk/export',
    operationId: 'exportRisk',
    summary: 'Everything that is known of risk: all tables as JSON, or one of them as CSV',
    query: z.object({
      format: z.enum(['json', 'csv']).default('json'),
      table: ExportTable.default('register').meta({ description: 'Which table, for CSV' }),
    }),
    response: { raw: 'application/json' },
    handler: async ({ query: { format, table } }) => {
      const day = dayText(parts.clock.now());
      if (format === 'csv') {
        const csv = csvOf(await TABLES[table](parts));
        return fileResponse(csv, `risk-${table}-${day}.csv`, 'text/csv; charset=utf-8');
      }
      const tables: Record<string, unknown> = {};
      for (const name of EXPORT_TABLES) tables[name] = await TABLES[name](parts);
      const { appetite } = parts.register.store.appetite;
      const whole = { exportedAt: parts.clock.now(), summary: summaryOf(parts.desk), appetite, ...tables };
      return fileResponse(`${JSON.stringify(whole, null, 2)}\n`, `risk-${day}.json`, 'application/json');
    },
  });
}

const TABLES: Readonly<Record<ExportTable, (parts: ReportRouteParts) => Promise<readonly object[]>>> = {
  register: async ({ register, money }) =>
    Promise.all(
      register.all().map(async (judged) => {
        const { history: _history, ...row } = await registerDetailOf(judged, register, money);
        return row;
      }),
    ),
  'register-history': async ({ register }) => {
    const rows: object[] = [];
    for (const { entry } of register.all()) {
      for (const { change, by, at } of await register.store.history(entry.id)) {
        rows.push({ number: entry.number, title: entry.title, change, by, at });
      }
    }
    return rows;
  },
  proposals: async ({ register }) => register.proposals(),
  services: async ({ desk }) => {
    const places = desk.state().map.care();
    return places.map((place) => careRiskItem(desk, place)).sort((a, b) => b.points - a.points);
  },
  assets: async ({ desk }) => desk.ranked().map((place) => assetItem(desk, place)),
  threats: async ({ desk }) => threatItems(desk),
  controls: async ({ desk, controls }) => controlItems(desk, controls),
  forecasts: async ({ forecasts }) =>
    (await forecasts.scored()).map(({ subject, madeOn, days, quantiles, naive, actual, score }) => ({
      ...{ subject, madeOn, days, actual, ...score },
      quantiles,
      naive,
    })),
};

function fileResponse(
  content: string | Uint8Array<ArrayBuffer>,
  name: string,
  type: string,
  disposition: 'attachment' | 'inline' = 'attachment',
): Response {
  return new Response(content, {
    headers: {
      'content-type': type,
      'content-disposition': `${disposition}; filename="${name}"`,
      // The page brings its own style and nothing else; a file is never taken for something that it is not.
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'x-content-type-options': 'nosniff',
    },
  });
}
