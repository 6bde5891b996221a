import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, CustomTableLayout, TDocumentDefinitions } from 'pdfmake/interfaces.js';

const FONT_FOLDER = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', 'Roboto');

/** Thin grey lines between rows, a dark one below the head where there is one. */
export const QUIET_LINES: CustomTableLayout = {
  hLineWidth: (row, { table }) => (row === 0 || row === table.body.length ? 0 : row === table.headerRows ? 1 : 0.5),
  hLineColor: (row, { table }) => (row === table.headerRows ? '#1a1f26' : '#c6ccd4'),
  vLineWidth: () => 0,
};

/**
 * Lays a document out as PDF. Roboto of the pdfmake package is embedded: it has Latin, Greek and Cyrillic letters, which
 * the standard fonts of PDF have not. Nothing is fetched from the network and no other file is read.
 *
 * @param sheet.title shown by readers and in the foot of each page
 * @param sheet.subject what kind of document it is
 * @param sheet.time when it was made, milliseconds since the Unix epoch
 */
export function renderPdf(sheet: {
  readonly title: string;
  readonly subject: string;
  readonly time: number;
  readonly content: Content[];
}): Promise<Uint8Array> {
  const { title, subject, time, content } = sheet;
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONT_FOLDER + sep));
  pdfmake.setFonts({
    Roboto: {
      normal: join(FONT_FOLDER, 'Roboto-Regular.ttf'),
      bold: join(FONT_FOLDER, 'Roboto-Medium.ttf'),
      italics: join(FONT_FOLDER, 'Roboto-Italic.ttf'),
      bolditalics: join(FONT_FOLDER, 'Roboto-MediumItalic.ttf'),
    },
  });
  const definition: TDocumentDefinitions = {
    info: { title, author: 'SPHINX', subject, creationDate: new Date(time) },
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    defaultStyle: { font: 'Roboto', fontSize: 9.5, lineHeight: 1.25, color: '#1a1f26' },
    styles: {
      title: { fontSize: 19, bold: true, margin: [0, 0, 0, 2] },
      chapter: { fontSize: 16, bold: true, margin: [0, 0, 0, 2] },
      heading: { fontSize: 12.5, bold: true, margin: [0, 14, 0, 4] },
      lead: { color: '#414b58', margin: [0, 0, 0, 8] },
      meta: { color: '#414b58', fontSize: 8.5 },
      tableHead: { bold: true, fillColor: '#eef1f5' },
    },
    footer: (current, total) => ({
      columns: [
        { text: title, style: 'meta' },
        { text: `Page ${current} of ${total}`, style: 'meta', alignment: 'right' },
      ],
      margin: [48, 16, 48, 0],
    }),
    content,
  };
  return pdfmake.createPdf(definition).getBuffer();
}
