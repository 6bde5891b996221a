import type { AvailabilityState } from '@sphinx/schema';

/** What staff see of a service: no address, no reason, no name of a person. */
export interface PublicService {
  readonly name: string;
  readonly state: AvailabilityState;
  /** Milliseconds since the Unix epoch; null before the first check. */
  readonly since: number | null;
  readonly care: string;
  readonly isInMaintenance: boolean;
}

export interface PublicMaintenance {
  /** null: every service. */
  readonly name: string | null;
  readonly from: number;
  readonly until: number;
  readonly note: string;
}

export interface PublicStatus {
  readonly at: number;
  readonly services: readonly PublicService[];
  readonly maintenance: readonly PublicMaintenance[];
}

const WORDS: Readonly<Record<AvailabilityState, { readonly sign: string; readonly text: string }>> = {
  up: { sign: '●', text: 'works' },
  degraded: { sign: '▲', text: 'works in part' },
  down: { sign: '✕', text: 'does not work' },
  unknown: { sign: '?', text: 'not known' },
};
const REFRESH_SECONDS = 30;

/** The page as HTML without a script: it opens on any old browser of a ward, and comes anew by itself. */
export function statusPage({ at, services, maintenance }: PublicStatus): string {
  const failing = services.filter(({ state }) => state === 'down' || state === 'degraded').length;
  const headline =
    services.length === 0
      ? 'No service is shown here'
      : failing === 0
        ? 'No disturbance is known'
        : `${failing} of ${services.length} services are disturbed`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>${failing === 0 ? '' : `(${failing}) `}Status of services</title>
<style>
body { font-family: system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .5rem; border-bottom: 1px solid #ccc; vertical-align: top; }
.up { color: #14532d; } .degraded { color: #713f12; } .down { color: #991b1b; font-weight: bold; } .unknown { color: #444; }
small { color: #444; }
</style>
</head>
<body>
<h1>${escaped(headline)}</h1>
<p><small>As of ${timeText(at)}. This page comes anew every ${REFRESH_SECONDS} seconds.</small></p>
<table>
<thead><tr><th scope="col">Service</th><th scope="col">State</th><th scope="col">Since</th></tr></thead>
<tbody>
${services.map(row).join('\n')}
</tbody>
</table>
${maintenance.length === 0 ? '' : `<h2>Maintenance</h2>\n<ul>\n${maintenance.map(windowLine).join('\n')}\n</ul>`}
</body>
</html>
`;
}

function row({ name, state, since, care, isInMaintenance }: PublicService): string {
  const { sign, text } = WORDS[state];
  const note = isInMaintenance ? ' <small>(maintenance)</small>' : '';
  const use = care === '' ? '' : `<br><small>${escaped(care)}</small>`;
  return `<tr><th scope="row">${escaped(name)}${use}</th><td class="${state}">${sign} ${text}${note}</td><td>${since === null ? '' : timeText(since)}</td></tr>`;
}

function windowLine({ name, from, until, note }: PublicMaintenance): string {
  const words = note === '' ? '' : `: ${escaped(note)}`;
  return `<li>${name === null ? 'All services' : escaped(name)}, ${timeText(from)} to ${timeText(until)}${words}</li>`;
}

/** In the time of the machine that SPHINX runs on, which is that of the house. */
function timeText(time: number): string {
  return escaped(new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' }));
}

function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
