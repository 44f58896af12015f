"""Texts that are alike: the same but for markup, case and white space, or nearly word for word."""

from collections.abc import Iterator, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

from afterword_model.text import normalize

NEAR = 0.9
"""Cosine similarity of character 5-gram TF-IDF from which two texts count as near-duplicates."""


def text_key(text: str) -> str:
    """Return a text without markup and case, its words one blank apart; texts of equal keys are the same."""
    return " ".join(normalize(text).text.casefold().split())


def near_copies(texts: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield each of `rows` with the rows of all other texts that are nearly the same, in order."""
    if not len(rows) or not any(text.strip() for text in texts):
        return
    vectors = TfidfVectorizer(analyzer="char_wb", ngram_range=(5, 5)).fit_transform(texts)
    search = NearestNeighbors(radius=1 - NEAR, metric="cosine").fit(vectors)
    near = search.radius_neighbors(vectors[rows], return_distance=False)
    for row, others in zip(rows, near, strict=True):
        yield row, sorted(int(other) for other in others if other != row)
