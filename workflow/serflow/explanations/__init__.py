"""What the answers hang on: of networks points of a clip, of machines parts of the features."""
