"""The page of predictions: each recording with player, spectrogram and probabilities over time."""
