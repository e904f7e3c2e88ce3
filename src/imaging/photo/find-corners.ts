import type { CornerProposal, CornerProposals, Corners, PhotoImage } from '../../shared/analysis.ts';
import { findEdges } from './edge-map.ts';
import { findLines, type Lines } from './find-lines.ts';
import { spansAnArea } from './homography.ts';
import { areNear, cornerDistance, neighboursOf, quadCandidates, quadOfFrame, type Quad } from './quad-candidates.ts';
import { photoTones } from './photo-tones.ts';
import { guessKind } from './photo-kind.ts';
import { mayBeFilm, quadFeatures } from './quad-features.ts';
import { scoreQuad } from './quad-score.ts';
import { reducePhoto, type SmallPhoto } from './reduce-photo.ts';
import { faintNeighbours } from './faint-sides.ts';
import { sideFeatures } from './side-features.ts';

/** Long side of the copy that is searched, pixels. */
export const searchedSide = 480;
/** Proposals: the likeliest, and others to choose from. */
const maxProposals = 3;
/** Proposals differ in a corner by at least this share of the diagonal. */
const otherProposal = 0.05;
/** A proposal this much less likely than the first is none. */
const leastShare = 0.02;
/** How many of the best are looked at with one side exchanged, in each round. */
const refinedQuads = [4, 3];
/** Of how many of the best faint edges beside their sides are looked for, in each round. */
const faintRounds = [3, 2];
/** Candidates whose corners all lie this near (share of the diagonal) are one. */
const sameQuad = 0.004;

/**
 * Where the film, or the image on a monitor, is: straight lines (Hough), their quadrilaterals, and for each of the best
 * sixty a score of what is seen along its sides, inside and outside (quad-features.ts) with weights that were fitted to
 * synthetic photographs (docs/photo-quality.md). Pure and the same on every device.
 *
 * @returns likeliest first, one to three
 */
export function findCorners(photo: PhotoImage): CornerProposals {
  const small = reducePhoto(photo, searchedSide);
  const ranked = [...candidatesOf(small)].sort(byScore);
  const best = ranked[0]!.score;
  const likelihoods = ranked.map(({ score }) => Math.exp(score - best));
  const total = likelihoods.reduce((sum, likelihood) => sum + likelihood, 0);
  const nearInSmall = otherProposal * Math.hypot(small.width, small.height);
  /** Candidates that differ in a line beside a film's edge are one film. */
  const shareOf = (of: Corners): number =>
    ranked.reduce((sum, { quad }, index) => {
      return cornerDistance(quad.corners, of) < nearInSmall ? sum + likelihoods[index]! / total : sum;
    }, 0);
  const proposals: CornerProposal[] = [];
  const near = otherProposal * Math.hypot(photo.width, photo.height);
  for (const { quad, features, score } of ranked) {
    if (proposals.length === maxProposals || Math.exp(score - best) / total < leastShare) break;
    const isWholePicture = quad.sides.every(({ line }) => line.isFrame);
    const corners = isWholePicture ? wholePicture(photo) : toPhoto(quad.corners, small.step);
    if (proposals.some((other) => cornerDistance(other.corners, corners) < near)) continue;
    const share = shareOf(quad.corners);
    proposals.push({ corners, share, isWholePicture, ...(isWholePicture ? {} : { inputKind: guessKind(features) }) });
  }
  return proposals as unknown as CornerProposals;
}

/** The corners of a picture that shows nothing but the film. */
export function wholePicture({ width, height }: { readonly width: number; readonly height: number }): Corners {
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ];
}

interface MeasuredQuad {
  readonly quad: Quad;
  readonly features: readonly number[];
  readonly sides: readonly Float32Array[];
  readonly score: number;
}

function byScore(a: MeasuredQuad, b: MeasuredQuad): number {
  return b.score - a.score;
}

/** What was measured of one candidate: of it as a whole, and of its four sides. Corners in pixels of the photograph. */
export interface MeasuredCandidate {
  readonly corners: Corners;
  readonly features: readonly number[];
  readonly sides: readonly Float32Array[];
  readonly score: number;
}

/** All candidates, for fitting the weights. */
export function measureCandidates(photo: PhotoImage): readonly MeasuredCandidate[] {
  const small = reducePhoto(photo, searchedSide);
  return candidatesOf(small).map(({ quad, ...measured }) => ({
    ...measured,
    corners: toPhoto(quad.corners, small.step),
  }));
}

/**
 * The whole picture first, then what may be a film; of the best, what one other line would make of them. Twice, because a
 * candidate may have two sides wrong.
 */
function candidatesOf(small: SmallPhoto): readonly MeasuredQuad[] {
  const { width, height } = small;
  const edges = findEdges(small);
  const lines: Lines = findLines(edges);
  const tones = photoTones(small);
  const frame = quadOfFrame(lines, width, height);
  const near = sameQuad * Math.hypot(width, height);
  const measured: MeasuredQuad[] = [];
  const add = (quad: Quad): void => {
    if (measured.some((other) => areNear(other.quad.corners, quad.corners, near))) return;
    // Lines that all but meet cross in one place.
    if (!spansAnArea(quad.corners)) return;
    const features = quadFeatures(quad, small);
    if (quad !== frame && !mayBeFilm(features)) return;
    const sides = sideFeatures(quad, tones);
    measured.push({ quad, features, sides, score: scoreQuad(features, sides) });
  };
  add(frame);
  quadCandidates(lines, width, height).forEach(add);
  /** Adds what lies beside the best, round after round; a candidate that stays among them is looked at once. */
  const addBeside = (rounds: readonly number[], beside: (quad: Quad) => readonly Quad[]): void => {
    const seen = new Set<Quad>();
    for (const count of rounds) {
      for (const { quad } of [...measured].sort(byScore).slice(0, count)) {
        if (seen.has(quad)) continue;
        seen.add(quad);
        beside(quad).forEach(add);
      }
    }
  };
  addBeside(refinedQuads, (quad) => neighboursOf(quad, lines, width, height));
  addBeside(faintRounds, (quad) => faintNeighbours(quad, tones, edges));
  return measured;
}

/** From the copy, where a pixel's centre is a whole number, to the photograph, where it is a half. */
function toPhoto(corners: Corners, step: number): Corners {
  return corners.map(({ x, y }) => ({ x: (x + 1 / 2) * step, y: (y + 1 / 2) * step })) as unknown as Corners;
}
