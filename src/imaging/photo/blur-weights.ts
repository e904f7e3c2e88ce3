/**
 * Weights of `measureBlur`, fitted to 262 synthetic photographs by training/photo/fit_photo_blur.py, which writes this file:
 * one a measurement, in the order of `blurFeatureNames`.
 */
export const blurWeights = {
  weights: [
    0.1619, -0.2157, 0.1523, -0.4921, 0.01797, -0.2778, -0.05282, 0.1477, 0.3106, 0.04785, -0.1401, -0.05075, 0.6337,
    0.1828, 0.02105, -0.03379, 0.3401, -0.008214, -0.209, 0.2895, 0.004742, 0.09109,
  ],
  bias: -1.6357,
} as const;
