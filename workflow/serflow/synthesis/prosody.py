"""How the demonstration corpus acts: voices, sentences, and the plan of one take."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.random import RandomState

from serflow.synthesis.manners import MANNERS, Manner
from serflow.synthesis.randomness import stream

# A star marks an accented word.
SENTENCES = {
    "01": ("the", "*children", "are", "*talking", "by", "the", "*garden", "*gate"),
    "02": ("my", "*brother", "left", "the", "*keys", "on", "the", "*kitchen", "*table"),
}
STRENGTHS = {"normal": 0.70, "strong": 1.05}

# How far the pitch moves to either side of its level in a neutral voice, relative.
PITCH_RANGE = 0.22
FORMANTS = 9


@dataclass(frozen=True)
class Voice:
    """A speaker's neutral voice."""

    male: bool
    pitch: float
    """Fundamental, Hz."""
    tract: float
    """Formant frequencies relative to eSpeak NG's own; above 1 is a shorter vocal tract."""
    words_per_minute: float
    pitch_range: float
    """Log ratio to `PITCH_RANGE`."""
    tilt: float
    """dB per octave."""
    level: float
    """dB."""
    aspiration: float
    shape: tuple[float, ...]
    """Formants 1 to 4 relative to what `tract` makes of them."""
    expressivity: float
    """How strongly this speaker acts."""
    noise: float
    """Noise of the speaker's room, dB relative to full scale."""


@dataclass(frozen=True)
class Take:
    """All that is needed to speak one clip and to colour it."""

    ssml: str
    voice: str
    """Text of the eSpeak NG voice file."""
    words_per_minute: int
    jitter: float
    tremor: float
    aspiration: float
    tilt: float
    level: float
    """dB relative to the corpus's middle level."""
    onset: float
    noise: float


def voice_of(speaker: int, seed: int) -> Voice:
    """Return the voice of a speaker; odd numbers are male.

    Fundamental and vocal tract are spread evenly over the speakers (multiples of two irrational
    numbers, modulo 1), so that even a few speakers differ; the rest is drawn.
    """
    random = stream(seed, "speaker", speaker)
    male = speaker % 2 == 1
    place = speaker // 2 + 7 * seed
    pitch, tract = place * 0.618034 % 1, place * 0.754878 % 1
    return Voice(
        male=male,
        pitch=92 + 46 * pitch if male else 165 + 55 * pitch,
        tract=0.92 + 0.13 * tract if male else 1.07 + 0.13 * tract,
        words_per_minute=random.uniform(168, 196),
        pitch_range=random.uniform(-0.15, 0.15),
        tilt=random.uniform(-1.2, 1.2),
        level=random.uniform(-2, 2),
        aspiration=random.uniform(0, 3),
        shape=tuple(random.uniform(0.94, 1.06) for _ in range(4)),
        expressivity=random.uniform(0.82, 1.12),
        noise=random.uniform(-78, -66),
    )


def plan(voice: Voice, label: str, intensity: str, statement: str, random: RandomState) -> Take:
    """Plan one take: the emotion's rules at the strength of this take, plus its chance variation.

    Parameters
    ----------
    voice
        The speaker.
    label
        A key of `MANNERS`.
    intensity
        normal or strong.
    statement
        A key of `SENTENCES`.
    random
        The clip's random stream; drawn from in a fixed order.
    """
    manner = MANNERS[label]
    strength = max(0.15, voice.expressivity * STRENGTHS[intensity] + random.normal(0, 0.16))
    pitch = manner.pitch * strength + random.normal(0, 0.08)
    pitch_range = manner.pitch_range * strength + voice.pitch_range + random.normal(0, 0.20)
    rate = manner.rate * strength + random.normal(0, 0.06)
    level = manner.level * strength + voice.level + random.normal(0, 2.2)
    tilt = manner.tilt * strength + voice.tilt + random.normal(0, 0.55)
    formants = manner.formants * strength + random.normal(0, 0.02)
    bandwidth = manner.bandwidth * strength + random.normal(0, 0.08)
    aspiration = voice.aspiration + manner.aspiration * strength + random.normal(0, 1.5)
    return Take(
        ssml=_ssml(SENTENCES[statement], manner, strength, random),
        voice=_voice_file(
            voice,
            pitch=voice.pitch * math.exp(pitch),
            pitch_range=PITCH_RANGE * math.exp(pitch_range),
            formants=1 + formants,
            bandwidth=1 + bandwidth,
            rough=manner.rough and strength > 0.9,
        ),
        words_per_minute=int(voice.words_per_minute * math.exp(rate)),
        jitter=manner.jitter * strength,
        tremor=manner.tremor * strength,
        aspiration=max(0.0, aspiration),
        tilt=tilt,
        level=level,
        onset=manner.onset * strength,
        noise=voice.noise,
    )


def _ssml(words: tuple[str, ...], manner: Manner, strength: float, random: RandomState) -> str:
    parts = []
    for index, word in enumerate(words):
        accent = manner.accent * (1 if word.startswith("*") else -0.35)
        place = 2 * index / (len(words) - 1) - 1
        step = strength * (accent + manner.drift * place) + random.normal(0, 3)
        if index == len(words) // 2 and manner.pause:
            pause = max(20, manner.pause * strength + random.normal(0, 50))
            parts.append(f'<break time="{int(pause)}ms"/>')
        parts.append(f'<prosody pitch="{round(step):+d}%">{word.lstrip("*")}</prosody>')
    return f"<speak>{' '.join(parts)}{manner.mark}</speak>"


def _voice_file(
    voice: Voice, pitch: float, pitch_range: float, formants: float, bandwidth: float, rough: bool
) -> str:
    """Write an eSpeak NG voice (its docs/voices.md): pitch in Hz, formants in % of its own."""
    top = min(pitch * (1 + 1.3 * pitch_range), 300 if voice.male else 430)
    strength, width = (100, 100) if voice.male else (80, 145)
    lines = [
        "name demo",
        "language en-us",
        "flutter 0",
        f"pitch {int(pitch * (1 - pitch_range))} {int(top)}",
        f"roughness {2 if rough else 0}",
    ]
    for formant in range(FORMANTS):
        frequency = voice.tract
        if formant in (1, 2):
            frequency *= formants
        if 1 <= formant <= 4:
            frequency *= voice.shape[formant - 1]
        wide = width * (bandwidth if 1 <= formant <= 3 else 1)
        lines.append(f"formant {formant} {int(100 * frequency)} {strength} {int(wide)}")
    return "\n".join(lines) + "\n"
