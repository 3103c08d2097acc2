//! What each figure counts, in words: printed in every report's notes, so that a number never travels
//! without its meaning. A change of meaning changes [`DEFINITIONS`].

use super::super::words::{Words, words};
use crate::model::Lang;

/// Version of the definitions below, as reports and JSON print it.
pub const DEFINITIONS: &str = "2027-01";

/// Names and definitions by the figure's id without `_month` or `_ytd`.
const TABLE: &[(&str, Words, Words)] = &[
    (
        "criminal_charges",
        words("қылмыстық істер", "уголовные дела", "criminal matters"),
        words(
            "Алғашқы процестік әрекет жасалған айы бойынша жаңа қылмыстық істер; бір іс — бір арыз, тіркеу немесе жеке айыптау шағымы. Жыл басынан бергі санға өткен жылдан ауысқан және қайта қозғалған істер қосылады және бөлек көрсетіледі.",
            "Новые уголовные дела — по месяцу первого процессуального действия; одно дело — одно заявление, одна регистрация или одна жалоба частного обвинения. В число с начала года входят и переходящие, и возобновлённые дела; они показаны отдельно.",
            "New criminal matters by the month of their first procedural act; one matter is one complaint, registration or private-prosecution complaint. The number since January includes matters carried over or resumed, shown apart.",
        ),
    ),
    (
        "suits",
        words("сотқа берілген талап-арыздар", "иски, поданные в суд", "suits filed"),
        words(
            "Ар-намысты, қадір-қасиетті және іскерлік беделді қорғау туралы сотқа берілген талап-арыздар. Жауапкер саны қанша болса да, бір арыз — біреу; сотқа дейінгі талаптар мен қайта берілген арыздар кірмейді.",
            "Исковые заявления о защите чести, достоинства и деловой репутации. Одно заявление считается один раз, сколько бы ни было ответчиков; досудебные претензии и повторная подача не входят.",
            "Statements of claim on honour, dignity and business reputation. One statement counts once, however many defendants; letters before action and refilings do not count.",
        ),
    ),
    (
        "claims",
        words(
            "сотқа дейінгі талаптар мен талап-арыздар",
            "досудебные претензии и иски",
            "letters before action and suits",
        ),
        words(
            "Сотқа дейінгі талап қойылған немесе сотқа берілген істер; бір іс жылына бір рет саналады. Өткен жылдан ауысқан істер жалпы санға кіреді және бөлек көрсетіледі.",
            "Дела, по которым заявлена досудебная претензия или подан иск; дело считается один раз в год. Переходящие дела входят в общее число и показаны отдельно.",
            "Matters with a letter before action or a suit; a matter counts once a year. Matters carried over are in the total and shown apart.",
        ),
    ),
    (
        "judicial_acts",
        words("сот актілері", "судебные акты", "judicial acts"),
        words(
            "Осындай азаматтық істі шешкен немесе аяқтаған кез келген сатыдағы акт, іс қашан басталса да. Үш нәтиже — сөз айтқан тараптың пайдасына, ішінара, қарсы — жалпы санды құрайды. Жаңадан қарауға жіберу де акт болып саналады; іс ол кезде жалғаса береді.",
            "Акты любой инстанции, которыми такое гражданское дело разрешено или окончено, когда бы оно ни началось. Три исхода — в пользу автора высказывания, частично, против — в сумме дают все акты. Отмена с направлением на новое рассмотрение — тоже акт; дело при этом продолжается.",
            "Acts of any instance that decide or end such a civil case, whenever it was filed. The three outcomes, for the speaker, in part and against, add up to all acts. An act that sends a case back for retrial counts; the case goes on.",
        ),
    ),
    (
        "judicial_acts_appeal",
        words("оның ішінде апелляцияда", "из них в апелляции", "of them in appeal"),
        words(
            "Апелляциялық сатының шешілген актілері; апелляцияның берілуі саналмайды.",
            "Акты апелляционной инстанции; подача жалобы не считается.",
            "Decided acts of the appeal instance; the filing of an appeal does not count.",
        ),
    ),
    (
        "judicial_acts_cassation",
        words("оның ішінде кассацияда", "из них в кассации", "of them in cassation"),
        words(
            "Кассациялық сатының актілері; шағымды қарауға беруден бас тарту саналмайды.",
            "Акты кассационной инстанции; отказ в передаче жалобы не считается.",
            "Acts of cassation; a refusal to pass a complaint on does not count.",
        ),
    ),
    (
        "judicial_acts_for_speaker",
        words(
            "оның ішінде сөз айтқан тараптың пайдасына",
            "из них в пользу автора высказывания",
            "of them in favour of the speaker",
        ),
        words(
            "Тексерілген актімен салыстырғанда сөз айтқан тараптың жағдайын жақсартқан актілер; ішінара қанағаттандыру мұнда кірмейді.",
            "Акты, после которых положение автора высказывания стало лучше, чем по проверяемому акту; удовлетворение в части сюда не входит.",
            "Acts after which the speaker stands better than under the act reviewed; a claim met in part is not one.",
        ),
    ),
    (
        "claimed",
        words("талап етілген моральдық зиян", "заявлено морального вреда", "moral damage claimed"),
        words(
            "Осы жылғы талаптар мен талап-арыздарда сұралған ең жоғары сома және ауысқан істер бойынша биыл арттырылған бөлігі. Мемлекеттік баж, шығындар, алынбай қалған пайда мен айыппұлдар кірмейді. Сомасы белгісіз істер нөл емес: олардың саны бөлек көрсетіледі. Шетел валютасы — талап берілген күнгі Ұлттық банк бағамы бойынша.",
            "Наибольшая сумма, заявленная в претензиях и исках этого года, и увеличение требований в этом году по переходящим делам. Без пошлины, расходов, упущенной выгоды и штрафов. Неизвестная сумма — не ноль: число таких дел показано отдельно. Валюта — по курсу Национального банка на день заявления.",
            "The highest sum formally asked in this year's letters and suits, and what was added this year in matters carried over. No duty, costs, lost profit or fines. An unknown sum is not zero: such matters are shown apart. Foreign currency at the National Bank's rate of the day of the claim.",
        ),
    ),
    (
        "awarded",
        words("өндіріліп алуға шешілген моральдық зиян", "взыскано судами морального вреда", "moral damage awarded"),
        words(
            "Биыл соттар тағайындаған және есепті кезең соңында күшінде тұрған сома. Азайтылған немесе күші жойылған сома шегеріледі; өткен жылдардағы шешімдердің өзгеруі бөлек жолда.",
            "Присуждено судами в этом году и остаётся в силе на конец отчётного периода. Сниженное или отменённое вычитается; изменения присуждённого в прежние годы — отдельной строкой.",
            "Awarded by courts this year and standing at the cut-off. What was reduced or set aside is taken off; changes to awards of earlier years have a line of their own.",
        ),
    ),
    (
        "awarded_gross",
        words(
            "алғашқы тағайындалған сома",
            "первоначально присуждено по тем же делам",
            "the same cases at the sum first awarded",
        ),
        words(
            "Сол істер бойынша биыл алғаш тағайындалған сома; әр іс бір рет.",
            "Сумма, впервые присуждённая в этом году по тем же делам; каждое дело входит один раз.",
            "The sum first awarded this year in the same cases; a case enters once.",
        ),
    ),
    (
        "awards_of_earlier_years",
        words(
            "өткен жылдары тағайындалған сомалардың өзгеруі",
            "изменение присуждённого в прежние годы",
            "change to awards of earlier years",
        ),
        words(
            "Биылғы актілермен азайтылған немесе күші жойылған, өткен жылдары тағайындалған сомалар.",
            "Суммы, присуждённые в прежние годы и сниженные или отменённые актами этого года.",
            "Sums awarded in earlier years that acts of this year reduced or set aside.",
        ),
    ),
    (
        "other_losses_claimed",
        words("өзге залал талап етілді", "заявлено иных убытков", "other losses claimed"),
        words(
            "Алынбай қалған пайда және өзге залал; моральдық зиянға қосылмайды.",
            "Упущенная выгода и иные убытки; в моральный вред не входят.",
            "Lost profit and other losses; never part of moral damage.",
        ),
    ),
    (
        "criminal_damage_claimed",
        words(
            "қылмыстық істерде талап етілген моральдық зиян",
            "моральный вред, заявленный в уголовных делах",
            "moral damage claimed in criminal cases",
        ),
        words(
            "Қылмыстық іс ішіндегі азаматтық талаптар; азаматтық істердің сомасына кірмейді.",
            "Гражданские требования внутри уголовных дел; в суммы гражданских дел не входят.",
            "Civil claims inside criminal cases; never part of the sums of civil matters.",
        ),
    ),
    (
        "criminal_damage_awarded",
        words(
            "қылмыстық істерде тағайындалған моральдық зиян",
            "моральный вред, присуждённый в уголовных делах",
            "moral damage awarded in criminal cases",
        ),
        words(
            "Үкіммен тағайындалған моральдық зиян; мемлекет пайдасына айыппұл кірмейді.",
            "Моральный вред, присуждённый приговором; штраф в пользу государства не входит.",
            "Moral damage awarded by a verdict; a fine to the state is none.",
        ),
    ),
    (
        "sentences",
        words("айыптау үкімдері", "обвинительные приговоры", "verdicts against the speaker"),
        words(
            "Бірінші сатыдағы толық немесе ішінара айыптау үкімдері.",
            "Приговоры первой инстанции, полностью или частично обвинительные.",
            "Verdicts of first instance that convict in whole or in part.",
        ),
    ),
    (
        "block_a",
        words(
            "А. Журналистердің, БАҚ пен азаматтардың құқықтарының бұзылуы",
            "А. Нарушения прав журналистов, СМИ и граждан",
            "A. Rights of journalists, media and citizens violated",
        ),
        words(
            "Бір әрекет бір ғана блоктың бір жолында саналады; қысымнан арылу (босату, істі тоқтату) бұзушылықтарға қосылмайды.",
            "Одно действие считается в одной строке одного блока; послабления (освобождение, прекращение дела) в нарушения не входят.",
            "One act stands in one line of one block; relief (a release, a dropped case) is no violation.",
        ),
    ),
    (
        "a_det",
        words("ұстау", "задержания", "detentions"),
        words(
            "Оқиға бойынша: бір жерде бір мезгілде ұсталғандар — бір оқиға, адам саны бөлек.",
            "По случаям: задержанные вместе — один случай, число людей рядом.",
            "By incident: people held together are one incident, their number stands beside it.",
        ),
    ),
    (
        "a_att",
        words("шабуыл", "нападения", "attacks"),
        words(
            "Адамға немесе мүлікке шабуыл; бір мезгілдегі соққы мен мүлік бүлдіру — бір шабуыл.",
            "Нападения на людей и имущество; избиение и порча техники в одном эпизоде — одно нападение.",
            "Attacks on people and property; a beating and a broken camera at once are one attack.",
        ),
    ),
    (
        "a_thr",
        words("қоқан-лоқы", "угрозы", "threats"),
        words(
            "Бір топтама — бір оқиға; 30 күн тыныштықтан кейінгісі жаңа.",
            "Одна кампания угроз — один случай; новая — после 30 дней тишины.",
            "One campaign counts once; a new one begins after 30 quiet days.",
        ),
    ),
    (
        "a_obs",
        words("кедергі келтіру", "воспрепятствование", "obstruction"),
        words(
            "Заңды жұмысқа кедергі; журналистің шағымы бойынша іс бұл жерде бөлек саналмайды.",
            "Препятствия законной работе; последующие жалобы и проверки отдельно не считаются.",
            "Hindered lawful work; complaints and inquiries that follow are not counted again.",
        ),
    ),
    (
        "a_sum",
        words("шақырту", "вызовы", "summonses"),
        words(
            "Бір жарияланым бойынша бірнеше шақырту — біреу.",
            "Несколько вызовов из-за одной публикации — один случай.",
            "Several summonses over one post are one.",
        ),
    ),
    (
        "block_b",
        words(
            "Ә. Ақпарат алу және тарату құқығының бұзылуы",
            "Б. Нарушения права на получение и распространение информации",
            "B. Right to receive and spread information violated",
        ),
        words(
            "Бір әрекет бір ғана блоктың бір жолында саналады.",
            "Одно действие считается в одной строке одного блока.",
            "One act stands in one line of one block.",
        ),
    ),
    (
        "b_blk",
        words("бұғаттау", "блокировки", "blocking"),
        words(
            "Әр бұғаттау; бір тәулік қолжетімді болғаннан кейінгісі жаңа. Бір бұйрық — біреу, ауқымы бөлек.",
            "Каждая блокировка; новая — если перед ней доступ был не меньше суток. Один приказ — одна блокировка, её охват показан отдельно.",
            "Each imposition; a new one after a day of access or more. One order is one, its extent stands apart.",
        ),
    ),
    (
        "days_blocked",
        words("бұғатта өткен тәулік", "дни под блокировкой", "days blocked"),
        words(
            "Сайт, парақша немесе желі қолжетімсіз болған күндер: бұғатталған күн кіреді, қалпына келген күн кірмейді. Бір бұйрық неше сайтқа қатысты болса да бір рет саналады; өшіру туралы нұсқама кірмейді. Басталған не аяқталған күні жазылмаса, тек күмән тудырмайтын күндер саналып, ондай бұғаттаулардың саны бөлек көрсетіледі.",
            "Дни, в которые сайт, страница или сеть были недоступны: день блокировки входит, день возвращения доступа — нет. Один приказ считается один раз, сколько бы сайтов он ни называл; предписания об удалении не входят. Если день начала или конца не записан, считаются только несомненные дни, а число таких блокировок показано отдельно.",
            "Days on which a site, page or network could not be reached: the day of the block is counted, the day of return is not. One order counts once, however many sites it names; orders to delete are not counted. Where the first or last day is not recorded, only the days beyond doubt count, and such blocks are shown apart.",
        ),
    ),
    (
        "b_clo",
        words("жабу, тоқтата тұру", "закрытия и приостановления", "closures and suspensions"),
        words(
            "Басылымды жабу немесе шығаруын тоқтата тұру.",
            "Закрытие издания или приостановление выпуска.",
            "An outlet closed or suspended.",
        ),
    ),
    (
        "b_info",
        words("ақпарат беруден бас тарту", "отказы в информации", "information refused"),
        words(
            "Әр бас тарту — орган бойынша; жабық сот процесі де кіреді.",
            "Каждый отказ — по органу; сюда же закрытый процесс.",
            "Each refusal, by body; a trial closed to the public too.",
        ),
    ),
    (
        "b_acc",
        words("аккредиттеу", "аккредитация", "accreditation"),
        words(
            "Аккредиттеуден бас тарту немесе айыру; бір шешім — біреу.",
            "Отказ в аккредитации или лишение её; одно решение — один случай.",
            "Accreditation refused or taken; one decision counts once.",
        ),
    ),
    (
        "b_cyb",
        words("кибершабуыл", "кибератаки", "cyber attacks"),
        words(
            "Әр басылымға бір шабуыл; үзілісі 72 сағаттан аз толқындар — бір шабуыл.",
            "Одна атака на одно издание; волны с перерывом менее 72 часов — одна атака.",
            "One attack an outlet; waves less than 72 hours apart are one.",
        ),
    ),
    (
        "block_c",
        words("Б. Жаңа айыптаулар мен талаптар", "В. Новые обвинения и требования", "C. New charges and claims"),
        words(
            "Тек жаңа істер; жүріп жатқан істердің жаңалықтары саналмайды.",
            "Только новые дела; сообщения о ходе прежних дел не считаются.",
            "New matters only; news of running cases does not count.",
        ),
    ),
    (
        "c_crim",
        words("қылмыстық", "уголовные", "criminal"),
        words("Жаңа қылмыстық істер.", "Новые уголовные дела.", "New criminal matters."),
    ),
    (
        "c_civ",
        words("азаматтық", "гражданские", "civil"),
        words(
            "Жаңа азаматтық талаптар, ар-намысқа қатысы жоғы да.",
            "Новые гражданские требования, в том числе не о чести и достоинстве.",
            "New civil claims, those not about honour included.",
        ),
    ),
    (
        "c_adm",
        words("әкімшілік", "административные", "administrative"),
        words(
            "Жаңа әкімшілік істер; қылмыстық істен айналғаны жаңа емес.",
            "Новые административные дела; переквалифицированное из уголовного — не новое.",
            "New administrative cases; one that a criminal case turned into is not new.",
        ),
    ),
    (
        "incidents",
        words("оқиғалар (А және Ә блоктары)", "случаи (блоки А и Б)", "incidents (blocks A and B)"),
        words("А және Ә блоктарындағы әрекеттердің саны.", "Число действий в блоках А и Б.", "Acts in blocks A and B."),
    ),
    (
        "persons",
        words("зардап шеккен адамдар", "пострадавшие люди", "persons affected"),
        words(
            "Айда адам әр оқиғада саналады, жыл бойы — бір рет; сондықтан айлар қосылмайды.",
            "За месяц человек считается в каждом случае, за год — один раз; поэтому месяцы не складываются.",
            "In a month a person counts with each incident, in a year once: months do not add up.",
        ),
    ),
    (
        "outlets",
        words("зардап шеккен басылымдар", "пострадавшие издания", "outlets affected"),
        words("Әр түрлі басылымдар.", "Разные издания.", "Different outlets."),
    ),
    (
        "cases",
        words("істер", "дела", "cases"),
        words(
            "Блоктардағы әрекеттер тиесілі әр түрлі істер.",
            "Разные дела, к которым относятся действия блоков.",
            "Different cases that the acts of the blocks belong to.",
        ),
    ),
    (
        "relief",
        words("жағдайдың жақсаруы", "послабления", "relief"),
        words(
            "Босату, бұғаттан шығару, тоқтатылған іс, қанағаттандырылмаған талап; бұзушылықтарға қосылмайды.",
            "Освобождение, снятие блокировки, прекращённое дело, отказ в иске; в нарушения не входит.",
            "A release, an unblocking, a dropped case, a refused claim; never part of violations.",
        ),
    ),
    (
        "censorship",
        words("цензура", "цензура", "censorship"),
        words(
            "Сотсыз және бұғаттаусыз мазмұнға қысым; блоктардың жиынына кірмейді.",
            "Давление на содержание без суда и блокировки; в суммы блоков не входит.",
            "Pressure on content without a court or a block; outside the totals of the blocks.",
        ),
    ),
    (
        "messages",
        words("хабарламалар", "сообщения", "messages"),
        words(
            "Расталған оқиғалардың, яғни картотека жазбаларының саны.",
            "Число подтверждённых событий, то есть карточек.",
            "Confirmed developments: the cards.",
        ),
    ),
    (
        "law_steps",
        words("заң жобаларының қадамдары", "шаги законопроектов", "steps of bills"),
        words(
            "Заң жобасының әр қадамы; оқылымдар жаңа заң емес.",
            "Каждый шаг законопроекта; чтения — не новые законы.",
            "Each step of a bill; readings are not new laws.",
        ),
    ),
    (
        "late",
        words("кеш анықталғаны", "узнано позднее", "learned late"),
        words(
            "Осы жылдың алдыңғы айлары туралы осы кезеңде анықталған оқиғалар.",
            "События прежних месяцев этого года, о которых стало известно в этом периоде.",
            "Items of earlier months of this year, learned in this period.",
        ),
    ),
    (
        "corrected",
        words("түзетулер", "исправления", "corrections"),
        words(
            "Алынып тасталған, біріктірілген немесе бөлінген жазбалар.",
            "Снятые, объединённые или разделённые записи.",
            "Items withdrawn, merged or split.",
        ),
    ),
];

fn base(id: &str) -> &str {
    id.strip_suffix("_month").or_else(|| id.strip_suffix("_ytd")).unwrap_or(id)
}

/// The name of a figure, by its id with or without `_month` and `_ytd`; the id itself where it has none.
pub fn name(id: &str, lang: Lang) -> &str {
    TABLE.iter().find(|(known, ..)| *known == base(id)).map_or(id, |(_, name, _)| name.of(lang))
}

/// What a figure counts, by its id.
pub fn definition(id: &str, lang: Lang) -> Option<&'static str> {
    TABLE.iter().find(|(known, ..)| *known == base(id)).map(|(.., definition)| definition.of(lang))
}
