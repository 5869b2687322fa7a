"""Words that tell where a patrol took place, of all four languages together."""

REGIONS: dict[str, str] = {
    "idlib": """
        idlib*, ariha*, eriha*, saraqib*, saraqeb*, serakib*, saraqueb*, m4 highway, m4 motorway, m4
        road, m-4 highway, m4 karayolu*, m4 kara yolu*, latakia*, jisr al-shughur, jisr al-shughour,
        nayrab, neirab, trumba*, tronba*, tarnaba*, badama, urum al-jawz, i̇dlib*, lazkiye*, идлиб*,
        саракиб*, серакиб*, арих*, латаки*, трумб*, إدلب, أريحا, سراقب, اللاذقية, الترنبة, ترنبة,
        النيرب, جسر الشغور, أورم الجوز, محمبل
    """,
    "m4": """
        aleppo latakia, latakia aleppo, halep lazkiye, lazkiye halep, حلب اللاذقية, اللاذقية حلب,
        алеппо латакия, латакия алеппо, m4, m-4, м4, м-4, m4'te
    """,
    "north_east": """
        east of the euphrates, euphrates, hasakah, hasaka, hasakeh, al-hasakah, kobani, kobane,
        kobanê, ayn al-arab, ain al-arab, ayn el-arab, qamishli, qamishlo, darbasiyah, darbasiya,
        derbesiye, derbisiyeh, darbasiyya, derik, malikiyah, amuda, northeast, north-east,
        northeastern, north-eastern, border, tal abyad, ras al-ain, peace spring, tal tamr, sherik,
        jazira, aleppo, aleppo governorate, fırat*, kobani*, kamışlı*, ayn el arap*, aynularap*,
        derbesiye*, haseke*, telabyad*, resulayn*, rasulayn*, barış pınarı*, amude*, kuzeydoğu*,
        хасака, хасаке, хасеке, эль-хасака, кобани, камышлы, камишлы, камишлия, дербисия, евфрат*,
        северо-восток*, границ*, шейрек, рас-эль-айн*, алеппо, الحسكة, كوباني, عين العرب, القامشلي,
        الدرباسية, المالكية, عامودا, الفرات, الحدود, شمال شرقي, شمال شرق, رأس العين, تل أبيض, نبع
        السلام, تل تمر, زركان, أبو راسين, حلب الشرقي, حدودية
    """,
    "manbij": "manbij*, münbiç*, menbic*, sajur*, sacur*, манбидж*, منبج, الساجور",
    "safe_zone": """
        safe zone, security mechanism, east of the euphrates, tal abyad, tel abyad, akcakale,
        akçakale*, telabyad*, fırat*, güvenli bölge*, euphrates, зон* безопасности, тель-абьяд*,
        евфрат*, المنطقة الآمنة, تل أبيض, الفرات, آلية أمنية
    """,
    "syria": "syria*, suriye*, сири*, سوريا, سورية, السورية",
    "helicopter_flight": "helicopter flight*, joint flight*, helikopter uçuş*",
    "sea": """
        sea, maritime, navy, naval, coast guard*, river, mekong, strait, gulf, deniz*, море, морск*,
        океан*, بحر, نهر, بحرية
    """,
}
