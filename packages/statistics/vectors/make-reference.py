"""Makes reference.json: values of independent programs that the tests of this package compare with.

Run with Python 3.11, numpy 2.4.6, scipy 1.17.1, mpmath 1.4.1, statsmodels 0.15.0, scikit-learn 1.9.1, arch 8.0.0:

    python make-reference.py > reference.json

Nothing here is used at run time, and nothing is taken from our own code: the series come from a generator of numpy, the
values from the libraries, or from the formula of the paper where no library has it.
"""

import itertools
import json
import math

import mpmath
import numpy as np
from arch.bootstrap import SPA, StationaryBootstrap, optimal_block_length
from scipy import stats
from sklearn import metrics
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

mpmath.mp.dps = 50
rng = np.random.Generator(np.random.PCG64(20261122))


def rounded(values, digits=6):
    return [round(float(v), digits) for v in values]


def normal():
    xs = [-37.5, -30, -20, -10, -8.25, -6, -5.1, -4, -3, -2.5, -2.0001, -2, -1.9999, -1.5, -1, -0.5, -1e-3, -1e-9, 0, 1e-9,
          0.3, 0.7, 1, 1.6448536269514722, 1.959963984540054, 2, 2.0001, 2.5, 3, 4, 5, 6, 7, 8]
    ps = [1e-300, 1e-100, 1e-30, 1e-16, 1e-12, 1e-8, 1e-5, 1e-3, 0.01, 0.025, 0.05, 0.074, 0.075, 0.076, 0.1, 0.25, 0.4, 0.5,
          0.6, 0.75, 0.9, 0.925, 0.95, 0.975, 0.99, 0.999, 0.99999, 1 - 1e-8, 1 - 1e-12]

    def quantile(p):
        p = mpmath.mpf(p)
        start = mpmath.mpf(float(stats.norm.ppf(float(p))))
        return mpmath.findroot(lambda x: mpmath.log(mpmath.ncdf(x)) - mpmath.log(p), start)

    return {
        "cdf": [[x, float(mpmath.ncdf(mpmath.mpf(x)))] for x in xs],
        "density": [[x, float(mpmath.npdf(mpmath.mpf(x)))] for x in xs],
        "quantile": [[p, float(quantile(p))] for p in ps],
    }


def ar1(n, phi, scale=0.01, drift=0.0005, df=5):
    noise = rng.standard_t(df, n)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (phi * x[i - 1] if i else 0) + noise[i]
    return np.round(drift + scale * x, 6)


def sharpe_block(x):
    sr = x.mean() / x.std(ddof=1)
    g3, g4 = stats.skew(x), stats.kurtosis(x, fisher=False)
    factor = 1 - g3 * sr + (g4 - 1) / 4 * sr**2
    psr = stats.norm.cdf(sr * math.sqrt(len(x) - 1) / math.sqrt(factor))
    min_trl = 1 + factor * (stats.norm.ppf(0.95) / sr) ** 2 if sr > 0 else None
    return {"sharpe": sr, "skewness": g3, "kurtosis": g4, "psr": float(psr), "minTrackRecord": min_trl}


def drawdown(x):
    wealth = np.concatenate([[0.0], np.cumsum(x)])
    return float((np.maximum.accumulate(wealth) - wealth).max())


def compounded(x):
    wealth = np.concatenate([[1.0], np.cumprod(1 + x)])
    return float((1 - wealth / np.maximum.accumulate(wealth)).max())


def cvar(x, share=0.05):
    """Rockafellar and Uryasev: max over v of v - E[(v - x)+] / share, attained at a sample point."""
    return float(max(v - np.maximum(v - x, 0).mean() / share for v in x))


def series():
    made = []
    for n, phi, drift in [(60, 0.0, 0.002), (250, 0.3, 0.0005), (500, -0.2, 0.0), (777, 0.6, 0.001)]:
        x = ar1(n, phi, drift=drift)
        lengths = optimal_block_length(x)
        block = max(1.0, float(lengths["stationary"].iloc[0]))
        bs = StationaryBootstrap(block, x, seed=np.random.default_rng(7))
        interval = bs.conf_int(lambda y: y.mean() / y.std(ddof=1), reps=20000, method="percentile", size=0.9)
        down = np.sqrt((np.minimum(0, x) ** 2).mean())
        made.append({
            "returns": rounded(x),
            "mean": float(x.mean()),
            **sharpe_block(x),
            "sortino": float(x.mean() / down),
            "cvar": cvar(x),
            "drawdown": drawdown(x),
            "compoundedDrawdown": compounded(x),
            "blockStationary": float(lengths["stationary"].iloc[0]),
            "blockCircular": float(lengths["circular"].iloc[0]),
            "sharpeInterval90": [float(interval[0, 0]), float(interval[1, 0])],
        })
    return made


