"""The baseline: TF-IDF of words and characters, logistic regression, one temperature."""

from datasets import Dataset
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from afterword_model.baseline import count_features
from afterword_model.rules import RuleMarkers
from afterword_model.text import normalize
from afterword_training.config import Baseline
from afterword_training.fitted import Fitted


def fit_baseline(train: Dataset, validation: Dataset, settings: Baseline, *, seed: int) -> Fitted:
    """Return the baseline fitted on `train`, its temperature on `validation`."""
    features = count_features(
        min_df=settings.min_df, word_ngrams=settings.word_ngrams, char_ngrams=settings.char_ngrams
    )
    counts = features.fit_transform(_normalized(train))
    regression = LogisticRegression(C=settings.c, max_iter=2000, random_state=seed).fit(counts, train["label"])
    calibrated = CalibratedClassifierCV(FrozenEstimator(regression), method="temperature")
    calibrated.fit(features.transform(_normalized(validation)), validation["label"])
    (inner,) = calibrated.calibrated_classifiers_
    (scaling,) = inner.calibrators
    pipeline = Pipeline([("features", features), ("classify", calibrated)])
    return Fitted(pipeline, RuleMarkers(), temperature=1 / float(scaling.beta_), base_encoder=None)


def _normalized(notes: Dataset) -> list[str]:
    return [normalize(text).text for text in notes["text"]]
