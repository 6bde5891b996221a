import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWindowsJson } from './json.ts';
import { windowsFields } from './windows-event.ts';
import { readWindowsXml } from './xml.ts';

const LOGON = `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>
  <System>
    <Provider Name='Microsoft-Windows-Security-Auditing' Guid='{54849625-5478-4994-a5ba-3e3b0328c30d}'/>
    <EventID Qualifiers='16384'>4624</EventID><Level>0</Level>
    <TimeCreated SystemTime='2026-11-30T07:00:00.1234567Z'/>
    <Execution ProcessID='788' ThreadID='792'/><Channel>Security</Channel><Computer>pacs01</Computer>
  </System>
  <EventData><Data Name='TargetUserName'>radiology &amp; co</Data><Data Name='LogonType'>3</Data><Data>loose</Data></EventData>
  <RenderingInfo Culture='en-US'><Message>An account was logged on.</Message></RenderingInfo>
</Event>`;

describe("an event in Windows' XML", () => {
  it('has the same fields as in an event log', () => {
    const { events, problems } = readWindowsXml(`<?xml version="1.0"?><Events>${LOGON}${LOGON}</Events>`);
    expect(problems).toEqual([]);
    expect(events).toHaveLength(2);
    expect(windowsFields(events[0] ?? { System: {} })).toMatchObject({
      EventID: 4624,
      EventID_Qualifiers: 16384,
      Channel: 'Security',
      Provider_Name: 'Microsoft-Windows-Security-Auditing',
      Execution_ProcessID: 788,
      TargetUserName: 'radiology & co',
      LogonType: '3',
      Data: 'loose',
      Message: 'An account was logged on.',
    });
  });

  it('that is made of its own elements has their leaves by name', () => {
    const xml = `<Event><System><EventID>8004</EventID><Channel>c</Channel></System><UserData><RuleAndFileData xmlns="x">
      <PolicyName>EXE</PolicyName><FilePath>C:\\a.exe</FilePath></RuleAndFileData></UserData></Event>`;
    expect(readWindowsXml(xml).events[0]?.UserData).toEqual({ PolicyName: 'EXE', FilePath: 'C:\\a.exe' });
  });

  it('is read as far as it goes where the text is damaged, and says what is wrong', () => {
    const { events, problems } = readWindowsXml(`${LOGON}<Event><System>`);
    expect(events).toHaveLength(1);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('expands no entities of its own and never throws', () => {
    const bomb = `<!DOCTYPE a [<!ENTITY b "boom">]>${LOGON.replace('radiology', '&b;')}`;
    expect(JSON.stringify(readWindowsXml(bomb))).not.toContain('boom');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '&', '/', 'Event', "'", '=', ' ', '!') }), (text) => {
        readWindowsXml(text);
      }),
    );
  });
});

describe('an event in JSON', () => {
  const system = { EventID: 4624, Channel: 'Security', Computer: 'pacs01' };

  it.each<[string, unknown]>([
    [
      'as the tree of the XML',
      {
        Event: {
          System: {
            EventID: { '#text': 4624, '#attributes': { Qualifiers: 0 } },
            Channel: 'Security',
            Computer: 'pacs01',
          },
          EventData: { LogonType: 3 },
        },
      },
    ],
    [
      'as the tree with a list of data',
      { Event: { System: system, EventData: { Data: [{ '#attributes': { Name: 'LogonType' }, '#text': '3' }] } } },
    ],
    [
      'of Winlogbeat 8',
      {
        winlog: { event_id: '4624', channel: 'Security', computer_name: 'pacs01', event_data: { LogonType: '3' } },
        event: { code: '4624' },
      },
    ],
    [
      'of Winlogbeat 6',
      { event_id: 4624, log_name: 'Security', computer_name: 'pacs01', event_data: { LogonType: '3' } },
    ],
    [
      'of NXLog',
      { EventID: 4624, Channel: 'Security', Hostname: 'pacs01', SourceName: 'x', LogonType: 3, SeverityValue: 2 },
    ],
  ])('%s has the same fields', (_, json) => {
    const fields = windowsFields(readWindowsJson(json) ?? { System: {} });
    expect(fields).toMatchObject({ EventID: 4624, Channel: 'Security', Computer: 'pacs01' });
    expect(String(fields.LogonType)).toBe('3');
  });

  it('of anything else is none', () => {
    expect(readWindowsJson({ eventName: 'ConsoleLogin', eventSource: 'signin.amazonaws.com' })).toBeUndefined();
    expect(readWindowsJson([1])).toBeUndefined();
  });

  it('never throws, whatever it holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.jsonValue(), (system_, data) => {
        readWindowsJson({ Event: { System: system_, EventData: data } });
        readWindowsJson({ winlog: system_, System: data });
        readWindowsJson(data);
      }),
    );
  });
});
