"""From WAV files to spectrograms, handcrafted features, images and signals."""
