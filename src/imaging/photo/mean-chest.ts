/**
 * What frontal chest X-rays have in common, coarsely: the mean of 306 of NIH ChestX-ray14 (Wang et al. 2017), each
 * normalised, mirrored onto itself. Hundredths of a standard deviation; the left half of each of the rows.
 */
export const meanChest = {
  side: 12,
  leftHalves: [
    [-244, -231, -215, -170, -65, 26],
    [-137, -92, -81, -78, -50, 15],
    [-27, 14, -7, -60, -73, -1],
    [17, 41, -7, -96, -99, 6],
    [15, 42, -15, -106, -89, 30],
    [-11, 33, -20, -91, -49, 64],
    [-39, 23, -16, -55, 3, 98],
    [-65, 15, 2, 2, 54, 125],
    [-90, 8, 39, 63, 102, 148],
    [-118, 4, 75, 116, 144, 171],
    [-139, 2, 102, 150, 172, 189],
    [-138, 10, 115, 163, 183, 196],
  ],
} as const;
