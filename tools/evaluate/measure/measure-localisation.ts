import type { LabelledBox } from '../labels/labelled-image.ts';
import type { LocalisationReport, PointingReport } from '../report.ts';
import { wilsonInterval } from '../statistics/wilson.ts';

/** All boxes of one finding in one picture, and where its map is highest. */
export interface PointedFinding {
  readonly finding: string;
  readonly boxes: readonly LabelledBox[];
  /** Pixels as stored in the file. */
  readonly width: number;
  readonly height: number;
  /** Shares of the picture. */
  readonly peak: readonly [x: number, y: number];
  /** Middle of the box around both lungs; absent where no lungs were found. */
  readonly lungsCentre?: readonly [x: number, y: number];
  /** Middle of what the network sees. */
  readonly centre: readonly [x: number, y: number];
}

/**
 * The pointing game (Zhang et al. 2018, Top-down neural attention by excitation backprop): a map hits where its highest place lies
 * in one of the radiologist's boxes of that finding. Without the 15 pixels of tolerance of that paper. The middle of the lungs
 * plays the same game, for boxes lie where lungs are and much is hit without looking; where no lungs were found, the middle of
 * what the network sees.
 *
 * @returns `null` where nothing has a box
 */
export function measureLocalisation(pointed: readonly PointedFinding[]): LocalisationReport | null {
  if (pointed.length === 0) return null;
  const names = [...new Set(pointed.map(({ finding }) => finding))].sort();
  return {
    ...play(pointed),
    byFinding: Object.fromEntries(names.map((name) => [name, play(pointed.filter(({ finding }) => finding === name))])),
  };
}

function play(pointed: readonly PointedFinding[]): PointingReport {
  const hits = pointed.filter(({ peak, ...picture }) => isInside(peak, picture)).length;
  const centreHits = pointed.filter(({ centre, lungsCentre = centre, ...picture }) =>
    isInside(lungsCentre, picture),
  ).length;
  const shares = pointed.flatMap((picture) => picture.boxes.map((box) => shareOf(box, picture)));
  return {
    boxes: shares.length,
    images: pointed.length,
    hits,
    interval95: wilsonInterval(hits, pointed.length) ?? null,
    centreHits,
    centreInterval95: wilsonInterval(centreHits, pointed.length) ?? null,
    withLungs: pointed.filter(({ lungsCentre }) => lungsCentre !== undefined).length,
    meanBoxShare: shares.reduce((sum, share) => sum + share, 0) / shares.length,
  };
}

type Picture = Pick<PointedFinding, 'boxes' | 'width' | 'height'>;

function isInside([x, y]: readonly [number, number], picture: Picture): boolean {
  return picture.boxes.some((box) => {
    const { width, height } = box.of ?? picture;
    const [left, top] = [x * width - box.x, y * height - box.y];
    return left >= 0 && left <= box.width && top >= 0 && top <= box.height;
  });
}

function shareOf(box: LabelledBox, picture: Picture): number {
  const { width, height } = box.of ?? picture;
  return (box.width * box.height) / (width * height);
}
