import type { GateVerdict, InputKind, ReasonCode } from '../../src/shared/analysis.ts';
import type { FindingsManifest, PackManifest } from '../../src/shared/pack.ts';
import { sha256Hex } from '../../src/shared/sha256.ts';

/** One picture as one network answered: a line of `scores.jsonl`. */
export interface ScoredImage {
  /** As the table of labels names it. */
  readonly file: string;
  /** Which network, and which packs beside it: `answererKey`. */
  readonly network: string;
  /** Of the file, so that one that was changed is read again. */
  readonly bytes: number;
  readonly modifiedMs: number;
  readonly answer:
    | {
        /** The network's raw outputs, in the pack's order. */
        readonly logits: readonly number[];
        readonly verdict: GateVerdict;
        readonly reasons: readonly ReasonCode[];
        readonly inputKind: InputKind;
        /** Pixels as stored in the file. */
        readonly width: number;
        readonly height: number;
        /** Where each map is highest: shares of the picture's width and height, in the pack's order. */
        readonly peaks: readonly (readonly [x: number, y: number])[];
        /** Middle of the box around both lungs; absent where no lungs were found. */
        readonly lungsCentre?: readonly [x: number, y: number];
        /** Middle of what the network saw. */
        readonly centre: readonly [x: number, y: number];
      }
    | { readonly error: string };
}

/**
 * What decides over an answer: input, graph, weights and the gate's statistics. Thresholds, calibration and card do not, so a
 * pack whose figures were renewed keeps what was read.
 */
export async function networkKey({ id, input, outputs, findings, files }: FindingsManifest): Promise<string> {
  const deciding = files.filter(
    ({ path }) => path === 'model.json' || (path.endsWith('.bin') && path !== 'synthetic-xray.bin'),
  );
  const text = JSON.stringify([input, outputs, findings.map((finding) => finding.id), deciding]);
  const keyDigits = 16;
  return `${id}:${(await sha256Hex(new TextEncoder().encode(text))).slice(0, keyDigits)}`;
}

/** The network and the packs that answer beside it (gate, lungs): another one of them, another answer. */
export async function answererKey(findings: FindingsManifest, beside: readonly PackManifest[]): Promise<string> {
  return [await networkKey(findings), ...beside.map(({ id, version }) => `${id}@${version}`)].join(' + ');
}
