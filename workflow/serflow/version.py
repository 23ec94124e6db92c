"""The version, apart from the package's own module: every module imports that, and a new version
must not make every result stale."""

VERSION = "0.1.0"
