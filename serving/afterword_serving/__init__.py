"""How a trained classifier is used: journals in, answers out, in a batch or over HTTP."""
