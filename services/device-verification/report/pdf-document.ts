import { QUIET_LINES, renderPdf as renderDocument } from '@sphinx/platform/pdf';
import type { Verdict } from '@sphinx/schema';
import type { Content } from 'pdfmake/interfaces.js';

export { QUIET_LINES };

export const VERDICT_COLOURS: Readonly<Record<Verdict, string>> = {
  trusted: '#10592b',
  conditional: '#7a4a00',
  rejected: '#97101f',
  'insufficient-evidence': '#414b58',
};

/** @param title shown by readers and in the foot of each page */
export function renderPdf(title: string, time: number, content: Content[]): Promise<Uint8Array> {
  return renderDocument({ title, subject: 'Verification of networked devices', time, content });
}
