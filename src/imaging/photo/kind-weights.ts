/**
 * Weights of `guessKind`, fitted to 1367 synthetic photographs by training/photo/fit_photo_kind.py, which writes this file:
 * one a measurement, in the order of `quadFeatureNames`.
 */
export const kindWeights = {
  weights: [
    -1.038, -1.58, -2.75, -0.4568, -2.276, -0.1724, -0.04805, 3.219, 0.4755, -0.1391, -4.698, -6.537, -2.639, 19.77,
    -4.566, -23.04, 1.553, 1.56, 0.5709, -0.3152, -1.005, -3.723, 0.07087,
  ],
  bias: 6.114,
} as const;
