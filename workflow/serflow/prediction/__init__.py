"""Predicting new recordings with models of an earlier run; knows nothing of training."""
