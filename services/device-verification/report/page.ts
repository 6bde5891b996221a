import type { Verdict } from '@sphinx/schema';
import { VERDICT_WORDS } from './words.ts';

/** Markup that was made here, as opposed to text that came from somewhere. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Template tag: every value is escaped unless it is markup made by this tag. Lists are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly unknown[]): Markup {
  return new Markup(strings.map((part, index) => part + (index < values.length ? render(values[index]) : '')).join(''));
}

function render(value: unknown): string {
  if (value === undefined || value === null || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return escapeHtml(String(value));
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** A link where the address is one of the web; plain words otherwise. */
export function link(title: string, url: string | undefined): Markup {
  return url !== undefined && /^https?:\/\//.test(url) ? html`<a href="${url}">${title}</a>` : html`${title}`;
}

/** A whole page that needs nothing from anywhere and prints well. */
export function page(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.text;
}

/** Verdict as a word in a frame: colour helps and is never alone. */
export function verdictMark(verdict: Verdict): Markup {
  return html`<strong class="verdict ${verdict}">${VERDICT_WORDS[verdict].title}</strong>`;
}

/** A list of names and values. */
export function definitions(lines: readonly (readonly [string, string])[]): Markup {
  return html`<dl>${lines.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const STYLE = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif; color: #1a1f26; background: #fff; max-width: 60rem; margin: 0 auto; padding: 2rem 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; border-bottom: 2px solid #d4dae2; padding-bottom: .25rem; }
h3 { font-size: 1rem; margin: 0; }
a { color: #0b4f9e; }
.lead { color: #414b58; margin: 0 0 1.25rem; }
.sample { border: 2px dashed #8a5a00; padding: .5rem .75rem; font-weight: 600; color: #6b4500; }
.verdict { display: inline-block; padding: .15rem .7rem; border: 2px solid; border-radius: .3rem; }
.trusted { color: #10592b; background: #e8f6ec; }
.conditional { color: #7a4a00; background: #fdf3e0; }
.rejected { color: #97101f; background: #fdebed; }
.insufficient-evidence { color: #414b58; background: #eef1f5; }
dl { margin: 0; } dl div { display: grid; grid-template-columns: 13rem 1fr; gap: 1rem; padding: .2rem 0; border-bottom: 1px solid #e6eaef; }
dt { color: #414b58; } dd { margin: 0; overflow-wrap: anywhere; }
article { border: 1px solid #d4dae2; border-left: .35rem solid #97101f; border-radius: .3rem; padding: .75rem 1rem; margin: .75rem 0; break-inside: avoid; }
article p { margin: .35rem 0; } .meta { color: #414b58; font-size: .9em; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } caption { text-align: left; color: #414b58; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .35rem .5rem; border-bottom: 1px solid #e6eaef; overflow-wrap: anywhere; }
thead th { border-bottom: 2px solid #aeb8c4; } tbody th { font-weight: 500; }
svg { width: 11rem; height: 11rem; } .code { break-inside: avoid; }
footer { margin-top: 2rem; color: #414b58; font-size: .9em; border-top: 1px solid #d4dae2; padding-top: .5rem; }
@media print { body { padding: 0; max-width: none; font-size: 10pt; } a { color: inherit; text-decoration: none; } thead { display: table-header-group; } tr { break-inside: avoid; } }
@page { margin: 18mm; }
`;
