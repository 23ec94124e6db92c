"""Trained models made ready for use elsewhere: networks as ONNX, and a card beside each model."""
