"""The four acted emotions of the demonstration corpus, as rules for a voice.

The directions of the rules follow the literature on vocal expression; the magnitudes are this
project's own and claim nothing about people.

- Murray I.R., Arnott J.L. (1993), *Toward the simulation of emotion in synthetic speech*, JASA
  93(2).
- Banse R., Scherer K.R. (1996), *Acoustic profiles in vocal emotion expression*, JPSP 70(3).
- Burkhardt F., Sendlmeier W.F. (2000), *Verification of acoustical correlates of emotional speech
  using formant synthesis*, ISCA Workshop on Speech and Emotion; and the settings of his program
  Emofilt.
- Juslin P.N., Laukka P. (2003), *Communication of emotions in vocal expression and music
  performance*, Psychological Bulletin 129(5).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Manner:
    """An emotion at full strength, as deviations from the speaker's neutral voice."""

    pitch: float
    """Level of the fundamental, log ratio."""
    pitch_range: float
    """Log ratio."""
    rate: float
    """Speaking rate, log ratio."""
    level: float
    """dB."""
    tilt: float
    """Slope of the spectrum around 1 kHz (vocal effort), dB per octave."""
    aspiration: float
    """Breath noise, in steps of 2 dB."""
    formants: float
    """Lift of the first two formants, relative (a smile, spread lips)."""
    bandwidth: float
    """Width of the first three formants, relative (lax articulation widens them)."""
    jitter: float
    """Standard deviation of the irregular part of the fundamental, relative."""
    tremor: float
    """Amplitude of the periodic part, 4.5 to 6.5 Hz, relative."""
    accent: float
    """Pitch step on accented words, %."""
    drift: float
    """Change of pitch from the sentence's middle to its end, %."""
    pause: float
    """Pause in the middle of the sentence, ms."""
    onset: float
    """Softening of the voice's onset and end, s."""
    mark: str
    """Punctuation, which sets eSpeak NG's intonation contour."""
    rough: bool = False
    """Whether the voice is rough when acted strongly."""


MANNERS = {
    "Angry": Manner(
        pitch=0.26,
        pitch_range=0.55,
        rate=0.13,
        level=7.0,
        tilt=1.8,
        aspiration=0.0,
        formants=0.06,
        bandwidth=-0.10,
        jitter=0.014,
        tremor=0.0,
        accent=22.0,
        drift=-5.0,
        pause=0.0,
        onset=0.0,
        mark="!",
        rough=True,
    ),
    "Happy": Manner(
        pitch=0.34,
        pitch_range=0.60,
        rate=0.12,
        level=3.5,
        tilt=0.4,
        aspiration=2.0,
        formants=0.08,
        bandwidth=-0.05,
        jitter=0.003,
        tremor=0.0,
        accent=18.0,
        drift=26.0,
        pause=0.0,
        onset=0.01,
        mark="!",
    ),
    "Calm": Manner(
        pitch=-0.04,
        pitch_range=-0.30,
        rate=-0.10,
        level=-3.0,
        tilt=-0.6,
        aspiration=2.0,
        formants=0.0,
        bandwidth=0.0,
        jitter=0.002,
        tremor=0.0,
        accent=5.0,
        drift=-4.0,
        pause=40.0,
        onset=0.03,
        mark=".",
    ),
    "Sad": Manner(
        pitch=-0.08,
        pitch_range=-0.70,
        rate=-0.22,
        level=-6.5,
        tilt=-1.9,
        aspiration=9.0,
        formants=-0.04,
        bandwidth=0.30,
        jitter=0.013,
        tremor=0.015,
        accent=2.0,
        drift=-16.0,
        pause=260.0,
        onset=0.05,
        mark=".",
    ),
}
