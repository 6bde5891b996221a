import type { Contact } from './contact-store.ts';
import type { WardSheet } from './sheet.ts';

const STYLE = `
  body { font: 15px/1.4 system-ui, "Segoe UI", Roboto, Arial, sans-serif; color: #14181d; background: #fff; margin: 24px auto; max-width: 800px; padding: 0 16px }
  h1 { font-size: 26px; margin: 0 0 4px } h2 { font-size: 18px; margin: 20px 0 6px; border-bottom: 2px solid #14181d } h3 { font-size: 15px; margin: 12px 0 2px }
  ul, ol { margin: 4px 0 8px; padding-left: 22px } table { border-collapse: collapse; width: 100% } th, td { text-align: left; border: 1px solid #8a939e; padding: 4px 8px; vertical-align: top }
  th { background: #eef1f5 } .meta { color: #414b58; font-size: 13px } .warn { border: 2px solid #a3130f; padding: 6px 10px } .phone { font-weight: 700; white-space: nowrap }
  @media print { body { margin: 0; max-width: none; font-size: 12px } section { break-inside: avoid } nav { display: none } }`;

/** @returns the page of one ward: readable and printable by any browser, with nothing fetched from anywhere */
export function wardPage(sheet: WardSheet, madeAt: number): string {
  const { title, beds, always, services, contacts, after } = sheet;
  return page(
    `Downtime: ${title}`,
    `<nav><a href="index.html">All wards</a></nav>
<h1>${escaped(title)}: when screens are dark</h1>
<p class="meta">${beds === null ? 'Beds not known' : `${beds} beds`}. ${stamp(madeAt)}</p>
<section><h2>At once</h2>${list('ol', always)}</section>
<section><h2>Whom to call</h2>${contactTable(contacts)}</section>
${services.map(serviceSection).join('\n')}
<section><h2>When it comes back</h2>${list('ol', after)}</section>`,
  );
}

function serviceSection({ title, devices, without, instructions }: WardSheet['services'][number]): string {
  return `<section><h2>${escaped(title)}</h2>
${instructions.length === 0 ? '<p>No instructions are stated for this service: ask the lead of the shift.</p>' : list('ol', instructions)}
${without.length === 0 ? '' : `<h3>What it depends on</h3>${list('ul', without)}`}
${devices.length === 0 ? '' : `<p class="meta">Devices: ${escaped(devices.join(', '))}</p>`}</section>`;
}

/** @returns the page that leads to all wards */
export function indexPage(sheets: readonly WardSheet[], contacts: readonly Contact[], madeAt: number): string {
  const rows = sheets.map(
    ({ title, slug, beds, services }) =>
      `<tr><td><a href="${slug}.html">${escaped(title)}</a></td><td>${beds ?? 'not known'}</td><td>${escaped(services.map((each) => each.title).join(', '))}</td></tr>`,
  );
  return page(
    'Downtime: all wards',
    `<h1>When screens are dark</h1>
<p class="meta">${stamp(madeAt)} One file for all wards to print: <a href="downtime.pdf">downtime.pdf</a></p>
${sheets.length === 0 ? '<p class="warn">No care area is known yet: state care areas of devices in SPHINX, then export anew.</p>' : `<table><thead><tr><th>Ward</th><th>Beds</th><th>What is done there</th></tr></thead><tbody>${rows.join('')}</tbody></table>`}
<section><h2>Whom to call</h2>${contactTable(contacts)}</section>`,
  );
}

function contactTable(contacts: readonly Contact[]): string {
  if (contacts.length === 0) {
    return '<p class="warn">No contacts are stated. Add them in SPHINX, page Downtime, and export anew.</p>';
  }
  const rows = contacts.map(
    ({ role, name, phone, note }) =>
      `<tr><td>${escaped(role)}</td><td>${escaped(name)}</td><td class="phone">${escaped(phone)}</td><td>${escaped(note)}</td></tr>`,
  );
  return `<table><thead><tr><th>What for</th><th>Who</th><th>Telephone</th><th>Note</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function list(kind: 'ol' | 'ul', lines: readonly string[]): string {
  return `<${kind}>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</${kind}>`;
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${STYLE}</style></head><body>
${body}
</body></html>
`;
}

export function stamp(madeAt: number): string {
  return `Made by SPHINX from the care map on ${new Date(madeAt).toISOString().slice(0, 16).replace('T', ' ')} UTC.`;
}

/** Names come from the network. */
function escaped(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
