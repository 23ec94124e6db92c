"""Neural networks: their layers, augmentation, training, and the files that keep them."""
