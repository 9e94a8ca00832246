"""The columns of rosters of people, and the heads they go by (domain/excel.md 4.3)."""

from common.tables.layout import Field, heads

PHONES = heads("联系电话 电话 手机 手机号 手机号码 联系方式 电话号码 移动电话")
IDS = heads("身份证号 身份证号码 公民身份号码 公民身份证号码 公民身份证号 身份证")
IDS += heads("证件号码 证件号 身份证件号 身份证件号码 居民身份证号码 居民身份证号")
IDS += heads("身份号码 居民身份证 身份证编号 ID 身份证号18位 本人身份证号")
TOWNSHIPS = heads("乡镇 街道 镇 乡 乡镇街道 镇街 镇街道 乡镇办 乡镇名称")
TOWNSHIPS += heads("所属乡镇 所在乡镇 所属区划 区划 行政区划 乡街 街镇 乡街道")
TOWNSHIPS += heads("乡镇/街道 街道/乡镇 街道乡镇 所属区域 属地 户籍乡镇 所属镇街")
LIVED_IN = heads("居住乡镇 现居住乡镇 现住乡镇 居住地乡镇 现居住地乡镇 常住乡镇")
LIVED_IN += heads("居住街道 现居住街道 居住乡镇街道 现居住乡镇街道 居住镇街")
VILLAGES_LIVED_IN = heads("居住村 现居住村 居住地村 现居住地村 居住村社区")
VILLAGES_LIVED_IN += heads("现居住村社区 居住社区 现居住社区 居住地村社区")
# Where the 户口 is; where no other column tells it, also where somebody lives.
HUKOU_TOWNSHIPS = heads("户籍地 户籍乡镇 户籍所在乡镇 户籍地乡镇 户籍镇 户籍街道")
HUKOU_TOWNSHIPS += heads("户籍乡镇街道 户籍地乡镇街道 户籍所在地乡镇 户籍所属乡镇")
HUKOU_TOWNSHIPS += heads("户口乡镇 户口所在乡镇 户籍乡 户籍镇街 户籍地镇街")
HUKOU_PLACES = heads("户籍所在地 户口所在地")
HUKOU_ADDRESSES = heads("户籍地址 户籍所在地址 户籍住址 户籍详细地址 户籍地详细地址")
HUKOU_ADDRESSES += heads("户口地址 户口住址 户口所在地址 户籍地住址")
HUKOU_VILLAGES = heads("户籍村 户籍所在村 户籍地村 户籍村社区 户籍社区 户籍行政村")
HUKOU_VILLAGES += heads("户籍地村社区 户籍所在村社区 户籍地行政村 户籍所在地村")
NAMES = heads("姓名 关爱对象姓名 对象姓名 帮扶对象 结对对象 关爱对象 救助对象")
NAMES += heads("残疾人姓名 儿童姓名 人员姓名 被帮扶人 被帮扶对象 帮扶对象姓名")
NAMES += heads("特困人员姓名 老人姓名 对象名称 名字 持证人姓名 持证人 残疾人")
GUARDIANS = heads("监护人 照料人 抚养人 照护人 法定监护人 看护人 实际监护人")
# A head that nobody foresaw may still not be taken for somebody else's.
NOT_OTHERS = "(?!.*(?:监护|照料|抚养|照护|看护|户主))"
_SELF = heads("关爱对象 对象 儿童 残疾人 本人 特困人员 帮扶对象")


def of_people(people: tuple[str, ...], heads: tuple[str, ...]) -> tuple[str, ...]:
    """Return every head of these that begins with one of these people."""
    return tuple(f"{person}{head}" for person in people for head in heads)


NOTE = Field("note", "备注", ("说明", "备注说明", "其他情况"), width=24)

