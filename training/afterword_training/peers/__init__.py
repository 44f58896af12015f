"""Other ways to label notes, each behind the same small interface (`afterword_training.peers.base.Peer`)."""

from pkgutil import resolve_name

from afterword_training.peers.base import Peer, Setup

PEERS: dict[str, str] = {
    "artifact": "afterword_training.peers.ours:Artifact",
    "baseline": "afterword_training.peers.ours:CountedWords",
    "spacy-bow": "afterword_training.peers.spacy_textcat:BagOfWords",
    "spacy-ensemble": "afterword_training.peers.spacy_textcat:Ensemble",
    "fasttext": "afterword_training.peers.fast_text:FastText",
    "model2vec": "afterword_training.peers.static_vectors:StaticVectors",
    "setfit": "afterword_training.peers.set_fit:SetFit",
    "reflection-analyser": "afterword_training.peers.reflective_depth:ReflectiveDepth",
    "neurodock-mcp-guardrail": "afterword_training.peers.repeated_words:RepeatedWords",
}
"""Where each peer is; its module is imported only when it is asked for, as most need a package of their own."""


def make_peer(name: str, setup: Setup) -> Peer:
    """Return the unfitted peer called `name`.

    Raises:
        ImportError: a package that it needs is not installed.
    """
    peer: Peer = resolve_name(PEERS[name])(setup)
    return peer
