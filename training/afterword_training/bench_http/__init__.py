"""The load test of the service, beside the ways a team would otherwise serve such a model."""

from afterword_training.bench_http.bench import Bench, bench_http

__all__ = ["Bench", "bench_http"]
