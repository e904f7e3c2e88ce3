import { expect } from '@open-wc/testing';
import { gateOnHeader } from '../../../src/inference/gate/header-gate.ts';
import type { DicomFacts, ImageSource } from '../../../src/shared/analysis.ts';

function source(facts: Partial<DicomFacts>): ImageSource {
  return {
    kind: 'dicom',
    inputKind: 'digital',
    format: 'dicom',
    storedWidth: 10,
    storedHeight: 10,
    orientation: 1,
    bitsPerSample: 12,
    dicom: {
      transferSyntax: '1.2.840.10008.1.2.1',
      transferSyntaxName: 'Explicit VR Little Endian',
      photometric: 'MONOCHROME2',
      voi: { kind: 'percentiles' },
      voiChoices: 0,
      frame: 1,
      frames: 1,
      pipeline: 1,
      ...facts,
    },
  };
}

function reasons(facts: Partial<DicomFacts>): string[] {
  return gateOnHeader(source(facts)).map(({ code, severity }) => `${severity} ${code}`);
}

describe('gateOnHeader', () => {
  it('says nothing of other pictures, and of a header that says nothing', () => {
    const { dicom, ...raster } = source({});
    expect(dicom).not.to.equal(undefined);
    expect(gateOnHeader(raster)).to.deep.equal([]);
    expect(reasons({})).to.deep.equal([]);
  });

  it('lets plain radiography pass, asks about open modalities, refuses the rest', () => {
    for (const modality of ['CR', 'DX', 'RG', 'DR']) expect(reasons({ modality })).to.deep.equal([]);
    for (const modality of ['OT', 'SC']) expect(reasons({ modality })).to.deep.equal(['warn header-modality']);
    for (const modality of ['CT', 'MR', 'MG', 'US', 'NM', 'RTDOSE']) {
      expect(reasons({ modality })).to.deep.equal(['refuse header-modality']);
    }
  });

  it('knows the chest in some languages, refuses other parts, and doubts what it does not know', () => {
    for (const bodyPart of ['CHEST', 'Thorax', 'CHEST PA', 'TORAX', 'LUNG', 'RIBS', 'UNKNOWN']) {
      expect(reasons({ bodyPart })).to.deep.equal([]);
    }
    for (const bodyPart of ['HAND', 'CSPINE', 'hip']) {
      expect(reasons({ bodyPart })).to.deep.equal(['refuse header-body-part']);
    }
    expect(reasons({ bodyPart: 'PORTABLE' })).to.deep.equal(['warn header-body-part']);
  });

  it('refuses views from the side, not decubitus ones', () => {
    for (const viewPosition of ['LL', 'RL', 'LATERAL'])
      expect(reasons({ viewPosition })).to.deep.equal(['refuse lateral']);
    for (const viewPosition of ['PA', 'AP', 'LLD', 'RLD']) expect(reasons({ viewPosition })).to.deep.equal([]);
  });

  it('warns of children, with the age and the limit', () => {
    expect(reasons({ patientAgeYears: 18 })).to.deep.equal([]);
    expect(gateOnHeader(source({ patientAgeYears: 0.25 }))).to.deep.equal([
      { code: 'header-age', severity: 'warn', value: 0.25, threshold: 18 },
    ]);
  });

  it('tells lossy history, and warns beyond 10 : 1', () => {
    expect(reasons({ lossy: {} })).to.deep.equal(['info lossy-history']);
    expect(reasons({ lossy: { ratio: 10 } })).to.deep.equal(['info lossy-history']);
    expect(reasons({ lossy: { ratio: 10.5 } })).to.deep.equal(['warn lossy-history']);
  });

  it('warns of burned-in annotation where the header says so, and of raw values', () => {
    expect(reasons({ burnedInAnnotation: true })).to.deep.equal(['warn burned-in-text']);
    expect(reasons({ burnedInAnnotation: false })).to.deep.equal([]);
    expect(reasons({ presentationIntent: 'FOR PROCESSING' })).to.deep.equal(['warn header-for-processing']);
  });
});
