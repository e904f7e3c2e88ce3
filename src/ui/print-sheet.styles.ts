import { css } from 'lit';

/** Only paper shows it. A4 or Letter, one page for the usual number of findings. */
export const printSheetStyles = css`
  .print-sheet {
    display: none;
  }

  @media print {
    .print-sheet {
      display: grid;
      gap: 4mm;
      font-size: 9pt;
      line-height: 1.35;
      color: #000;
    }

    .print-sheet h1 {
      font-size: 15pt;
    }

    .print-sheet .warning {
      border: 2px solid #000;
      padding: 2mm 3mm;
      font-weight: 700;
    }

    .print-sheet .pictures {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 4mm;
    }

    .print-sheet figcaption {
      font-size: 8pt;
      padding-block-start: 1mm;
    }

    .print-sheet .film {
      position: relative;
      background: #000;
      print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }

    .print-sheet canvas {
      display: block;
      inline-size: 100%;
      block-size: auto;
    }

    .print-sheet .film canvas + canvas {
      position: absolute;
      inset: 0;
      block-size: 100%;
      opacity: 0.6;
    }

    .print-sheet .outlines {
      position: absolute;
      inset: 0;
      inline-size: 100%;
      block-size: 100%;
      fill: none;
      stroke: #fff;
      stroke-width: 1px;
    }

    .print-sheet .outlines path {
      vector-effect: non-scaling-stroke;
    }

    .print-sheet .outlines .heart {
      stroke-dasharray: 5px 3px;
    }

    .print-sheet table {
      border-collapse: collapse;
      inline-size: 100%;
    }

    .print-sheet th,
    .print-sheet td {
      border-block-end: 0.5pt solid #666;
      padding: 0.7mm 2mm 0.7mm 0;
      text-align: start;
      font-variant-numeric: tabular-nums;
    }

    .print-sheet td svg {
      vertical-align: -0.2em;
    }

    .print-sheet tr,
    .print-sheet figure {
      break-inside: avoid;
    }
  }
`;
