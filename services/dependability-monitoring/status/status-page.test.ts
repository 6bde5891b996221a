import { describe, expect, it } from 'vitest';
import { statusPage } from './status-page.ts';

const NOW = 1_790_000_000_000;
const archive = { name: 'Archive', state: 'down', since: NOW, care: 'radiology', isInMaintenance: false } as const;

describe('The status page for staff', () => {
  it('says in words how each service is, and how many are disturbed', () => {
    const web = { ...archive, name: 'Web', state: 'up', care: '' } as const;
    const page = statusPage({ at: NOW, services: [archive, web], maintenance: [] });
    expect(page).toContain('1 of 2 services are disturbed');
    expect(page).toMatch(/Archive<br><small>radiology<\/small>.*does not work/);
    expect(page).toMatch(/Web<\/th>.*works/);
  });

  it('lets no name or note become part of the page', () => {
    const hostile = '<script>alert(1)</script>"&\'';
    const window = { name: hostile, from: NOW, until: NOW, note: hostile };
    const page = statusPage({
      at: NOW,
      services: [{ ...archive, name: hostile, care: hostile }],
      maintenance: [window],
    });
    expect(page).not.toContain('<script');
    expect(page.match(/&lt;script&gt;/g)).toHaveLength(4);
  });

  it('runs no script', () => {
    expect(statusPage({ at: NOW, services: [], maintenance: [] })).not.toMatch(/<script|\son\w+=|javascript:/);
  });
});
