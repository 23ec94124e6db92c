"""The published work that a run rests on: SERflow itself, its methods, and the corpus it ships for.

One entry each, written out as a reference in words and as BibTeX. Which of them a report names is
decided by `serflow.report.citing`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from serflow.version import VERSION


@dataclass(frozen=True)
class Reference:
    """A publication.

    Attributes
    ----------
    kind
        BibTeX's word for it: ``article``, ``inproceedings``, ``book``, ``software``, ``misc``.
    authors
        As BibTeX has them: ``Last, F. and Last, F.``; a group in braces.
    title, year
        Its own.
    where
        Journal, proceedings or publisher, with BibTeX's word for it.
    more
        What else BibTeX has fields for: volume, pages, doi, url.
    """

    kind: str
    authors: str
    title: str
    year: int
    where: tuple[str, str] | None = None
    more: tuple[tuple[str, str], ...] = ()

    def bibtex(self, key: str) -> str:
        """Return the entry under a name."""
        fields = [("author", self.authors), ("title", f"{{{self.title}}}")]
        fields += [self.where] if self.where else []
        fields += [*self.more, ("year", str(self.year))]
        lines = ",\n".join(f"  {name} = {{{_escaped(value)}}}" for name, value in fields)
        return f"@{self.kind}{{{key},\n{lines}\n}}"

    def words(self) -> str:
        """Return the reference as a sentence of a list of literature."""
        names = self.authors.replace("{", "").replace("}", "").split(" and ")
        written = [name.replace(",", "") for name in names]
        told = dict(self.more)
        place = self.where[1] if self.where else ""
        if "volume" in told:
            place += f" {told['volume']}" + (f"({told['number']})" if "number" in told else "")
        if "pages" in told:
            place += f":\u00a0{told['pages'].replace('--', '–')}"
        parts = [f"{', '.join(written)} ({self.year}): {self.title}", place]
        parts += [f"doi:{told['doi']}"] if "doi" in told else []
        parts += [told["url"]] if "url" in told else []
        return ". ".join(part for part in parts if part)


def _escaped(value: str) -> str:
    return re.sub(r"(?<!\\)[&%#_]", r"\\\g<0>", value)


def _article(
    authors: str, title: str, year: int, journal: str, volume: str, pages: str, doi: str = ""
) -> Reference:
    number, _, inner = volume.partition("(")
    more = [("volume", number)]
    more += [("number", inner.rstrip(")"))] if inner else []
    more += [("pages", pages)] + ([("doi", doi)] if doi else [])
    return Reference("article", authors, title, year, ("journal", journal), tuple(more))


def _talk(
    authors: str, title: str, year: int, event: str, pages: str = "", doi: str = ""
) -> Reference:
    more = [("pages", pages)] * bool(pages) + [("doi", doi)] * bool(doi)
    return Reference("inproceedings", authors, title, year, ("booktitle", event), tuple(more))


SERFLOW = Reference(
    kind="software",
    authors="{The SERflow developers}",
    title="SERflow: speech emotion recognition as one Snakemake workflow",
    year=2026,
    more=(("version", VERSION),),
)
REFERENCES = {
    "livingstone2018": _article(
        "Livingstone, S. R. and Russo, F. A.",
        "The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS): A dynamic, "
        "multimodal set of facial and vocal expressions in North American English",
        *(2018, "PLoS ONE", "13(5)", "e0196391", "10.1371/journal.pone.0196391"),
    ),
    "molder2021": _article(
        "Mölder, F. and Jablonski, K. P. and Letcher, B. and others",
        "Sustainable data analysis with Snakemake",
        *(2021, "F1000Research", "10", "33", "10.12688/f1000research.29032.2"),
    ),
    "pedregosa2011": _article(
        "Pedregosa, F. and Varoquaux, G. and Gramfort, A. and others",
        "Scikit-learn: Machine learning in Python",
        *(2011, "Journal of Machine Learning Research", "12", "2825--2830"),
    ),
    "paszke2019": _talk(
        "Paszke, A. and Gross, S. and Massa, F. and others",
        "PyTorch: An imperative style, high-performance deep learning library",
        *(2019, "Advances in Neural Information Processing Systems 32"),
    ),
    "cortes1995": _article(
        "Cortes, C. and Vapnik, V.",
        "Support-vector networks",
        *(1995, "Machine Learning", "20", "273--297", "10.1007/BF00994018"),
    ),
    "hosseinzadeh2008": _article(
        "Hosseinzadeh, D. and Krishnan, S.",
        "On the use of complementary spectral features for speaker recognition",
        *(2008, "EURASIP Journal on Advances in Signal Processing", "2008", "258184"),
        doi="10.1155/2008/258184",
    ),
    "davis1980": _article(
        "Davis, S. and Mermelstein, P.",
        "Comparison of parametric representations for monosyllabic word recognition in "
        "continuously spoken sentences",
        *(1980, "IEEE Transactions on Acoustics, Speech, and Signal Processing", "28(4)"),
        pages="357--366",
        doi="10.1109/TASSP.1980.1163420",
    ),
    "schuller2009": _talk(
        "Schuller, B. and Steidl, S. and Batliner, A.",
        "The INTERSPEECH 2009 emotion challenge",
        *(2009, "Interspeech 2009", "312--315"),
    ),
    "eyben2016": _article(
        "Eyben, F. and Scherer, K. R. and Schuller, B. W. and others",
        "The Geneva minimalistic acoustic parameter set (GeMAPS) for voice research and affective "
        "computing",
        *(2016, "IEEE Transactions on Affective Computing", "7(2)", "190--202"),
        doi="10.1109/TAFFC.2015.2457417",
    ),
    "dai2017": _talk(
        "Dai, W. and Dai, C. and Qu, S. and Li, J. and Das, S.",
        "Very deep convolutional neural networks for raw waveforms",
        *(2017, "ICASSP 2017", "421--425", "10.1109/ICASSP.2017.7952190"),
    ),
    "zhao2019": _article(
        "Zhao, J. and Mao, X. and Chen, L.",
        "Speech emotion recognition using deep 1D & 2D CNN LSTM networks",
        *(2019, "Biomedical Signal Processing and Control", "47", "312--323"),
        doi="10.1016/j.bspc.2018.08.035",
    ),
    "rajan2019": _article(
        "Rajan, V. and Brutti, A. and Cavallaro, A.",
        "ConflictNET: End-to-end learning for speech-based conflict intensity estimation",
        *(2019, "IEEE Signal Processing Letters", "26(11)", "1668--1672"),
    ),
    "chen2018": _article(
        "Chen, M. and He, X. and Yang, J. and Zhang, H.",
        "3-D convolutional recurrent neural networks with attention model for speech emotion "
        "recognition",
        *(2018, "IEEE Signal Processing Letters", "25(10)", "1440--1444"),
        doi="10.1109/LSP.2018.2860246",
    ),
    "radford2016": _talk(
        "Radford, A. and Metz, L. and Chintala, S.",
        "Unsupervised representation learning with deep convolutional generative adversarial "
        "networks",
        *(2016, "International Conference on Learning Representations"),
    ),
    "hochreiter1997": _article(
        "Hochreiter, S. and Schmidhuber, J.",
        "Long short-term memory",
        *(1997, "Neural Computation", "9(8)", "1735--1780", "10.1162/neco.1997.9.8.1735"),
    ),
    "cho2014": _talk(
        "Cho, K. and van Merriënboer, B. and Gulcehre, C. and others",
        "Learning phrase representations using RNN encoder-decoder for statistical machine "
        "translation",
        *(2014, "EMNLP 2014", "1724--1734", "10.3115/v1/D14-1179"),
    ),
    "mirsamadi2017": _talk(
        "Mirsamadi, S. and Barsoum, E. and Zhang, C.",
        "Automatic speech emotion recognition using recurrent neural networks with local attention",
        *(2017, "ICASSP 2017", "2227--2231", "10.1109/ICASSP.2017.7952552"),
    ),
    "park2019": _talk(
        "Park, D. S. and Chan, W. and Zhang, Y. and others",
        "SpecAugment: A simple data augmentation method for automatic speech recognition",
        *(2019, "Interspeech 2019", "2613--2617", "10.21437/Interspeech.2019-2680"),
    ),
    "zhang2018": _talk(
        "Zhang, H. and Cissé, M. and Dauphin, Y. N. and Lopez-Paz, D.",
        "mixup: Beyond empirical risk minimization",
        *(2018, "International Conference on Learning Representations"),
    ),
    "davison1997": Reference(
        kind="book",
        authors="Davison, A. C. and Hinkley, D. V.",
        title="Bootstrap methods and their application",
        year=1997,
        where=("publisher", "Cambridge University Press"),
    ),
    "holm1979": _article(
        "Holm, S.",
        "A simple sequentially rejective multiple test procedure",
        *(1979, "Scandinavian Journal of Statistics", "6(2)", "65--70"),
    ),
    "demsar2006": _article(
        "Demšar, J.",
        "Statistical comparisons of classifiers over multiple data sets",
        *(2006, "Journal of Machine Learning Research", "7", "1--30"),
    ),
    "guo2017": _talk(
        "Guo, C. and Pleiss, G. and Sun, Y. and Weinberger, K. Q.",
        "On calibration of modern neural networks",
        *(2017, "International Conference on Machine Learning", "1321--1330"),
    ),
    "breiman2001": _article(
        "Breiman, L.",
        "Random forests",
        *(2001, "Machine Learning", "45(1)", "5--32", "10.1023/A:1010933404324"),
    ),
    "sundararajan2017": _talk(
        "Sundararajan, M. and Taly, A. and Yan, Q.",
        "Axiomatic attribution for deep networks",
        *(2017, "International Conference on Machine Learning", "3319--3328"),
    ),
    "adebayo2018": _talk(
        "Adebayo, J. and Gilmer, J. and Muelly, M. and others",
        "Sanity checks for saliency maps",
        *(2018, "Advances in Neural Information Processing Systems 31"),
    ),
    "lin1989": _article(
        "Lin, L. I.-K.",
        "A concordance correlation coefficient to evaluate reproducibility",
        *(1989, "Biometrics", "45(1)", "255--268", "10.2307/2532051"),
    ),
}
