"""The baseline's own estimator parts; the rest of its pipeline is scikit-learn's."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion


def count_features(*, min_df: int, word_ngrams: int, char_ngrams: int) -> FeatureUnion:
    """Return unfitted TF-IDF features: words, up to `word_ngrams`, and characters within words, 2 to `char_ngrams`."""
    words = TfidfVectorizer(
        ngram_range=(1, word_ngrams), min_df=min_df, sublinear_tf=True, token_pattern=r"(?u)\b\w+'?\w*\b|[?!]"
    )
    chars = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, char_ngrams), min_df=min_df, sublinear_tf=True)
    return FeatureUnion([("words", words), ("chars", chars)])
