"""How a name sounds: its pinyin and its initials, in lower-case ASCII, for search."""

import unicodedata
from functools import cache, lru_cache

# Longer than any real name; the columns that hold them are no longer.
FULL_LENGTH = 120
INITIALS_LENGTH = 40
LONGEST_PERSON = 4
DOTS = frozenset("·•・．‧∙･")

COMPOUND_SURNAMES = {
    "欧阳": "ouyang", "太史": "taishi", "端木": "duanmu", "上官": "shangguan",
    "司马": "sima", "东方": "dongfang", "独孤": "dugu", "南宫": "nangong",
    "万俟": "moqi", "闻人": "wenren", "夏侯": "xiahou", "诸葛": "zhuge",
    "尉迟": "yuchi", "公羊": "gongyang", "赫连": "helian", "澹台": "tantai",
    "皇甫": "huangfu", "宗政": "zongzheng", "濮阳": "puyang", "公冶": "gongye",
    "太叔": "taishu", "申屠": "shentu", "公孙": "gongsun", "慕容": "murong",
    "仲孙": "zhongsun", "钟离": "zhongli", "长孙": "zhangsun", "宇文": "yuwen",
    "司徒": "situ", "鲜于": "xianyu", "司空": "sikong", "闾丘": "lvqiu",
    "子车": "ziju", "亓官": "qiguan", "司寇": "sikou", "巫马": "wuma",
    "公西": "gongxi", "颛孙": "zhuansun", "壤驷": "rangsi", "公良": "gongliang",
    "漆雕": "qidiao", "乐正": "yuezheng", "宰父": "zaifu", "谷梁": "guliang",
    "拓跋": "tuoba", "夹谷": "jiagu", "轩辕": "xuanyuan", "令狐": "linghu",
    "段干": "duangan", "百里": "baili", "呼延": "huyan", "东郭": "dongguo",
    "南门": "nanmen", "羊舌": "yangshe", "微生": "weisheng", "梁丘": "liangqiu",
    "左丘": "zuoqiu", "东门": "dongmen", "西门": "ximen", "第五": "diwu",
    "纳兰": "nalan", "完颜": "wanyan", "耶律": "yelv", "哥舒": "geshu",
}  # fmt: skip

# Surnames that are read otherwise than the word.
SURNAMES = {
    "单": "shan", "解": "xie", "查": "zha", "区": "ou", "朴": "piao", "盖": "ge",
    "乐": "yue", "牟": "mu", "缪": "miao", "折": "she", "覃": "qin", "员": "yun",
    "种": "chong", "召": "shao", "黑": "he", "洗": "xian", "秘": "bi", "繁": "po",
    "祭": "zhai", "适": "kuo", "句": "gou", "隗": "wei", "柏": "bai", "晟": "cheng",
    "藏": "zang", "佴": "nai", "隽": "juan", "莘": "shen", "郇": "xun", "会": "gui",
    "不": "fou", "弗": "fei",
}  # fmt: skip

# Characters whose first dictionary reading is not the one that names use.
IN_NAMES = {
    "晟": "sheng", "长": "chang", "隽": "jun", "柏": "bo", "卜": "bu", "重": "chong",
    "莘": "xin", "阚": "kan", "曾": "zeng", "翟": "zhai", "仇": "qiu", "么": "yao",
    "乜": "nie",
}  # fmt: skip


@lru_cache(maxsize=262_144)
def pinyin_of(name: str) -> tuple[str, str]:
    """Return how the name sounds, and the initials: 单小明 is (shanxiaoming, sxm).

    A name of up to four characters is a person's: its surname is read as surnames
    are. A longer one is a place or a unit, read by words. ü is written v. What has
    no reading is left out.
    """
    text = unicodedata.normalize("NFKC", name).strip()
    if not DOTS.isdisjoint(text):
        syllables = _one_by_one(text)
    elif len(text) <= LONGEST_PERSON:
        syllables = _as_person(text)
    else:
        syllables = _by_words(text)
    full = "".join(syllables)[:FULL_LENGTH]
    initials = "".join(syllable[0] for syllable in syllables)[:INITIALS_LENGTH]
    return full, initials


def surname_length(name: str) -> int:
    """Return how many characters of a Han name are the surname: 2 for 欧阳小明."""
    return 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1


def _as_person(name: str) -> list[str]:
    if surname_length(name) == 2:
        first, second = COMPOUND_SURNAMES[name[:2]], readings()[name[1]]
        # Either part starts a syllable: ou-yang has the initials oy.
        cut = _second_syllable(first, second)
        return [first[:cut], first[cut:], *_one_by_one(name[2:])]
    surname = SURNAMES.get(name[:1])
    if surname and len(name) > 1:
        return [surname, *_one_by_one(name[1:])]
    return _one_by_one(name)


def _second_syllable(full: str, usual: str) -> int:
    """Return where the second syllable of a compound surname starts."""
    if full.endswith(usual):
        return len(full) - len(usual)
    return next(
        cut
        for cut in range(2, len(full))
        if full[:cut] in syllables() and full[cut:] in syllables()
    )


def _one_by_one(text: str) -> list[str]:
    table = readings()
    return [
        table.get(character) or character.lower()
        for character in text
        if character in table or (character.isascii() and character.isalnum())
    ]


def _by_words(text: str) -> list[str]:
    """Read by words: 银行 is yinhang; a character at a time would say yinxing."""
    from pypinyin import lazy_pinyin

    table = readings()
    known = "".join(
        character if character in table or character.isascii() else " "
        for character in text
    )
    pieces = " ".join(lazy_pinyin(known)).lower()
    return [piece for piece in pieces.split() if piece.isascii() and piece.isalnum()]


@cache
def syllables() -> frozenset[str]:
    """Return every syllable that some character has."""
    return frozenset(readings().values())


@cache
def readings() -> dict[str, str]:
    """Return the usual reading of every character that has one, without tones.

    Made once, at first use: asking the library name by name is 50 times slower.
    """
    from pypinyin.constants import PINYIN_DICT

    table = {
        chr(code): _plain(spoken.partition(",")[0])
        for code, spoken in PINYIN_DICT.items()
    }
    return {**{key: value for key, value in table.items() if value}, **IN_NAMES}


def _plain(spoken: str) -> str:
    """Take the tone marks off; ü becomes v, as keyboards have it."""
    parts = unicodedata.normalize("NFD", spoken).replace("u\u0308", "v")
    return "".join(letter for letter in parts if letter.isascii() and letter.isalpha())
