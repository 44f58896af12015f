"""Keeps libraries from reporting their use; imported before any of them.

ONNX Runtime would otherwise keep an id of the device in the home folder and send its maker events about each session.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
