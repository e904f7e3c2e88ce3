import type { CornerProposal, CornerProposals, Corners, PhotoImage } from '../../shared/analysis.ts';
import { findEdges } from './edge-map.ts';
import { findLines, type Lines } from './find-lines.ts';
import { cornerDistance, quadCandidates, quadOfFrame, type Quad } from './quad-candidates.ts';
import { mayBeFilm, quadFeatures } from './quad-features.ts';
import { scoreQuad } from './quad-score.ts';
import { reducePhoto, type SmallPhoto } from './reduce-photo.ts';

/** Long side of the copy that is searched, pixels. */
export const searchedSide = 480;
/** Proposals: the likeliest, and others to choose from. */
const maxProposals = 3;
/** Proposals differ in a corner by at least this share of the diagonal. */
const otherProposal = 0.05;
/** A proposal this much less likely than the first is none. */
const leastShare = 0.02;

/**
 * Where the film, or the image on a monitor, is: straight lines (Hough), their quadrilaterals, and for each of the best
 * sixty a score of what is seen along its sides, inside and outside (quad-features.ts) with weights that were fitted to
 * synthetic photographs (docs/photo-quality.md). Pure and the same on every device.
 *
 * @returns likeliest first, one to three
 */
export function findCorners(photo: PhotoImage): CornerProposals {
  const small = reducePhoto(photo, searchedSide);
  const ranked = candidatesOf(small)
    .map(({ quad, features }) => ({ quad, score: scoreQuad(features) }))
    .sort((a, b) => b.score - a.score);
  const best = ranked[0]!.score;
  const total = ranked.reduce((sum, { score }) => sum + Math.exp(score - best), 0);
  const proposals: CornerProposal[] = [];
  const near = otherProposal * Math.hypot(photo.width, photo.height);
  for (const { quad, score } of ranked) {
    const share = Math.exp(score - best) / total;
    if (proposals.length === maxProposals || share < leastShare) break;
    const isWholePicture = quad.sides.every(({ line }) => line.isFrame);
    const corners = isWholePicture ? wholePicture(photo) : toPhoto(quad.corners, small.step);
    if (proposals.some((other) => cornerDistance(other.corners, corners) < near)) continue;
    proposals.push({ corners, share, isWholePicture });
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
}

/** All candidates with what was measured of them, for fitting the weights. Corners in pixels of the photograph. */
export function measureCandidates(
  photo: PhotoImage,
): readonly { readonly corners: Corners; readonly features: readonly number[] }[] {
  const small = reducePhoto(photo, searchedSide);
  return candidatesOf(small).map(({ quad, features }) => ({
    corners: toPhoto(quad.corners, small.step),
    features,
  }));
}

/** The whole picture first, then what may be a film. */
function candidatesOf(small: SmallPhoto): readonly MeasuredQuad[] {
  const lines: Lines = findLines(findEdges(small));
  const frame = quadOfFrame(lines, small.width, small.height);
  const found = quadCandidates(lines, small.width, small.height);
  return [frame, ...found.filter((quad) => !quad.sides.every(({ line }) => line.isFrame))]
    .map((quad) => ({ quad, features: quadFeatures(quad, small) }))
    .filter(({ quad, features }) => quad === frame || mayBeFilm(features));
}

/** From the copy, where a pixel's centre is a whole number, to the photograph, where it is a half. */
function toPhoto(corners: Corners, step: number): Corners {
  return corners.map(({ x, y }) => ({ x: (x + 1 / 2) * step, y: (y + 1 / 2) * step })) as unknown as Corners;
}
