//! The languages that are told apart: alphabets and commonest words.

use crate::model::{Lang, Script};

/// One language as the detector knows it.
pub(super) struct Profile {
    pub(super) lang: Lang,
    pub(super) script: Script,
    /// Small letters of its alphabet beyond those of [`RUSSIAN`] or of `a`–`z`.
    pub(super) extra: &'static str,
    /// Letters of [`RUSSIAN`] (or of `a`–`z`) that it does without.
    pub(super) lacks: &'static str,
    /// Its commonest words that few neighbours share.
    pub(super) words: &'static str,
}

/// The Russian alphabet.
pub(super) const RUSSIAN: &str = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя";

/// Languages told by alphabet and words; the three that rules read come first and win a draw.
pub(super) const PROFILES: &[Profile] = &[
    Profile {
        lang: Lang::RU,
        script: Script::Cyrillic,
        extra: "",
        lacks: "",
        words: "и в на не что по с из для это как от за был была были его ее он она они к у о об но же или при после \
                до без под над также уже еще чтобы который которая которые которого только где когда если так ранее \
                может будет есть быть этом этого году года лет между всех всего сообщает сообщили заявил со во \
                казахстане казахстана человек свои себя их ему него тем том то ли бы мы вы я",
    },
    Profile {
        lang: Lang::KK,
        script: Script::Cyrillic,
        extra: "әғқңөұүһі",
        lacks: "",
        words: "және мен бен пен үшін туралы деп екен жоқ болып бір бұл осы ол болды енді кеше бүгін емес сияқты дейді \
                деген ғой жатыр отыр бойынша арқылы кейін дейін қазақстан қазақ жылы жыл жылғы туралы оның олар біз мен \
                сен сіз өз өзі барлық бойы қарай арасында ішінде кезінде қатысты тиіс керек болған болса барып келген \
                ма ме ба бе па пе да де та те ушин жок болып бир осы турали деген кейин дейин казакстан гой кеше \
                бугин айтты айтылды хабарлады екі үш мың ал тек әр сол сондай сонымен ретінде бірақ басып кімде салем",
    },
    Profile {
        lang: Lang::EN,
        script: Script::Latin,
        extra: "",
        lacks: "",
        words: "the of and to in a is was for on that with by at as it from has said he she his her they are were be \
                been have had not but which who will would after over an this its their or about into more than also \
                up out new when where what there may can no if says two last year",
    },
    Profile {
        lang: Lang::KK,
        script: Script::Latin,
        extra: "äáğǵıïñńöóşšūüúý",
        lacks: "cwx",
        words: "men ben pen ushin úshin üşın üshin üşin turaly turalı dep eken joq joqq zhoq bolyp bolıp boldy boldı bir bır \
                bər jáne jäne zhane zhäne bul bwl būl osy osı ol edi edı emes degen jyl jyly jylı jylğy jylǵy zhyly qala \
                jatyr qazaq qazaqstan qazaqstanda oñ keiin keıin kejin kein deiin deıin üş úsh eki ekı öz óz onyñ onyń \
                bolğan bolǵan bolgan kerek boiynsha boıynsha boiynşa boyınşa arqyly sol ma me ba be da de qyzmet sot \
                aytty aıtty aitty habarlady eń eñ",
    },
    Profile {
        lang: Lang::of_const("ky"),
        script: Script::Cyrillic,
        extra: "ңөү",
        lacks: "",
        words: "жана менен үчүн бул деп эле болгон боюнча тууралуу эмес бир кыргыз кыргызстан кыргызстандын анын алар \
                биз сиз мен сен ошол ушул болуп жатат турат керек бар жок эки үч көп дагы кийин чейин аркылуу да деле \
                экен эми анан бирок же эч ар бардык өз өзү үстүндө астында ичинде жылы жылдын күнү айтты билдирди \
                азыр ооба кечээ мурун өкмөт өлкө мыйзам айылы айылына түрмө борбору облусунда акыркы чоң дароо чыккан \
                китеп китепти качан эмнеге кайсыл ошондой гана кандай эмне ким кайсы болсо болот болду кылган алган берген келген жерде адам адамдар \
                башка тарабынан ага аны аларды мындай ошондуктан учурда",
    },
    Profile {
        lang: Lang::of_const("uz"),
        script: Script::Cyrillic,
        extra: "ўқғҳ",
        lacks: "щы",
        words: "ва билан учун бу бир деб эди эмас ҳам бўлган бўлиб бўлди керак йил йили ўзбекистон республикаси унинг улар \
                биз сиз мен каби ёки лекин аммо ҳар ҳеч қилиш қилган қилиб тўғрисида бўйича орқали кейин фақат шу шундай \
                ҳуқуқ ҳуқуқига эга инсон бўлиши лозим мумкин томонидан",
    },
    Profile {
        lang: Lang::of_const("tt"),
        script: Script::Cyrillic,
        extra: "әөүҗңһ",
        lacks: "",
        words: "һәм белән өчен бу дип ул булган булып турында түгел бер татарстан татар аның алар без сез мин син шул бар \
                юк ике өч күп тагын соң кадәр аша да дә иде икән инде әмма ләкин яки һәр барлык үз кеше кешеләр ел елда \
                елның әйтте буенча гына генә нәрсә кем ничек кайда булса була булды торган иткән җирдә",
    },
    Profile {
        lang: Lang::of_const("uk"),
        script: Script::Cyrillic,
        extra: "ґєії",
        lacks: "ёъыэ",
        words: "і та в на не що з із для це як від за був була були його її він вона вони до у про але або також вже ще щоб \
                який яка які якого тільки де коли якщо так може буде є бути цього році року років між всіх україни \
                україні після через під над при без й ж має має було життя зараз чому чи ж хто людина цій ці цих своїх мене ми ви",
    },
    Profile {
        lang: Lang::of_const("be"),
        script: Script::Cyrillic,
        extra: "іў",
        lacks: "ищъ",
        words: "і ў на не што з для гэта як ад за быў была былі яго яе ён яна яны да у пра але або таксама ўжо яшчэ каб які \
                якая якія якога толькі дзе калі так можа будзе ёсць быць гэтым годзе года гадоў паміж усіх беларусі \
                пасля праз пад над пры без ці мы вы сёння цяпер зараз верасня кастрычніка снежня студзеня лютага траўня чэрвеня ліпеня жніўня няма чаму вельмі свае сваіх яму ім іх таму",
    },
    Profile {
        lang: Lang::of_const("mn"),
        script: Script::Cyrillic,
        extra: "өү",
        lacks: "",
        words: "нь байна юм гэж байгаа болон энэ тэр монгол улсын улс хүн оны он онд байсан бол бас ч мөн гэсэн хэрэгтэй \
                бид та нар түүний тэд хийх болно уу вэ шүү дээр доор тухай оруулах ажил өөр нэг хоёр гурав их олон \
                болсон үед хамт гэхдээ эрх чөлөө байх ёстой",
    },
    Profile {
        lang: Lang::of_const("bg"),
        script: Script::Cyrillic,
        extra: "",
        lacks: "ёыэ",
        words: "и на да се от за с е са в по като че не към при това който която които или но си след бъде може ще има до \
                през го ги му ѝ още само така също без над под между българия беше този тази тези това което",
    },
    Profile {
        lang: Lang::of_const("tg"),
        script: Script::Cyrillic,
        extra: "ғӣқӯҳҷ",
        lacks: "цщыь",
        words: "ва дар аз ба бо ки ин он барои то ҳам аст буд шуд шудааст мешавад тоҷикистон ҷумҳурии ҳар худ вай онҳо мо \
                шумо як ду бар пас ё агар на нест кард карда аст бояд ҳуқуқ дорад",
    },
    Profile {
        lang: Lang::of_const("kaa"),
        script: Script::Cyrillic,
        extra: "әғқңөүўҳ",
        lacks: "",
        words: "ҳәм менен ушын бул деп еди емес бир бойынша оның олар биз өз ҳуқықына ийе болыўы керек адам ҳәр мүмкин тийис",
    },
    Profile {
        lang: Lang::of_const("az"),
        script: Script::Cyrillic,
        extra: "ғҝәөүһҹј",
        lacks: "йцщъьэюя",
        words: "вә илә үчүн бу бир ки дејил олан һәр да дә азәрбајҹан онун олараг маликдир һүгугу",
    },
    Profile {
        lang: Lang::of_const("uz"),
        script: Script::Latin,
        extra: "ʻ",
        lacks: "w",
        words: "va bilan uchun bu bir deb edi emas ham bo'lgan bo'lib bo'ldi kerak yil yili yilda o'zbekiston respublikasi \
                uning ular biz siz kabi yoki lekin ammo har hech qilish qilgan qilib to'g'risida bo'yicha orqali keyin \
                faqat shu shunday ega inson lozim mumkin tomonidan esa bunday haqida ushbu qilindi etildi etilgan \
                boʻlgan boʻlib boʻyicha haqda sifatida o'z ko'ra endi juda ekan",
    },
    Profile {
        lang: Lang::of_const("tr"),
        script: Script::Latin,
        // With the three letters that a page of Windows-1254 shows when it is read as Latin-1.
        extra: "çğıöşüâîýþð",
        lacks: "qwx",
        words: "ve bir bu için ile de da olarak olan daha çok gibi kadar sonra ancak ama en ne her değil var yok oldu olduğu \
                dedi göre türkiye tarafından üzerinde ise ya mi mı büyük yeni iki ilk o onun biz siz ben kendi etti",
    },
    Profile {
        lang: Lang::of_const("az"),
        script: Script::Latin,
        extra: "çəğıöşü",
        lacks: "w",
        words: "və bir bu üçün ilə də da olan daha çox kimi qədər sonra ancaq amma ən nə hər deyil var yoxdur oldu dedi görə \
                azərbaycan tərəfindən üzrə isə ki iki onun biz siz mən öz etdi olub edib bildirib haqqında",
    },
    Profile {
        lang: Lang::of_const("tk"),
        script: Script::Latin,
        extra: "äçňöşüýž",
        lacks: "cqvx",
        words: "we bilen üçin bu bir diýip däl hem bolan bolup türkmenistanyň türkmenistan onuň olar biz siz men her öz ýyl \
                ýylyň boýunça soň diňe şeýle hukugy bardyr adam bolmagy",
    },
    Profile {
        lang: Lang::of_const("de"),
        script: Script::Latin,
        extra: "äöüß",
        lacks: "",
        words: "der die und das ist nicht von den mit ein eine für auf dem des im sich auch als an nach wie bei aus werden \
                wurde hat sind war wird zu über einen einer dass oder",
    },
    Profile {
        lang: Lang::of_const("fr"),
        script: Script::Latin,
        extra: "àâçéèêëîïôùûüœ",
        lacks: "",
        words: "le la les des et est que dans pour une du sur qui pas au par avec son ses sont ont été aux plus ce cette \
                mais il elle nous vous leur",
    },
    Profile {
        lang: Lang::of_const("es"),
        script: Script::Latin,
        extra: "áéíñóúü",
        lacks: "",
        words: "el los las y es que en por para una del con su sus se lo como más pero fue al este esta ha son entre sobre \
                también no un",
    },
];

/// Place of Cyrillic Kazakh in [`PROFILES`].
pub(super) const KAZAKH_CYRILLIC: usize = 1;
