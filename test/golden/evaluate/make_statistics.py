"""Values of scikit-learn, SciPy and NumPy that `tools/evaluate/statistics/` is held to.

    python3 test/golden/evaluate/make_statistics.py > test/golden/evaluate/statistics.json

Debian: python3-sklearn (1.2.1), python3-scipy (1.10.1), python3-numpy (1.24.2).
"""

import json
import sys

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import binomtest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve

IMAGES = 240
PATIENTS = 150
BINS = 8
SENSITIVITY = 0.8


def cluster_covariance(design, labels, patients, coefficients):
    """Sandwich of Liang and Zeger (1986) with G / (G - 1), written with matrices."""
    p = expit(design @ coefficients)
    bread = np.linalg.inv(design.T @ (design * (p * (1 - p))[:, None]))
    scores = design * (labels - p)[:, None]
    sums = np.stack([scores[patients == patient].sum(axis=0) for patient in np.unique(patients)])
    factor = len(sums) / (len(sums) - 1)
    return factor * bread @ (sums.T @ sums) @ bread


def main():
    random = np.random.default_rng(7)
    patients = np.concatenate([np.arange(PATIENTS), random.integers(0, PATIENTS, IMAGES - PATIENTS)])
    effect = random.normal(size=PATIENTS)[patients]
    # Two digits: many logits are tied.
    logits = np.round(random.normal(-1, 1.2, IMAGES) + 0.4 * effect, 1)
    labels = (random.random(IMAGES) < expit(0.7 * logits - 0.4 + 0.5 * effect)).astype(int)
    weights = random.integers(0, 4, IMAGES)
    # No two alike, for numpy's bins know nothing of ties.
    probabilities = expit(logits + 1e-6 * np.arange(IMAGES))

    model = LogisticRegression(penalty=None, tol=1e-12, max_iter=10_000).fit(logits[:, None], labels)
    slope, intercept = model.coef_[0, 0], model.intercept_[0]
    design = np.stack([logits, np.ones(IMAGES)], axis=1)
    covariance = cluster_covariance(design, labels, patients, np.array([slope, intercept]))
    alone = brentq(lambda a: (labels - expit(logits + a)).sum(), -10, 10, xtol=1e-13)
    p = expit(logits + alone)
    sums = np.array([(labels - p)[patients == patient].sum() for patient in np.unique(patients)])
    variance = PATIENTS / (PATIENTS - 1) * (sums**2).sum() / (p * (1 - p)).sum() ** 2

    order = np.argsort(probabilities)
    bins = [
        (len(part), probabilities[part].mean(), labels[part].mean()) for part in np.array_split(order, BINS)
    ]
    share = np.array([count for count, _, _ in bins]) / IMAGES
    gap = np.array([mean - rate for _, mean, rate in bins])
    chance = np.array([rate * (1 - rate) / (count - 1) for count, _, rate in bins])

    false_positive, true_positive, thresholds = roc_curve(labels, logits, drop_intermediate=False)
    json.dump(
        {
            "logits": logits.tolist(),
            "labels": labels.tolist(),
            "patients": patients.tolist(),
            "weights": weights.tolist(),
            "probabilities": probabilities.tolist(),
            "auc": roc_auc_score(labels, logits),
            "weightedAuc": roc_auc_score(labels, logits, sample_weight=weights),
            "roc": [[float(x), float(y)] for x, y in zip(false_positive, true_positive)],
            "threshold": float(thresholds[np.argmax(true_positive >= SENSITIVITY)]),
            "slope": slope,
            "intercept": intercept,
            "covariance": [covariance[0, 0], covariance[0, 1], covariance[1, 1]],
            "interceptAlone": alone,
            "interceptAloneVariance": variance,
            "brier": brier_score_loss(labels, probabilities),
            "bins": [[count, float(mean), float(rate)] for count, mean, rate in bins],
            "ece": float((share * np.abs(gap)).sum()),
            "debiased": float(np.sqrt(max(0, (share * (gap**2 - chance)).sum()))),
            "quantiles": np.quantile(logits, [0.025, 0.5, 0.975]).tolist(),
            "wilson": [
                [hits, of, *binomtest(hits, of).proportion_ci(method="wilson")] for hits, of in [(0, 12), (17, 49), (36, 36)]
            ],
        },
        sys.stdout,
        indent=1,
    )
    print()


if __name__ == "__main__":
    main()
