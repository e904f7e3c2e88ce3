import { expect } from '@open-wc/testing';
import { composeAnnotated, composeResult } from '../../../src/app/compose-result.ts';
import { exportJson } from '../../../src/app/export-json.ts';
import type { Analysis } from '../../../src/shared/analysis.ts';
import { someAnnotations, someReadImage } from './some-reading.ts';

describe('export-json', () => {
  it('writes the analysis and nothing else', () => {
    const analysis = composeAnnotated(someReadImage(), someAnnotations(), { maps: false });
    const { json } = exportJson(analysis);
    expect(JSON.parse(json)).to.deep.equal(analysis);
    expect(Object.keys(JSON.parse(json) as Analysis)).to.not.include('maps');
  });

  it('has maps when asked for', () => {
    const { json } = exportJson(composeAnnotated(someReadImage(), someAnnotations(), { maps: true }));
    expect((JSON.parse(json) as Analysis).maps).to.deep.equal(someReadImage().reading.maps);
  });

  it('has the patient only when asked for', () => {
    const read = { ...someReadImage(), patient: { name: 'Nobody At All' } };
    const saved = (options: { readonly maps: boolean; readonly patient?: boolean }): string =>
      exportJson(composeAnnotated(read, someAnnotations(), options)).json;
    expect(saved({ maps: true })).to.not.include('Nobody');
    expect((JSON.parse(saved({ maps: false, patient: true })) as Analysis).patient).to.deep.equal(read.patient);
    expect(composeResult(read, someAnnotations()).patient).to.equal(read.patient);
    expect(JSON.stringify(composeResult(read, someAnnotations()).analysis)).to.not.include('Nobody');
  });

  it('names the file after the label and the time, fit for every file system', () => {
    const named = (label: string): string =>
      exportJson(composeAnnotated(someReadImage(), { ...someAnnotations(), label }, { maps: false })).fileName;
    expect(named('Ward 3 / bed:2.png')).to.equal('chester-Ward-3-bed-2-2026-03-09T14-05-59.json');
    expect(named('../../etc/passwd')).to.equal('chester-etc-passwd-2026-03-09T14-05-59.json');
    expect(named('صدر')).to.equal('chester-صدر-2026-03-09T14-05-59.json');
    expect(named('a\u202egnp')).to.equal('chester-agnp-2026-03-09T14-05-59.json');
    expect(named('***')).to.equal('chester-2026-03-09T14-05-59.json');
  });

  it('records an override and keeps the verdict and its reasons', () => {
    const overridden = { codes: ['not-an-xray'] as const, at: '2026-03-09T14:06:00.000Z' };
    const { gate } = composeAnnotated(someReadImage(), { ...someAnnotations(), overridden }, { maps: false });
    expect(gate).to.deep.equal({ ...someReadImage().reading.gate, overridden });
  });

  it('makes a result that tells the synthetic example', () => {
    const result = composeResult(someReadImage(), {
      ...someAnnotations(),
      synthetic: { drawnFindings: ['Cardiomegaly', 'Effusion'] },
    });
    expect(result.synthetic).to.deep.equal({ drawnFindings: ['Cardiomegaly', 'Effusion'] });
    expect(result.kept).to.equal(false);
    expect(result.analysis.maps).to.equal(undefined);
  });
});