FIELDS = (
    Field(
        "name",
        "姓名",
        (*NAMES, *of_people(_SELF, ("姓名",))),
        weak=("户主姓名", "户主", "名称"),
        hints=(f"^{NOT_OTHERS}.*姓名$",),
        required=True,
        example="示例一",
    ),
    Field("gender", "性别", of_people(_SELF, ("性别",)), choices=("男", "女"), width=8),
    Field(
        "id",
        "身份证号",
        (*IDS, *of_people(_SELF, IDS)),
        weak=("户主身份证号", "户主身份证号码", "证号"),
        hints=(f"^{NOT_OTHERS}.*(?:身份证(?!件?类)|公民身份|证件号)",),
        required=True,
        example="620321196503129019",
        note="18位,单元格须设为文本。",
        width=22,
    ),
    Field("id_type", "证件类型", ("证件种类", "身份证件类型"), in_template=False),
    Field(
        "category",
        "对象类别",
        heads("类别 人员类别 关爱对象类别 对象类型 困难类型 人员类型 身份类别"),
        hints=("对象类[别型]", "人员类[别型]"),
        required=True,
        example="困难重度残疾人",
        choices=("孤残儿童", "困难重度残疾人", "特困家庭"),
        width=18,
    ),
    Field("kind", "细类", heads("儿童类别 儿童类型 对象细类 具体类别"), width=18),
    Field(
        "dis_kind",
        "残疾类别",
        heads(
            "残疾类型 残疾种类 残别 残疾类别及等级 残疾类别等级 "
            "残疾类别和等级 残疾类别与等级 残疾等级及类别 类别等级 "
            "残疾类别/等级 残类 残疾情况 残疾类别、等级 残疾情况类别 残疾状况 "
            "残疾类型及等级 残疾种类及等级"
        ),
        hints=("残疾.*(?:类|种)",),
        example="肢体",
        choices=heads("视力 听力 言语 肢体 智力 精神 多重"),
        width=12,
    ),
    Field(
        "dis_grade",
        "残疾等级",
        heads("等级 残疾级别 级别 残疾程度 残级 残疾等次"),
        hints=("残疾.*级", "残疾程度"),
        example="二级",
        choices=heads("一级 二级 三级 四级"),
        width=10,
    ),
    Field(
        "certificate",
        "残疾证号",
        heads("残疾人证号 残疾证号码 残疾人证号码 残疾人证 残疾证 残疾证编号"),
        weak=("证号",),
        hints=("残疾人?证.*号",),
        width=24,
    ),
    Field("county", "县区", heads("县 区 区县 所属县区 县市区 所在县区 县级")),
    Field(
        "township",
        "乡镇街道",
        (*(one for one in TOWNSHIPS if one not in HUKOU_TOWNSHIPS), *LIVED_IN),
        weak=(*HUKOU_TOWNSHIPS, *heads("地区 所在地 辖区")),
        hints=("^(?!.*(?:村|址|人均|收入)).*(?:乡镇|镇街|街道)",),
        required=True,
        example="焦家庄镇",
        note="从下拉表中选。",
    ),
    Field(
        "village",
        "村社区",
        heads(
            "村 社区 行政村 村居 村居委会 所在村 村名 村/社区 社区村 村委会 "
            "居委会 村、社区 所属村 所在社区 村别 村(社区) 村社"
        )
        + VILLAGES_LIVED_IN,
        weak=HUKOU_VILLAGES,
        hints=("^(?!.*(?:址|主任|书记|医)).*(?:行政村|村.*社区|社区)",),
        example="杏树庄村",
    ),
    Field("group", "组", heads("社 村民小组 组别 小组 村组 组社 小区")),
    Field(
        "address",
        "家庭住址",
        heads(
            "住址 现住址 详细地址 居住地 地址 家庭地址 居住地址 现居住地 "
            "家庭详细住址 居住详细地址 通讯地址 现居住地址 详细住址 常住地址"
        ),
        weak=(*HUKOU_ADDRESSES, *HUKOU_PLACES),
        hints=("住址|地址",),
        example="杏树庄村三组25号",
        width=28,
    ),
    Field(
        "hukou",
        "户籍地",
        weak=(*HUKOU_TOWNSHIPS, *HUKOU_PLACES),
        beside="township",
        note="与居住地不同的才填,写到乡镇和村;市外的写省市县。",
        width=18,
    ),
    Field(
        "hukou_address",
        "户籍地址",
        weak=HUKOU_ADDRESSES,
        in_template=False,
        beside="address",
    ),
    Field(
        "hukou_village",
        "户籍村社区",
        weak=HUKOU_VILLAGES,
        in_template=False,
        beside="village",
    ),
    Field(
        "phone",
        "联系电话",
        (*PHONES, *of_people((*_SELF, "家庭", "个人"), PHONES)),
        hints=(f"^{NOT_OTHERS}.*(?:电话|手机|联系方式)",),
        example="19900001234",
        width=16,
    ),
    Field(
        "g_name",
        "监护人姓名",
        (*GUARDIANS, *of_people(GUARDIANS, ("姓名", "名字"))),
        hints=("(?:监护|照料|抚养|照护|看护)人.*(?:姓名|名)$",),
        example="示例二",
    ),
    Field(
        "g_rel",
        "监护人关系",
        (
            *of_people(
                GUARDIANS,
                heads(
                    "关系 与本人关系 与儿童关系 与对象关系 与残疾人关系 与关爱对象关系"
                ),
            ),
            "与儿童关系",
            "与本人关系",
            "与监护人关系",
            "与残疾人关系",
            "与对象关系",
            "与被监护人关系",
            "监护关系",
            "与关爱对象关系",
            "与孤儿关系",
            "与被照料人关系",
        ),
        weak=("关系",),
        hints=("与.*(?<!户主)关系",),
        example="母亲",
    ),
    Field(
        "g_phone",
        "监护人电话",
        of_people(GUARDIANS, PHONES),
        hints=("(?:监护|照料|抚养|照护|看护)人.*(?:电话|手机|联系)",),
        example="19900001235",
        width=16,
    ),
    Field(
        "dibao",
        "是否低保",
        heads(
            "低保 享受低保情况 是否享受低保 是否享受城乡低保 享受低保 "
            "低保情况 是否低保户 低保户 是否纳入低保 是否为低保 是否为低保户 "
            "城乡低保"
        ),
        hints=("低保(?!.*(?:金|类|档|证|号|时间))",),
        example="是",
        choices=("是", "否"),
        width=10,
    ),
    Field(
        "dibao_class",
        "低保类别",
        heads("低保类型 低保档次 低保等级 保障类别 低保类"),
        in_template=False,
    ),
    Field(
        "tekun",
        "供养方式",
        ("特困供养方式", "集中/分散", "集中分散", "是否特困"),
        width=12,
    ),
    Field("ethnic", "民族", (), width=8),
    Field(
        "head",
        "所在户户主",
        weak=("户主", "户主姓名", "家庭主要成员"),
        in_template=False,
    ),
    Field(
        "relation", "与户主关系", ("户主关系", "和户主关系"), hints=("与户主.*关系",)
    ),
    Field(
        "size",
        "家庭人口",
        heads("人口 家庭人口数 人口数 共同生活人口 家庭成员数 家庭人数 人数"),
        hints=("家庭.*人口",),
        example="3",
        width=10,
        is_text=False,
    ),
    Field("birth", "出生日期", heads("出生年月 生日 出生年月日 出生时间"), width=14),
    Field("age", "年龄", ("周岁", "实足年龄", "年纪"), in_template=False),
    Field("health", "健康状况", heads("身体状况 患病情况 主要疾病 健康情况"), width=20),
    NOTE,
)