def pbo(matrix, blocks):
    """Bailey, Borwein, Lopez de Prado, Zhu 2017, section 2, word for word."""
    parts = np.array_split(matrix, blocks)
    logits = []
    for chosen in itertools.combinations(range(blocks), blocks // 2):
        inside = np.concatenate([parts[i] for i in chosen])
        outside = np.concatenate([parts[i] for i in range(blocks) if i not in chosen])
        ratio = lambda m: m.mean(axis=0) / m.std(axis=0, ddof=1)
        best = int(np.argmax(ratio(inside)))
        rank = stats.rankdata(ratio(outside))[best]
        omega = rank / (matrix.shape[1] + 1)
        logits.append(math.log(omega / (1 - omega)))
    return {"pbo": float(np.mean(np.array(logits) <= 0)), "meanLogit": float(np.mean(logits)), "splits": len(logits)}


def many():
    n, k, block = 240, 6, 4.0
    common = rng.standard_normal(n)
    d = np.round(0.01 * (0.5 * common[:, None] + rng.standard_normal((n, k))) + np.array([0.0012, 0, -0.0004, 0.0003, -0.003, 0.0006]), 6)
    # arch takes losses: ours are gains above the benchmark. Its SPA is not studentised; its variances and its upper
    # p-value are those of Hansen's kernel and of White's test.
    spa = SPA(np.zeros(n), -d, block_size=block, reps=20000, bootstrap="stationary", studentize=True, nested=False,
              seed=np.random.default_rng(11))
    spa.compute()
    deviations = np.sqrt(spa._loss_diff_var)
    # Hansen 2005, studentised, by our own draws.
    means = d.mean(axis=0)
    draws = np.array([y.mean(axis=0) for (y,), _ in
                      StationaryBootstrap(block, d, seed=np.random.default_rng(12)).bootstrap(20000)])
    t = max(0.0, float((math.sqrt(n) * means / deviations).max()))
    threshold = -math.sqrt(2 * math.log(math.log(n)))
    centres = [np.maximum(means, 0), np.where(math.sqrt(n) * means / deviations >= threshold, means, 0), means]
    ps = [float((np.maximum(0, math.sqrt(n) * (draws - c) / deviations).max(axis=1) >= t).mean()) for c in centres]
    # Romano and Wolf 2016, algorithm 4.1 (studentised by fixed errors).
    z = math.sqrt(n) * means / deviations
    star = math.sqrt(n) * (draws - means) / deviations
    order = np.argsort(-z)
    adjusted, floor = np.zeros(k), 0.0
    for step, s in enumerate(order):
        floor = max(floor, float((star[:, order[step:]].max(axis=1) >= z[s]).mean()))
        adjusted[s] = floor
    return {
        "columns": [rounded(d[:, j]) for j in range(k)],
        "meanBlock": block,
        "deviations": [float(v) for v in deviations],
        "realityCheckP": float(spa.pvalues["upper"]),
        "spaStatistic": t,
        "spaP": ps,
        "romanoWolfP": [float(v) for v in adjusted],
        "cscv": {str(s): pbo(d, s) for s in (4, 6, 8, 10)},
    }


def calibration():
    n = 400
    p = np.round(rng.beta(2, 2, n), 4)
    y = (rng.uniform(size=n) < np.clip(p**1.3, 0, 1)).astype(int)
    edges = np.minimum(np.floor(p * 10).astype(int), 9)
    ece, mce, rel, res = 0.0, 0.0, 0.0, 0.0
    for b in range(10):
        own = edges == b
        if own.any():
            gap = abs(y[own].mean() - p[own].mean())
            ece += own.mean() * gap
            mce = max(mce, gap)
            rel += own.mean() * gap**2
            res += own.mean() * (y[own].mean() - y.mean()) ** 2
    classes = rng.dirichlet([1.5, 1, 1, 0.5], n).round(5)
    for row in classes:
        row[row.argmax()] += 1 - row.sum()
    classes = classes.round(5)
    labels = np.array([rng.choice(4, p=row / row.sum()) for row in classes])
    predicted = classes.argmax(axis=1)
    top = classes.max(axis=1)
    right = (predicted == labels).astype(int)
    places = np.minimum(np.floor(top * 10).astype(int), 9)
    top_ece = sum((places == b).mean() * abs(right[places == b].mean() - top[places == b].mean())
                  for b in range(10) if (places == b).any())
    return {
        "probabilities": p.tolist(), "outcomes": y.tolist(),
        "brier": float(metrics.brier_score_loss(y, p)), "logLoss": float(metrics.log_loss(y, p)),
        "ece": float(ece), "mce": float(mce), "reliability": float(rel), "resolution": float(res),
        "classes": classes.tolist(), "labels": labels.tolist(), "predicted": predicted.tolist(),
        "balancedAccuracy": float(metrics.balanced_accuracy_score(labels, predicted)),
        "classLogLoss": float(metrics.log_loss(labels, classes, labels=[0, 1, 2, 3])),
        "topLabelEce": float(top_ece),
    }


def corrections():
    ps = [0.001, 0.04, 0.03, 0.005, 0.6, 0.04, 0.2, 0.9, 0.012, 1.0]
    wilson = [[hits, n, *map(float, proportion_confint(hits, n, alpha=0.05, method="wilson"))]
              for hits, n in [(0, 10), (1, 10), (5, 10), (10, 10), (57, 100), (573, 1000), (3, 7)]]
    return {"ps": ps, "holm": multipletests(ps, method="holm")[1].tolist(),
            "benjaminiHochberg": multipletests(ps, method="fdr_bh")[1].tolist(), "wilson": wilson}


print(json.dumps({"normal": normal(), "series": series(), "many": many(), "calibration": calibration(),
                  "corrections": corrections()}))
