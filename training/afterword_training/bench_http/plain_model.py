"""The model of the servers that are compared with: TF-IDF and logistic regression, plain scikit-learn.

It stands alone, so that another environment's Python can run it: python plain_model.py NOTES MODEL
"""

import json
import sys
from pathlib import Path

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def fit_plain(notes: Path, model: Path) -> None:
    """Fit on all notes of a JSON Lines file (text, label) and save the pipeline with joblib."""
    with notes.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(max_iter=1000))
    joblib.dump(pipeline.fit([row["text"] for row in rows], [row["label"] for row in rows]), model)


if __name__ == "__main__":
    fit_plain(Path(sys.argv[1]), Path(sys.argv[2]))
