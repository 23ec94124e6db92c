"""Who is trained, validated and tested on: protocols, splits, and the leakage gate."""
