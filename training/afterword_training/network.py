"""The network that is fine-tuned: a sentence encoder with a label head and a marker head."""

from dataclasses import dataclass

import torch
from torch import nn
from transformers import AutoModel

from afterword_model.labels import LABELS, MARKERS


@dataclass(frozen=True)
class Scores:
    """What one forward pass gives back for a batch of `n` windows of `t` tokens and width `h`."""

    labels: torch.Tensor
    """Label logits, shape `(n, 3)`, in the order of `LABELS`."""
    markers: torch.Tensor
    """Marker logits per token, shape `(n, t, 7)`, in the order of `MARKERS`."""
    pooled: torch.Tensor
    """The pooled vectors, shape `(n, h * (1 + q))` for `q` queries."""


class NoteNetwork(nn.Module):
    """A transformer encoder, read twice: pooled for the label, token by token for the markers.

    The pooled vector holds the mean of the tokens, which keeps what no label needs for a head that is fitted later, and
    one attention-weighted sum of them for each of `queries`, so that the few words that speak for one label are found
    whatever speaks for another (Mullenbach et al. 2018, https://arxiv.org/abs/1802.05695).
    """

    def __init__(self, encoder: nn.Module, *, dropout: float, queries: int = len(LABELS)) -> None:
        super().__init__()
        width = int(encoder.config.hidden_size)  # type: ignore[union-attr, arg-type]
        self.encoder = encoder
        self.attend = nn.Linear(width, queries)
        self.drop = nn.Dropout(dropout)
        self.label_head = nn.Linear((1 + queries) * width, len(LABELS))
        self.marker_head = nn.Linear(width, len(MARKERS))

    @classmethod
    def from_base(cls, folder: str, *, dropout: float) -> "NoteNetwork":
        """Return a network with fresh heads on the encoder saved in `folder`."""
        # Dropout inside the encoder nearly halves the speed of training on a processor.
        still = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        encoder = AutoModel.from_pretrained(folder, local_files_only=True, add_pooling_layer=False, **still)
        return cls(encoder.float(), dropout=dropout)

    def freeze(self, layers: int) -> None:
        """Keep the embeddings and so many of the lowest layers as they are in training; 0 keeps nothing."""
        if layers:
            lowest = list(self.encoder.get_submodule("encoder.layer").children())[:layers]
            for part in [self.encoder.get_submodule("embeddings"), *lowest]:
                part.requires_grad_(False)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> Scores:
        """Score windows of token ids; padding is where the mask is 0."""
        tokens = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        pooled = self.pool(tokens, attention_mask)
        return Scores(self.label_head(self.drop(pooled)), self.marker_head(tokens), pooled)

    def pool(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the mean of the tokens, then their attention-weighted sums: shape `(n, h * (1 + q))`."""
        keep = mask.unsqueeze(-1).to(tokens.dtype)
        mean = (tokens * keep).sum(1) / keep.sum(1).clamp(min=1)
        weights = self.attend(tokens).float().masked_fill(keep == 0, -1e4).softmax(1)
        sums: torch.Tensor = weights.to(tokens.dtype).transpose(1, 2) @ tokens
        return torch.cat([mean, sums.flatten(1)], dim=-1)
