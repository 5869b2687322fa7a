"""Which arrangement the patrol belongs to, from the sides and the place words near the report's head."""

from __future__ import annotations

from dataclasses import dataclass

from patrols.intake.extract.drafts import Fact
from patrols.intake.extract.lexicon import Lexicon, Mark
from patrols.intake.extract.reading import Reading
from patrols.intake.extract.text import Sentence

REGIONS = {
    "idlib": "idlib*, ariha*, eriha*, saraqib*, saraqeb*, serakib*, saraqueb*, m4 highway, m4 motorway, m4 road, m-4 highway, m4 karayolu*, m4 kara yolu*,"
    "latakia*, jisr al-shughur, jisr al-shughour, nayrab, neirab, trumba*, tronba*, tarnaba*, badama, urum al-jawz, i̇dlib*, lazkiye*, идлиб*, саракиб*, серакиб*, арих*, латаки*, трумб*,"
    "إدلب, أريحا, سراقب, اللاذقية, الترنبة, ترنبة, النيرب, جسر الشغور, أورم الجوز, محمبل",
    "m4": "m4, m-4, м4, м-4, m4'te",
    "north_east": "east of the euphrates, euphrates, hasakah, hasaka, hasakeh, al-hasakah, kobani, kobane, kobanê, ayn al-arab, ain al-arab, ayn el-arab, qamishli, qamishlo, darbasiyah,"
    "darbasiya, derbesiye, derbisiyeh, darbasiyya, derik, malikiyah, amuda, northeast, north-east, northeastern, north-eastern, border, tal abyad, ras al-ain, peace spring, tal tamr, sherik, jazira,"
    "aleppo, aleppo governorate, fırat*, kobani*, kamışlı*, ayn el arap*, aynularap*, derbesiye*, haseke*, telabyad*, resulayn*, rasulayn*, barış pınarı*, amude*, kuzeydoğu*,"
    "хасака, хасаке, хасеке, эль-хасака, кобани, камышлы, камишлы, камишлия, дербисия, евфрат*, северо-восток*, границ*, шейрек, рас-эль-айн*, алеппо,"
    "الحسكة, كوباني, عين العرب, القامشلي, الدرباسية, المالكية, عامودا, الفرات, الحدود, شمال شرقي, شمال شرق, رأس العين, تل أبيض, نبع السلام, تل تمر, زركان, أبو راسين, حلب الشرقي, حدودية",
    "manbij": "manbij*, münbiç*, menbic*, sajur*, sacur*, манбидж*, منبج, الساجور",
    "safe_zone": "safe zone, security mechanism, east of the euphrates, tal abyad, tel abyad, akcakale, akçakale*, telabyad*, fırat*, güvenli bölge*, euphrates, зон* безопасности, тель-абьяд*, евфрат*,"
    "المنطقة الآمنة, تل أبيض, الفرات, آلية أمنية",
    "syria": "syria*, suriye*, сири*, سوريا, سورية, السورية",
    "helicopter_flight": "helicopter flight*, joint flight*, helikopter uçuş*",
    "sea": "sea, maritime, navy, naval, coast guard*, river, mekong, strait, gulf, deniz*, море, морск*, океан*, بحر, نهر, بحرية",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RegionHit:
    region: str
    mark: Mark
    weight: float


def _lexicon(lang: str, cache: dict[str, Lexicon] = {}) -> Lexicon:  # noqa: B006
    if lang not in cache:
        cache[lang] = Lexicon(REGIONS, lang)
    return cache[lang]


def _hits(reading: Reading, sentences: list[Sentence]) -> dict[str, tuple[float, Mark]]:
    """For every region its greatest weight: the earlier in the report, the greater."""
    lexicon = _lexicon(reading.lang)
    found: dict[str, tuple[float, Mark]] = {}
    for order, sentence in enumerate(sentences):
        weight = 1 / (1 + order)
        for mark in lexicon.find(reading.doc.tokens, sentence):
            if weight > found.get(mark.label, (0.0, mark))[0]:
                found[mark.label] = (weight, mark)
    return found


def in_core_area(reading: Reading, sentences: list[Sentence]) -> bool:
    """Whether the report is set where Türkiye and Russia patrol, after their agreement of October 2019."""
    hits = _hits(reading, sentences)
    late = reading.published is None or reading.published.isoformat() >= "2019-10-22"
    return late and bool({"idlib", "m4", "north_east"} & set(hits))


def read_programme(
    reading: Reading, forces: tuple[str, ...], sentences: list[Sentence], everything: list[Sentence]
) -> Fact[str] | None:
    """The programme's slug; "other" for patrols of other states, None where it stays open."""
    hits = _hits(reading, sentences)
    wide = hits or _hits(reading, everything)

    def fact(value: str, region: str, confidence: float) -> Fact[str]:
        mark = (hits.get(region) or wide.get(region) or (0.0, None))[1]
        spans = (reading.span(mark.first, mark.last),) if mark else ()
        return Fact(value, spans, confidence)

    sides = set(forces)
    if sides <= {"RU", "TR"} and sides:
        for place in (hits, _hits(reading, everything)):
            idlib = place.get("idlib", (0.0, None))[0]
            east = place.get("north_east", (0.0, None))[0]
            if idlib > 0 and idlib >= east and ("m4" in place or idlib > 1.5 * east):
                return fact("m4_idlib", "idlib", 0.9)
            if east > 0:
                return fact("ne_syria", "north_east", 0.9)
            if "m4" in place:
                return fact("m4_idlib", "m4", 0.7)
            if idlib > 0:
                return fact("m4_idlib", "idlib", 0.8)
        if len(sides) == 2 and (reading.published is None or reading.published.year >= 2019):
            return fact("ne_syria", "syria", 0.5)
        return None
    if sides == {"TR", "US"}:
        if "helicopter_flight" in hits and "safe_zone" not in hits:
            return fact("other", "helicopter_flight", 0.6)
        if "manbij" in wide:
            safe = wide.get("safe_zone", (0.0, None))[0]
            if wide["manbij"][0] >= safe:
                return fact("manbij", "manbij", 0.9)
        return fact("us_tr_safe_zone", "safe_zone", 0.85 if "safe_zone" in wide else 0.6)
    if len(sides) >= 2:
        return fact("other", "sea", 0.8)
    return None
