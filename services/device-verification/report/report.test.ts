import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Asset, Verification } from '@sphinx/schema';
import { describe, expect, it } from 'vitest';
import { assetOfFixture, FIXTURE_START } from '../checks/fixture.ts';
import { loadVerificationKnowledge } from '../knowledge/load-knowledge.ts';
import { KNOWLEDGE_FOLDER } from '../test-knowledge.ts';
import { verifyAsset } from '../verify-asset.ts';
import { renderAnalysisReportHtml } from './analysis-html.ts';
import { renderAnalysisReportPdf } from './analysis-pdf.ts';
import { renderReportHtml } from './html.ts';
import { renderReportPdf } from './pdf.ts';

const run = promisify(execFile);
const hasPdftotext = await run('pdftotext', ['-v']).then(
  () => true,
  () => false,
);
const knowledge = await loadVerificationKnowledge(KNOWLEDGE_FOLDER);
const NOW = FIXTURE_START + 86_400_000;

const PUMP = assetOfFixture(
  {
    facts: { kind: 'infusion-pump', patientSafetyClass: 'life-sustaining' },
    services: [{ protocol: 'telnet', port: 23 }],
    evidence: [
      { attribute: 'telnet.server', value: 'true', port: 23 },
      { attribute: 'arp.address', value: '10.0.0.5', role: 'self' },
    ],
  },
  { id: 'ast_pump', name: 'Pump of ward 3', isSample: true },
);
const SERVER = assetOfFixture(
  {
    facts: { kind: 'his-server', patientSafetyClass: 'care-support' },
    services: [{ protocol: 'hl7', port: 2576, isEncrypted: true }],
    evidence: [{ attribute: 'tls.server.version', value: 'TLS 1.3', port: 2576 }],
  },
  { id: 'ast_server', name: 'Server' },
);
const judge = (asset: Asset): Verification => verifyAsset(asset, knowledge, NOW);

async function textOf(pdf: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sphinx-report-'));
  try {
    await writeFile(join(folder, 'report.pdf'), pdf);
    const { stdout } = await run('pdftotext', ['-layout', join(folder, 'report.pdf'), '-']);
    return stdout.replace(/[\s\u200b]+/g, ' ');
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the report on one verification', () => {
  it('gives the verdict, every failure with what was seen, its remedy and its sources', () => {
    const verification = judge(PUMP);
    const text = renderReportHtml(verification, PUMP, undefined);
    expect(text).toContain('Rejected');
    const failures = verification.results.filter(({ outcome }) => outcome === 'fail');
    expect(failures.length).toBeGreaterThan(0);
    for (const { title, remedy, references } of failures) {
      expect(text).toContain(title);
      expect(text).toContain(remedy.replaceAll("'", '&#39;'));
      expect(text).toContain(references[0]?.title);
    }
    expect(text).toMatch(/packet \d+ of fixture\.pcap/);
    expect(text.match(/<tr><th scope="row">/g)).toHaveLength(verification.results.length);
  });

  it('says that a sample is a sample, and loads nothing from anywhere', () => {
    const text = renderReportHtml(judge(PUMP), PUMP, undefined);
    expect(text).toContain('Sample: generated traffic');
    expect(renderReportHtml(judge(SERVER), SERVER, undefined)).not.toContain('Sample: generated traffic');
    expect(text).not.toMatch(/<script|<link|<img|@import|url\(/);
  });

  it('shows a hostile name as the text that it is', async () => {
    const name = '<script>alert(1)</script>"\u0007';
    const hostile = { ...SERVER, name };
    const text = renderReportHtml(judge(hostile), hostile, undefined);
    expect(text).not.toContain('<script');
    expect(text).toContain('&lt;script&gt;');
    expect((await renderReportPdf(judge(hostile), hostile, undefined)).length).toBeGreaterThan(1000);
  });

  it('can be written when the asset is no longer there', async () => {
    expect(renderReportHtml(judge(SERVER), undefined, undefined)).toContain('Verification of Server');
    expect(Buffer.from(await renderReportPdf(judge(SERVER), undefined, undefined)).toString('latin1', 0, 5)).toBe(
      '%PDF-',
    );
  });

  it.skipIf(!hasPdftotext)('says the same as PDF (read back with pdftotext)', async () => {
    const verification = judge(PUMP);
    const text = await textOf(await renderReportPdf(verification, PUMP, undefined));
    expect(text).toContain('Rejected.');
    for (const { title } of verification.results.filter(({ outcome }) => outcome === 'fail')) {
      expect(text).toContain(title);
    }
    expect(text).toContain(verification.policy.version);
    expect(text).toContain('Sample: generated traffic');
  });
});

describe('the report on an analysis', () => {
  const assets = [SERVER, PUMP];
  const verifications = assets.map(judge);

  it('begins with what is most pressing, and counts the verdicts', () => {
    const text = renderAnalysisReportHtml(assets, verifications);
    expect(text).toContain('2 assets found: 1 rejected, 0 conditional');
    expect(text.indexOf('Pump of ward 3')).toBeLessThan(text.indexOf('>Server<'));
    expect(text).toContain('Contains sample assets');
  });

  it('leaves out checks that could not be judged, and what is said about certificates', () => {
    const text = renderAnalysisReportHtml(assets, verifications);
    expect(text).not.toContain('Nothing was seen that would show it');
    expect(text).not.toContain('none: the verdict earns none');
    expect(text).toMatch(/\d+ not observed/);
  });

  it('is written without assets, too', async () => {
    expect(renderAnalysisReportHtml([], [])).toContain('0 assets found');
    expect((await renderAnalysisReportPdf([], [])).length).toBeGreaterThan(1000);
  });

  it('tells of files by their type and what matched, with every text as text', () => {
    const matched = { rules: 'EICAR_Test_File', name: '<b>x</b>.com', type: 'text', from: '10.0.0.1', to: '10.0.0.2' };
    const text = renderAnalysisReportHtml(assets, verifications, {
      types: [{ title: 'PE32 executable', files: 1200, bytes: 5_000_000, matched: 1 }],
      matched: [{ ...matched, protocol: 'http', sha256: 'a'.repeat(64) }],
    });
    expect(text).toContain('<td>PE32 executable</td><td>1,200</td><td>5,000,000</td><td>1</td>');
    expect(text).toContain('&lt;b&gt;x&lt;/b&gt;.com, text');
    expect(renderAnalysisReportHtml(assets, verifications)).not.toContain('Files that crossed');
  });

  it.skipIf(!hasPdftotext)('names every file that matched, as PDF', async () => {
    const sha256 = 'ab'.repeat(32);
    const matched = { rules: 'EICAR_Test_File', name: 'x.com', type: 'text', from: '10.0.0.1', to: '10.0.0.2' };
    const files = { types: [], matched: [] };
    const types = [{ title: 'ASCII text', files: 1, bytes: 68, matched: 1 }];
    const pdf = await renderAnalysisReportPdf([], [], { types, matched: [{ ...matched, protocol: 'http', sha256 }] });
    const text = await textOf(pdf);
    expect(text).toContain('EICAR_Test_File');
    expect(text.replaceAll(/\s/g, '')).toContain(sha256.slice(0, 32));
    expect(await textOf(await renderAnalysisReportPdf([], [], files))).not.toContain('Files that crossed');
  });

  it.skipIf(!hasPdftotext)('names every asset as PDF (read back with pdftotext)', async () => {
    const text = await textOf(await renderAnalysisReportPdf(assets, verifications));
    for (const { name } of assets) expect(text).toContain(name);
  });
});
