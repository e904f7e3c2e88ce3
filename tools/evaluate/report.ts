/** What `report.json` says. Shares and probabilities are 0..1, intervals are 95 %; `null` stands for what cannot be said. */

import type { Grade, InputKind } from '../../src/shared/analysis.ts';
import type { OperatingPoint } from '../../src/shared/pack.ts';
import type { LungsFigures } from '../pack/lungs/measure-lungs.ts';
import type { CalibrationBin } from './statistics/calibration-error.ts';

export const reportFormatVersion = 1;

export type Interval = readonly [low: number, high: number];

export interface Measured {
  readonly value: number;
  readonly interval95: Interval | null;
}

/** How well stated probabilities agree with what was there. */
export interface CalibrationReport {
  /** Logistic recalibration of the log-odds: 1 and 0 are perfect. `null` where no fit exists. */
  readonly slope: Measured | null;
  readonly intercept: Measured | null;
  /** Intercept with the slope held at 1. */
  readonly inTheLarge: Measured | null;
  readonly meanProbability: number;
  readonly rate: number;
  readonly brier: number;
  /** Over `bins`, mean absolute difference. */
  readonly expectedError: number;
  /** Over `bins`, root of the debiased mean squared difference. */
  readonly debiasedError: number;
  readonly bins: readonly CalibrationBin[];
}

export interface FindingReport {
  readonly id: string;
  readonly images: number;
  readonly positives: number;
  readonly positivePatients: number;
  readonly auc: Measured | null;
  /** By the lower end of the AUC's interval. */
  readonly grade: Grade;
  /** Of the shipped thresholds, or of those fitted on the other folds. */
  readonly sensitivity: Measured | null;
  readonly specificity: Measured | null;
  /** The score itself, as if it were a probability. */
  readonly score: CalibrationReport;
  /** The pack's calibrated probability moved to this sample's prevalence, or the one fitted on the other folds. */
  readonly probability: CalibrationReport | null;
  readonly roc: readonly (readonly [falsePositiveRate: number, truePositiveRate: number])[];
}

export interface MacroReport extends Measured {
  /** Findings that the mean is over: those with positives and negatives. */
  readonly findings: number;
}

export interface GroupReport {
  readonly attribute: string;
  /** The mean is over the findings that every level has enough patients of, so that levels can be compared. */
  readonly macroOver: readonly string[];
  readonly levels: readonly {
    readonly level: string;
    readonly images: number;
    readonly patients: number;
    readonly macroAuc: Measured | null;
    readonly findings: readonly Pick<FindingReport, 'id' | 'positives' | 'auc' | 'score' | 'probability'>[];
  }[];
}

export interface GateReport {
  readonly kinds: readonly {
    /** From the table's `kind` column or the sub-folder; `labelled` for pictures with labels of findings. */
    readonly kind: string;
    readonly images: number;
    readonly pass: number;
    readonly warn: number;
    readonly refuse: number;
    readonly refused: Interval | null;
    readonly reasons: Readonly<Record<string, number>>;
  }[];
}

export interface PointingReport {
  readonly boxes: number;
  readonly images: number;
  readonly hits: number;
  readonly interval95: Interval | null;
  /** The middle of the lungs as the lungs pack finds them, else of what the network sees, taken as the answer. */
  readonly centreHits: number;
  readonly centreInterval95: Interval | null;
  /** Pictures in which lungs were found. */
  readonly withLungs: number;
  /** Mean share of the picture that the boxes cover: what a random point would hit. */
  readonly meanBoxShare: number;
}

export interface LocalisationReport extends PointingReport {
  readonly byFinding: Readonly<Record<string, PointingReport>>;
}

/** Against drawn lungs and hearts. */
export interface LungsReport extends LungsFigures {
  /** `id@version` */
  readonly pack: string;
}

export interface FoldReport {
  readonly fold: string;
  readonly pack: string;
  readonly images: number;
  readonly macroAuc: number;
}

export interface Report {
  readonly formatVersion: typeof reportFormatVersion;
  readonly createdAt: string;
  readonly appVersion: string;
  /** Where the figures are from, in words: stands beside every figure in pack and card. */
  readonly measuredOn: string;
  readonly packs: readonly {
    readonly id: string;
    readonly version: string;
    readonly title: string;
    readonly network: string;
  }[];
  readonly crossValidated: boolean;
  readonly data: {
    readonly images: number;
    readonly labelled: number;
    readonly patients: number;
    readonly missing: number;
    /** Error code → pictures that could not be read. */
    readonly unreadable: Readonly<Record<string, number>>;
    /** Findings of the pack that the table never names: not measured. */
    readonly unlabelledFindings: readonly string[];
  };
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  readonly findings: readonly FindingReport[];
  readonly macroAuc: MacroReport | null;
  readonly folds: readonly FoldReport[];
  /** Mean of the folds' own macro AUCs: what one network does, not mixed with how alike the networks are. */
  readonly meanOverFolds: number | null;
  readonly groups: readonly GroupReport[];
  readonly gate: GateReport;
  readonly localisation: LocalisationReport | null;
  readonly lungs: LungsReport | null;
}

/** What `--calibrate` writes: each entry of `findings` is a `PackFinding` without its bias. */
export interface CalibrationFile {
  readonly formatVersion: 1;
  readonly measuredOn: string;
  readonly images: number;
  readonly patients: number;
  readonly bootstrap: { readonly replicates: number; readonly seed: number };
  /** Photographs that each kind's thresholds and calibration were fitted on, and where they are from. */
  readonly photographs?: Readonly<Partial<Record<InputKind, number>>>;
  readonly photographsMeasuredOn?: string;
  readonly findings: readonly CalibratedFinding[];
}

/** `Calibration` with its covariance. */
export interface FittedCalibration {
  readonly slope: number;
  readonly intercept: number;
  readonly samplePrevalence: number;
  readonly covariance: readonly [number, number, number];
}

export interface CalibratedFinding {
  readonly id: string;
  readonly operatingPoints: { readonly digital: OperatingPoint } & Readonly<Partial<Record<InputKind, OperatingPoint>>>;
  readonly auc: {
    readonly value: number;
    readonly interval95: Interval;
    readonly positives: number;
    readonly testSet: string;
  };
  readonly grade: Grade;
  readonly calibration: { readonly digital: FittedCalibration } & Readonly<
    Partial<Record<InputKind, FittedCalibration>>
  >;
  readonly referencePrevalence: { readonly value: number; readonly source: string };
}
