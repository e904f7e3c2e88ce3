/**
 * Weights of `measureBlur`, fitted to 914 synthetic photographs by training/photo/fit_photo_blur.py, which writes this file:
 * one a measurement, in the order of `blurFeatureNames`.
 */
export const blurWeights = {
  weights: [
    0.1197, -0.08379, 0.06052, -0.9106, -0.03577, -0.3815, 0.02985, 0.2137, 0.2057, 0.2521, -0.1487, 0.2924, 0.3935,
    0.1861, 0.04524, -0.09548, 0.3907, -0.05834, -0.05891, 0.0922, -0.01559, 0.2374,
  ],
  bias: -1.95,
} as const;
