"""How far a place name reaches that no table knows: capital letters, or what a list leaves in Arabic."""

from __future__ import annotations

from functools import cache

from patrols.intake.extract.lexicon import arabic_forms
from patrols.intake.extract.reading import SIDE, Reading
from patrols.intake.extract.text import Sentence, fold
from patrols.intake.extract.words import LANGUAGES

PARTICLES = {
    "al",
    "el",
    "ul",
    "as",
    "ad",
    "ar",
    "an",
    "ash",
    "az",
    "at",
    "abu",
    "umm",
    "bin",
    "i",
    "ı",
    "эль",
    "аль",
    "эш",
    "ас",
    "эр",
    "эз",
    "эт",
}
MAX_WORDS = 4
_ARABIC_STOPS = """
    ما مما وهو وهي هو هي اذ كان كانت لم لن قد وقد لكن حين عندما بسبب جراء اثر
    ثم قبل بعد حيث وصولا في باتجاه نحو الي لتعود بريف وسط دون مع علي عن حتي من التي الواقعه غرب شرق
    شمال جنوب غربي شرقي شمالي جنوبي كما ومنها ومن وعادت وصلت انتهاء رفقه برفقه بمشاركه دخلت لمسافه
    مسافه اليوم امس صباح مرورا الواقع ريف بالتزامن بطول بعمق تلاها وغيرها الحدوديه الحدودي القريبه
    لجهه قرب خلال وذلك اذ عبر بين والعوده عائده عائدا لتنتهي تحت ليعود بحسب بينما فيما مركزها ظهر
    مساء قبيل انطلاقا نقطه التابعه صباحا ظهرا عصرا ليلا الصباح المساء فجرا ساعه الساعه تمام جديد
    جديده اقرب قاعدتهم قاعدتها قواعدهم قواعدها مواقعهم مواقعها مقراتهم ثكناتهم اراضيها الاراضي
    القاعده المطار مطار مقرها مقارها الداخل عمق مكان اماكن
"""
ARABIC_STOPS = frozenset(_ARABIC_STOPS.split())


@cache
def _common(lang: str) -> frozenset[str]:
    words = LANGUAGES[lang]
    common = {fold(word.strip()) for word in words.not_places.split(",")}
    for table in (words.months, words.weekdays):
        for forms in table.values():
            common |= {fold(form.strip()) for form in forms.split(",")}
    return frozenset(common)


def is_common(reading: Reading, index: int) -> bool:
    """Whether the word at `index` cannot begin a place name."""
    token = reading.doc.tokens[index]
    common = _common(reading.lang)
    if token.fold in common or (reading.lang == "ar" and any(f in common for f in arabic_forms(token.fold))):
        return True
    sentence = reading.doc.sentence_of(index)
    return any(mark.first <= index <= mark.last for mark in reading.marks.prefixed(sentence, SIDE))


def name_at(reading: Reading, sentence: Sentence, index: int, taken: set[int]) -> int | None:
    """The last token of the name that begins at `index`, or None where none does."""
    if index in taken or index in reading.date_tokens or _is_number(reading, sentence, index):
        return None
    return (
        _arabic_name(reading, sentence, index, taken)
        if reading.lang == "ar"
        else _capital_name(reading, sentence, index, taken)
    )


def _is_number(reading: Reading, sentence: Sentence, index: int) -> bool:
    return any(number.first <= index <= number.last for number in reading.numbers_in(sentence))


def _capital_name(reading: Reading, sentence: Sentence, index: int, taken: set[int]) -> int | None:
    tokens = reading.doc.tokens
    if tokens[index].is_digits or is_common(reading, index):
        return None
    if not tokens[index].is_capital and not (
        tokens[index].fold in PARTICLES and index + 1 < sentence.last and tokens[index + 1].is_capital
    ):
        return None
    last = index
    while last + 1 < sentence.last and last - index + 1 < MAX_WORDS:
        following = tokens[last + 1]
        if tokens[last].suffix or last + 1 in taken:
            break
        hyphen = following.gap == "-"
        if not (following.gap == " " or hyphen):
            break
        joins = following.fold in {"el", "al"} and last + 2 < sentence.last and tokens[last + 2].is_capital
        if joins and not tokens[last + 2].gap.strip(" -"):
            last += 2
            continue
        if (
            following.is_capital
            and not following.is_digits
            and not (is_common(reading, last + 1) and not hyphen)
        ) or (
            hyphen
            and (following.fold in PARTICLES or reading.lang != "tr")
            and len(following.fold) > 1
            and not following.is_digits
        ):
            last += 1
        else:
            break
    if len(tokens[index].fold) < 2 or tokens[last].fold in PARTICLES:
        return None
    return last


def _arabic_name(reading: Reading, sentence: Sentence, index: int, taken: set[int]) -> int | None:
    tokens = reading.doc.tokens
    if not _may_name(reading, sentence, index):
        return None
    last = index
    while last + 1 < sentence.last and last - index < 3:
        following = tokens[last + 1]
        if following.gap.strip():
            break
        if following.fold.startswith("و") and len(following.fold) > 3:
            break
        if not _may_name(reading, sentence, last + 1) or last + 1 in taken:
            break
        last += 1
    if last - index >= 3:
        return index
    if last > index and not (last + 1 >= sentence.last or _ends_item(reading, sentence, last + 1)):
        return index
    return last


def _ends_item(reading: Reading, sentence: Sentence, index: int) -> bool:
    token = reading.doc.tokens[index]
    return bool(token.gap.strip()) or token.fold.startswith("و") or not _may_name(reading, sentence, index)


def _may_name(reading: Reading, sentence: Sentence, index: int) -> bool:
    token = reading.doc.tokens[index]
    if token.is_digits or len(token.fold) < 2 or token.fold in ARABIC_STOPS or is_common(reading, index):
        return False
    bare = token.fold[1:] if token.fold.startswith("و") and len(token.fold) > 3 else token.fold
    if bare in ARABIC_STOPS:
        return False
    labels = (
        "completed",
        "returned",
        "started",
        "near",
        "area",
        "direction",
        "to",
        "from",
        "km",
        "said",
        "patrol",
        "vehicle",
        "village",
        "villages",
        "air_role",
    )
    return not any(mark.first <= index <= mark.last for mark in reading.marks.of(sentence, *labels))
