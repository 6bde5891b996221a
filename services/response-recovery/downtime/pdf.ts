import { QUIET_LINES, renderPdf } from '@sphinx/platform/pdf';
import { stamp } from './html.ts';
import type { WardSheet } from './sheet.ts';

/** @returns all wards as one document, each on pages of its own */
export function downtimePdf(sheets: readonly WardSheet[], madeAt: number): Promise<Uint8Array> {
  const content = sheets.flatMap((sheet, index) => wardContent(sheet, madeAt, index > 0));
  return renderPdf({
    title: 'When screens are dark',
    subject: 'Downtime instructions and contacts of each ward',
    time: madeAt,
    content: content.length === 0 ? [{ text: 'No care area is known yet.', style: 'title' }] : content,
  });
}

type Content = Parameters<typeof renderPdf>[0]['content'];

function wardContent(
  { title, beds, always, contacts, services, after }: WardSheet,
  madeAt: number,
  isNewPage: boolean,
): Content {
  return [
    { text: `${title}: when screens are dark`, style: 'title', ...(isNewPage ? { pageBreak: 'before' as const } : {}) },
    { text: `${beds === null ? 'Beds not known' : `${beds} beds`}. ${stamp(madeAt)}`, style: 'lead' },
    { text: 'At once', style: 'heading' },
    { ol: [...always] },
    { text: 'Whom to call', style: 'heading' },
    contacts.length === 0
      ? { text: 'No contacts are stated. Add them in SPHINX, page Downtime, and export anew.', bold: true }
      : {
          layout: QUIET_LINES,
          table: {
            headerRows: 1,
            widths: ['*', '*', 'auto', '*'],
            body: [
              ['What for', 'Who', 'Telephone', 'Note'].map((text) => ({ text, style: 'tableHead' })),
              ...contacts.map(({ role, name, phone, note }) => [role, name, { text: phone, bold: true }, note]),
            ],
          },
        },
    ...services.flatMap(
      (service): Content => [
        { text: service.title, style: 'heading' },
        service.instructions.length === 0
          ? { text: 'No instructions are stated for this service: ask the lead of the shift.' }
          : { ol: [...service.instructions] },
        ...(service.without.length === 0
          ? []
          : [{ ul: [...service.without], style: 'meta', margin: [0, 4, 0, 0] as [number, number, number, number] }]),
        ...(service.devices.length === 0 ? [] : [{ text: `Devices: ${service.devices.join(', ')}`, style: 'meta' }]),
      ],
    ),
    { text: 'When it comes back', style: 'heading' },
    { ol: [...after] },
  ];
}
