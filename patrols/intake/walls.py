"""Pages that stand where a report should be: consent and robot checks, and teasers before a payment.

One table of phrases per kind, in the four languages, lower case, one a line: a speaker reads and extends it.
A phrase alone proves nothing (every second page mentions cookies at its foot); `wall` weighs how much of the
text is made of such sentences.
"""

from __future__ import annotations

import re

COOKIES = {
    "en": (
        "cookie",
        "we value your privacy",
        "our partners process",
        "manage your preferences",
        "your consent",
        "gdpr",
        "personalised ads",
        "personalized ads",
    ),
    "tr": (
        "çerez",
        "kişisel verilerin korunması",
        "kvkk",
        "aydınlatma metni",
        "açık rıza",
        "tercihleri yönet",
    ),
    "ru": (
        "cookie",
        "куки",
        "файлы cookie",
        "обработку персональных данных",
        "согласие на обработку",
    ),
    "ar": ("ملفات تعريف الارتباط", "الكوكيز", "سياسة الخصوصية الخاصة", "قبول جميع ملفات"),
}
ROBOT_CHECKS = {
    "en": (
        "verify you are human",
        "verifying you are human",
        "you are not a robot",
        "checking your browser",
        "enable javascript",
        "performing security verification",
        "just a moment",
        "unusual traffic",
        "ddos protection",
        "access denied",
        "you don't have permission to access",
        "captcha",
    ),
    "tr": (
        "robot olmadığınızı",
        "insan olduğunuzu doğrula",
        "tarayıcınız kontrol ediliyor",
        "javascript'i etkinleştir",
        "erişim engellendi",
    ),
    "ru": (
        "что вы не робот",
        "проверка браузера",
        "проверяем ваш браузер",
        "включите javascript",
        "доступ к сайту ограничен",
    ),
    "ar": ("أنك لست روبوت", "أنك إنسان", "التحقق من المتصفح", "تفعيل جافا", "تم رفض الوصول"),
}
PAYWALLS = {
    "en": (
        "subscribe to read",
        "subscribe to continue",
        "subscribe to unlock",
        "to continue reading",
        "to keep reading",
        "to read the full",
        "to read this article",
        "this article is for subscribers",
        "this content is for subscribers",
        "for subscribers only",
        "subscriber-only",
        "subscribers only",
        "already a subscriber",
        "log in to read",
        "sign in to read",
        "register to read",
        "free articles",
        "start your free trial",
    ),
    "tr": (
        "devamını okumak için abone",
        "okumaya devam etmek için",
        "haberin tamamını okumak için",
        "tamamını okumak için",
        "bu içerik abonelere özel",
        "abonelere özel",
        "aboneyseniz giriş",
    ),
    "ru": (
        "чтобы продолжить чтение",
        "чтобы читать дальше",
        "чтобы прочитать полностью",
        "полный текст доступен",
        "доступно только подписчикам",
        "доступен только подписчикам",
        "только для подписчиков",
        "оформите подписку",
        "материал доступен по подписке",
    ),
    "ar": (
        "لمتابعة القراءة",
        "لمواصلة القراءة",
        "لقراءة المقال كامل",
        "اشترك لقراءة",
        "للمشتركين فقط",
        "هذا المحتوى للمشتركين",
    ),
}
WALL_SHARE = 0.5
"""Of the text: what cookie and robot sentences must come to for the page to be a wall."""
LONGEST_WALL = 4000
LONGEST_STUB = 1500
"""Characters. A longer text has told its story, whatever it asks for at its end."""


def wall(title: str, text: str, *, marked_paid: bool = False) -> str:
    """ "cookie_wall", "paywall_stub" or "". `marked_paid`: the page's own metadata say it is not free."""
    # Lower case the Turkish way would be wrong for the rest; "İ" leaves a combining dot, which goes.
    text, title = (part.lower().replace("\u0307", "") for part in (text, title))
    sentences = [one for one in re.split(r"(?<=[.!?؟…])\s+|\n+", text) if one.strip()]
    in_the_way = sum(len(one) for one in sentences if _has(one, COOKIES, ROBOT_CHECKS))
    length = sum(map(len, sentences))
    if length <= LONGEST_WALL and (
        in_the_way > length * WALL_SHARE or (_has(title, ROBOT_CHECKS) and length < 600)
    ):
        return "cookie_wall"
    asks_to_pay = any(_has(one, PAYWALLS) for one in sentences[-4:])
    if length <= LONGEST_STUB and (asks_to_pay or marked_paid):
        return "paywall_stub"
    return ""


def without_appeals(text: str) -> str:
    """The text without the lines that only ask for money or consent: nothing shall be read out of those."""
    lines = text.split("\n")
    return "\n".join(
        line for line in lines if len(line) > 300 or not _has(line.lower(), COOKIES, ROBOT_CHECKS, PAYWALLS)
    ).strip()


def _has(text: str, *tables: dict[str, tuple[str, ...]]) -> bool:
    return any(phrase in text for table in tables for phrases in table.values() for phrase in phrases)
