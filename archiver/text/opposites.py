# ruff: noqa: E501 - a row of opposites is read as one line
"""Words that turn a sentence round: negations, denials, opposites, and values that are others.

Written by hand for this program: the words in which news flashes say that a thing rose or fell, was
taken or lost, opened or closed, in eight languages. No list of this kind is whole; what is missing
here is weighed like any other word. A word ending in `*` stands for all that begin so.

Each line of `OPPOSITES` has sides parted by `~`. Words of one side are not synonyms: they only never
turn each other round.
"""

NEGATIONS = """
not no never none nobody nothing nowhere neither nor without cannot cant wont dont doesnt didnt isnt
arent wasnt werent hasnt havent hadnt wouldnt shouldnt couldnt mustnt neednt
не нет ни без нельзя никто никого никому никем ничто ничего никогда нигде никак никакой никакого
никакая никакие никаких невозможно
ні нема немає ніхто нікого нікому ніщо нічого ніколи ніде ніяк ніякий ніякого ніяка ніякі ніяких
неможливо
nein nicht kein keine keinen keinem keiner keines nie niemals niemand nichts nirgends ohne
pas jamais aucun aucune personne rien sans ni nulle
ningún ninguno ninguna nunca jamás nadie nada sin tampoco
لا لم لن ليس ليست ليسوا بدون دون ولا ولم ولن وليس وليست فلا فلم فلن بلا غير
نه نیست نیستند نیستیم هیچ هرگز هیچکس هیچگاه بدون بی
nao não nem nunca sem nenhum nenhuma ninguém non né nessuno niente mai senza nie bez żaden nikt nigdy
değil yok hiç
"""

# "not only", "no less than", "не менее": the sentence says the same with and without them.
NOT_TURNED_BEFORE = """
only just merely less fewer more later earlier least
только просто лишь менее меньше более больше ранее раньше позднее позже хуже далее
тільки лише просто менше менш більше більш раніше пізніше
nur bloss weniger mehr später
seulement moins plus uniquement
sólo solo solamente menos más
فقط تنها کمتر بیشتر
"""

# What stands beside a "not", or where it stood: "did not sign" and "signed", "never" and "always".
AUXILIARIES = """
do does did will would shall should has have had is are was were be been can could may might must
был была было были будет будут был есть это
був була було були буде будуть є це
hat haben hatte wird werden wurde wurden ist sind war waren
na nest ne a ont est sont sera seront avait été
ha han es son fue fueron será está están
قد سوف تم كان كانت مع كل دائما
yes still yet longer already always everyone everybody everything all many some with an a any
да еще уже с со все всем всех всегда можно з із зі усі всі всім завжди можна є
ja noch schon mit ein eine einen einem einer alle jeder immer avec toujours tous tout con siempre todos todo un una
همه همیشه با
است شد خواهد بود
"""

DENIALS = """
deny denies denied denying refut* debunk* disprov* disput* fake false falsely hoax untrue
опроверг* опроверж* отрица* фейк фейком неправда неправду неправдой ложь
спросту* запереч* фейк брехня неправда
dementi* bestreit* bestritt* bestritten* leugne* falsch falsche falschmeldung*
dément démentent démenti* nie nient nié niait faux fausse
desmint* desmient* niega niegan negó negaron negado negar falso falsa falsos falsas bulo bulos
نفى نفت ينفي تنفي نفي نفيا كذب كذبت كاذب كاذبة
تکذیب دروغ نادرست
"""

# "Failed to agree", "refused to sign"; where they stand for a word of the other side of a row, the
# row counts, and not these.
AVERTED = """
fail fails failed failing refus* unable unlikely tried tries attempted attempts hardly
отказ* пытал* пытае* пытают* попыта* вряд
відмов* намага* навряд
versuchte* weigert* weigerte* scheitert* gescheitert*
refuse refusent refusé* échoue* échoué* tenté tentent
rechaza rechazan rechazó rechazaron fracas* intentó intentaron intenta intentan
رفض رفضت فشل فشلت حاول حاولت يحاول تحاول
خودداری نتوانست
"""

OPPOSITES = """
rise rises rose risen rising raise raises raised raising increas* grow* grew climb* jump* soar* surg* gain gains gained up higher more upward* hike* strengthen* expand* accelerat* improv* ~ fall falls fell fallen falling drop* decreas* declin* down lower lowers lowered fewer less downward* sink* sank sunk slump* plung* cut cuts shrink* shrank weaken* slow* reduc* worsen*
win wins won winning victor* ~ lose loses lost losing loss losses defeat
take takes took taken capture captures captured capturing seize seizes seized retak* retook recaptur* found ~ lose loses lost losing surrender* abandon*
open opens opened opening reopen* unblock* ~ close closes closed closing closure shut* block blocks blocked
start starts started starting begin* began begun launch* resum* continu* ~ stop* end ends ended ending halt* suspend* ceas* cancel* finish*
advance advances advanced advancing offensive attack attacks attacked attacking ~ retreat* withdr* defend* defence defense
arriv* enter enters entered entering came come comes ~ leave leaves leaving left depart* exit* quit*
send sends sent deploy* ~ withdr* recall*
alive recover recovers recovered born survive survives survived surviving save saves saved rescue* living ~ dead die dies died killed kill kills killing death deaths drown* perish*
arrest* detain* jail* imprison* convict* guilty ~ release released releases releasing free freed acquit* innocent
accept* approv* agree agrees agreed endors* adopt adopts adopted support supports supported supporting back backs backed pass passes passed favour favor ~ reject* refus* oppos* veto* disapprov* declin* against
allow* permit* legalis* legaliz* lift lifts lifted ~ ban bans banned prohibit* forbid* forbad* forbade impose imposes imposed block blocks blocked
buy buys bought buying purchas* ~ sell sells sold selling
import imports imported ~ export exports exported
join joins joined joining ~ leave leaves leaving left quit* exit*
success* succeed* ~ fail fails failed failing failure*
war ~ peace truce ceasefire
injured wounded hurt ~ unharmed unhurt
occup* captured seized ~ liberat* freed
reach reached reaches ~ collapse collapsed collapses fail failed fails
sign signs signed signing ~ reject* cancel* terminat*
extend* prolong* ~ end ends ended expire* terminat*
shot downed intercept* ~ hit hits struck
tighten* ~ ease eases eased easing relax*
warmer hotter ~ colder cooler
rich richer ~ poor poorer
full ~ empty
early earlier ~ late later
longer ~ shorter
larger bigger ~ smaller
doubled ~ halved
present ~ absent
public ~ secret private
married ~ divorced
friend friends ~ foe foes enemy enemies
pro ~ anti
left ~ right
before ~ after
above ~ below under
inside ~ outside
first ~ last
maximum ~ minimum
best ~ worst
high highest ~ low lowest
strong stronger strongest ~ weak weaker weakest
good ~ bad
safe ~ dangerous unsafe
hit hits ~ miss missed misses
ally allies ~ enemy enemies
profit profits ~ loss losses
surplus ~ deficit
majority ~ minority
hire hires hired appoint* elect elects elected ~ fire fired sack sacks sacked dismiss* oust* resign*
build builds built rebuilt construct* restor* ~ destroy* demolish*
вырос* вырас* возрос* растет растут растить растущ* рост роста росту ростом росте подня* подорож* увелич* повыс* повыш* укреп* усил* взлет* выше больше более прибав* ускор* подскоч* подскак* ~ упал* упад* упав* падает падают падал* падени* сниз* сниж* опусти* опуска* подешев* уменьш* сократ* сокращ* понизи* пониж* ослаб* рухну* обвал* обруш* ниже меньше менее замедл* просел* просед*
взял* взят* захва* занял* заняты* отбил* выигр* побед* найден* нашл* нашел ~ потер* утрат* сдал* сдан* проигр* поражени* оставил*
открыл* открыт* откроет* откроют* открыва* ~ закры* перекры*
начал* начин* начнет* начнут* начат* старт* запуст* возобнов* продолж* ~ заверш* оконч* закончи* прекра* останов* остано* приостан* отмен* прерв*
наступа* наступле* наступил* атак* продви* штурм* ~ отступ* отход* отошл* отошел оборон*
приех* приезж* прилет* пришел пришл* прибы* вошел вошл* вошед* вход* вступ* ввел* ввод* введ* ~ уех* уезж* улет* ушел ушл* убыл* вышел вышл* выход* вывел* вывод* вывед* покин*
включ* подключ* ~ выключ* отключ* исключ*
жив жива живы живой живыми выжи* спас* выздоров* ~ погиб* умер* мертв* убит* скончал*
арест* задерж* осужд* приговор* виновен виновн* ~ освобо* отпустил* отпущ* оправда* невинов*
принял* принят* одобр* поддерж* соглас* утверд* разреш* допус* легализ* ~ отверг* отклон* отказ* запре* осудил* заблок*
снял* снят* снима* отмени* отмене* ~ ввел* ввод* введ* налож*
купил* купит* покуп* закуп* ~ прода*
импорт* ввоз* ~ экспорт* вывоз*
назнач* избра* ~ уволи* уволен* увольн* отставк* отправлен*
построи* построен* восстанов* строит* ~ разруш* уничтож* снес*
успех* успеш* удал* ~ провал* неуда*
союзник* ~ враг* враж* противник*
война войны войне войну войной ~ мир мира миру мире перемири*
прибыль прибыли прибылью ~ убыт*
ранен* пострада* ~ невредим*
оккупир* захва* ~ освобо* деоккуп*
сбит* сбил* перехват* отраз* ~ попал* попад* поразил*
подпис* заключ* ~ расторг* разорв* отмен*
продл* ~ заверш* прекра* истек*
заминир* ~ разминир*
мобилиз* ~ демобилиз*
разблок* ~ заблок*
ужесточ* ~ смягч*
тепле* ~ холодне*
рано раньше ранний ранние ~ поздно позже поздний поздние
рождени* родил* ~ смерт* умер*
левый левая левое левые ~ правый правая правое правые
про ~ анти
до ~ после
за ~ против
внутри ~ снаружи
первый первая первое первые ~ последний последняя последнее последние
максим* ~ миним*
лучший лучшая лучшее лучшие лучше ~ худший худшая худшее худшие хуже
высок* ~ низк*
сильн* ~ слаб*
хорош* ~ плох*
зріс* зрос* зрост* виріс вирос* підня* підвищ* збільш* подорожч* посил* зміцн* більше вище ~ впав впал* упав упал* зниз* зниж* падін* зменш* скорот* скороч* подешевш* послаб* обвал* менше нижче
взял* взят* захоп* здобул* виграл* перемог* перемаг* знайш* знайден* ~ втрат* здал* програ* поразк*
відкри* ~ закри* перекри*
почал* почин* почат* почне* старт* запуст* віднов* продовж* ~ заверш* закінч* припин* зупин* призупин* скасув*
наступ* атак* просува* штурм* ~ відступ* відійш* відход* оборон*
прибу* приїх* приїжд* прилет* прийш* увійш* вступ* ввів введ* ввели ~ виїх* поїхав вибу* відлет* пішов пішл* вийш* вивів вивел* вивед* покин*
увімк* підключ* ~ вимк* відключ*
живий жива живі вижи* врят* ~ загин* помер* вбит* убит*
арешт* затрим* засуд* винн* ~ звільн* відпуст* виправд* невинн*
прийня* схвал* підтрим* погод* дозвол* ~ відхил* відмов* заборон* засуд*
купил* купи* купує* закуп* ~ прода*
імпорт* ~ експорт*
признач* обрали обран* ~ звільн* відставк*
побуд* відбуд* ~ зруйн* знищ*
успіх* успіш* ~ провал* невда*
війна війни війні війну ~ мир миру мирі перемир*
прибуток прибутк* ~ збит*
поранен* постражда* ~ неушкодж*
окуп* захоп* ~ звільн* деокуп*
збит* збил* перехоп* ~ влучи* влучан* уразил*
підпис* уклал* ~ розірв* скасу*
заміну* замінов* ~ розмінов*
після ~ до
за ~ проти
максим* ~ мінім*
високий висока високі ~ низький низька низькі
steigt steigen stieg stiegen gestiegen* erhöh* gewachsen* wächst wuchs mehr höher teurer gestärkt* ~ sinkt sinken sank sanken gesunken* fällt fiel fielen gefallen senk* gesenkt* verringer* reduzier* weniger niedriger billiger geschwächt* kürz* gekürzt*
gewinn* gewann* gewonnen* sieg siegt siege siegen erober* eingenommen* ~ verlier* verlor* niederlage*
öffne* geöffnet* eröffne* ~ schliess* schloss* geschlossen* gesperrt* sperr*
beginn* begann* begonnen* start* gestartet* ~ endet enden endete beend* stopp* gestoppt* eingestellt*
vorrück* vorgerückt* offensive* angriff* angegriffen* ~ rückzug* zurückgezogen* verteidig*
angekommen* ankunft* kommt kam kamen ~ abgereist* abreis* verlässt verlassen verliess* ging geht
lebt lebend* überleb* gerettet* ~ tot tote toter getötet* starb* gestorben*
verhaftet* festgenommen* verurteil* schuldig ~ freigelassen* freigesprochen* unschuldig*
angenommen* zugestimmt* zustimm* stimmt gebilligt* unterstütz* erlaub* genehmig* ~ abgelehnt* ablehn* lehnt verbot* verbiet* verweiger*
kauft kaufen kaufte gekauft* ~ verkauf*
importe importiert* ~ exporte exportiert*
ernannt* gewählt* ~ entlassen* zurückgetreten*
gebaut* aufgebaut* ~ zerstört*
vor ~ nach
für ~ gegen
über ~ unter
erste* ~ letzte*
krieg* ~ frieden* waffenruhe*
augment* hausse grimp* progress* accru* renforc* plus ~ baiss* diminu* chut* recul* réduit* réduc* affaibli* moins
gagn* remport* victoire* conquis* pris prise ~ perd perdent perdu* perdre défaite*
ouvr* ouvert* rouvr* ~ ferme ferment fermé* fermer fermeture*
commenc* débute* débuté* lance lancé* reprend repris* ~ arrêt* termin* fini finit suspend* annul* cess*
avance avancé* avancent offensive* ~ retrait* recul* repli*
arrive* arrivé* entre entré* ~ part parti partie partis quitte quitté* sorti*
vivant* surviv* survécu* sauvé* ~ mort morts morte mortes tué* décéd*
arrêté* condamn* coupable* ~ libér* relâch* acquitt* innocent*
accept* approuv* adopt* soutien* soutenu* autoris* permet* ~ refus* rejet* interdi* oppos* repouss*
acheté* achat* achète* ~ vend vendu* vente ventes vendre
nommé* élu élue élus ~ limog* démission* révoqu*
construit* reconstruit* ~ détruit* démoli*
blessé* ~ indemne indemnes
avant ~ après
pour ~ contre
premier première premiers ~ dernier dernière derniers
guerre ~ paix trêve
sube suben subió subieron subir subida* aument* crece crecen creció crecieron increment* más mayor ~ baja bajan bajó bajaron bajar caída* cae caen cayó cayeron disminu* reduc* descend* menos menor
gana ganan ganó ganaron ganar victoria* toma toman tomó tomaron conquist* ~ pierde pierden perdió perdieron perder derrota*
abre abren abrió abrieron abrir abiert* reabr* ~ cierr* cerr*
comenz* comienz* empez* empiez* inici* reanud* ~ termin* acab* suspend* cancel* cesa cesó
avanz* ofensiva* ~ retir* retroced* retroces*
llega llegan llegó llegaron entra entran entró entraron ~ sale salen salió salieron abandon*
vivo vivos viva vivas sobreviv* rescat* ~ muere mueren murió murieron muerto muertos muerta mata mató mataron fallec*
arrest* detenid* conden* culpable* ~ libera liberan liberó liberad* absuel* absolv* inocente*
acept* aprob* aprueb* apoy* permit* autoriz* ~ rechaz* prohib* oponen opone
compra compran compró compraron ~ vende venden vendió vendieron
nombrad* nombra nombró elegid* ~ destitu* dimit* cesad*
constru* reconstru* ~ destru*
herido* ~ ileso ilesos ilesa ilesas
antes ~ después
favor ~ contra
primer primera primeros ~ último última últimos
guerra ~ paz tregua
ارتفع ارتفعت ارتفاع ارتفاعا يرتفع ترتفع زاد زادت زيادة ازداد صعد صعود نمو رفع رفعت ~ انخفض انخفضت انخفاض انخفاضا ينخفض تنخفض تراجع تراجعت هبط هبطت هبوط تقلص خفض خفضت
فاز فازت فوز انتصر انتصار ~ خسر خسرت خسارة هزيمة
سيطر سيطرت السيطرة استعاد استعادت ~ فقد فقدت خسر خسرت
فتح فتحت يفتح افتتح افتتحت ~ أغلق أغلقت إغلاق يغلق تغلق اغلق اغلاق
بدأ بدأت بدء يبدأ تبدأ استأنف استأنفت استئناف ~ انتهى انتهت انتهاء توقف توقفت أوقف أوقفت وقف علق علقت تعليق ألغى ألغت إلغاء
تقدم تقدمت هجوم هجوما ~ انسحب انسحبت انسحاب تراجع دفاع
وصل وصلت دخل دخلت ~ غادر غادرت خرج خرجت
نجا نجت حي أحياء ~ قتل قتلت مقتل مات ماتت توفي توفيت وفاة
اعتقل اعتقلت اعتقال أدان إدانة ~ أفرج إفراج براءة برأت أطلق
قبل قبلت وافق وافقت موافقة أيد أيدت سمح سمحت ~ رفض رفضت رفضا عارض عارضت منع منعت حظر حظرت
اشترى شراء ~ باع بيع
عين عينت تعيين انتخب ~ أقال إقالة استقال استقالت استقالة
بنى بناء ~ دمر دمرت تدمير هدم
قبل ~ بعد
مع ~ ضد
حرب ~ سلام هدنة
افزایش صعود بالا بیشتر رشد ~ کاهش سقوط افت پایین کمتر
برد پیروز پیروزی ~ باخت شکست
باز بازگشایی افتتاح ~ بسته تعطیل
آغاز شروع ~ پایان توقف لغو متوقف
پیشروی حمله ~ عقبنشینی عقب دفاع
آمد رسید وارد ~ رفت خارج ترک
زنده نجات ~ کشته مرده درگذشت
بازداشت دستگیر محکوم ~ آزاد تبرئه
پذیرفت تصویب موافقت موافق مجاز ~ رد مخالفت مخالف ممنوع
خرید ~ فروش فروخت
منصوب ~ برکنار
ساخت بازسازی ~ تخریب ویران
صادرات ~ واردات
قبل پیش ~ بعد پس
جنگ ~ صلح آتشبس
"""

# Others at once, yet no opposites: in a short text only, where they are the news.
VALUES = """
may might could ~ will
может могут ~ будет будут
може можуть ~ буде будуть
kann können könnte könnten ~ wird werden
pourrait pourraient ~ va vont
podría podrían ~ va van
قد ~ سوف
north northern ~ south southern ~ east eastern ~ west western
север* ~ юг юга юге югу южн* ~ восток* восточ* ~ запад*
північ* ~ південь півдн* південн* ~ схід сходу сході східн* ~ захід заходу заході західн*
norden nord nörd* ~ süden süd südl* ~ osten ost östl* ~ westen west westl*
nord ~ sud ~ ouest
norte ~ sur ~ oeste
شمال الشمال ~ جنوب الجنوب ~ شرق الشرق ~ غرب الغرب
one 1 один одна одно одного одной одному однієї одне eins ein une un uno una واحد یک ~ two 2 два две двое двух двум двоих двоє двох дві zwei deux dos اثنان دو ~ three 3 три трое трех троих троє трьох drei trois tres ثلاثة ثلاث سه ~ four 4 четыре четверо четырех четверых чотири чотирьох vier quatre cuatro أربعة أربع چهار ~ five 5 пять пятеро пяти пятерых пять пятьох fünf cinq cinco خمسة خمس پنج ~ six 6 шесть шестеро шести шестерых шість шести sechs seis ستة ست شش ~ seven 7 семь семеро семи семерых сім семи sieben sept siete سبعة سبع هفت ~ eight 8 восемь восьмеро восьми вісім восьми acht huit ocho ثمانية ثماني هشت ~ nine 9 девять девяти девятеро девять neun neuf nueve تسعة تسع نه ~ ten 10 десять десяти десять zehn dix diez عشرة عشر ده ~ eleven 11 одиннадцать одиннадцати elf onze once ~ twelve 12 двенадцать двенадцати дванадцять zwölf douze doce ~ twenty 20 двадцать двадцати двадцять zwanzig vingt veinte عشرون عشرين بیست ~ thirty 30 тридцать тридцати тридцять dreissig trente treinta ثلاثون ثلاثين سی ~ forty 40 сорок сорока vierzig quarante cuarenta ~ fifty 50 пятьдесят пятидесяти пятдесят fünfzig cinquante cincuenta ~ hundred hundreds 100 сто сотни сотен сотні hundert hunderte cent centaines cien cientos ~ thousand thousands 1000 тыс тысяча тысячи тысяч тысячу тисяча тисячі тисяч tausend tausende mille milliers mil miles ألف آلاف هزار ~ dozen dozens десятки десятков десятки десятків dutzende dizaines decenas عشرات ~ million millions млн миллион* мільйон* million millionen millones مليون میلیون ~ billion billions млрд миллиард* мільярд* milliarde milliarden milliard milliards مليار میلیارد ~ trillion trillions трлн триллион* трильйон*
man men мужчина мужчины мужчину чоловік чоловіки чоловіка mann männer homme hommes hombre hombres رجل مرد ~ woman women женщина женщины женщину жінка жінки жінку frau frauen femme femmes mujer mujeres امرأة زن ~ child children ребенок ребенка дети детей дитина дитини діти дітей kind kinder enfant enfants niño niños طفل أطفال کودک
mother мать матери мати mutter mère madre أم مادر ~ father отец отца батько vater père padre أب پدر
son сын сына син сина sohn fils hijo ابن پسر ~ daughter дочь дочери дочка дочку tochter fille hija ابنة دختر
morning утром утро вранці ранок matin mañana ~ evening вечером вечер ввечері увечері вечір abend soir ~ night ночью ночь вночі ніч nacht nuit noche ~ afternoon днем вдень nachmittag
today сегодня сьогодні heute hoy اليوم امروز ~ tomorrow завтра morgen demain غدا فردا
dollar dollars доллар* долар* ~ euro euros евро євро ~ yuan юан* ~ ruble* rouble* рубл* ~ pound pounds фунт* ~ hryvnia* гривн* ~ yen иен*
january январ* січень січня січні januar janvier enero يناير ~ february феврал* лютий лютого лютому februar février febrero فبراير ~ march март* березень березня березні märz mars marzo مارس ~ april апрел* квітень квітня квітні avril abril أبريل ~ may май мая мае травень травня травні mai mayo مايو ~ june июн* червень червня червні juni juin junio يونيو ~ july июл* липень липня липні juli juillet julio يوليو ~ august август* серпень серпня серпні août agosto أغسطس ~ september сентябр* вересень вересня вересні septembre septiembre سبتمبر ~ october октябр* жовтень жовтня жовтні oktober octobre octubre أكتوبر ~ november ноябр* листопад листопада листопаді novembre noviembre نوفمبر ~ december декабр* грудень грудня грудні dezember décembre diciembre ديسمبر
monday понедельник* понеділ* montag lundi lunes الاثنين دوشنبه ~ tuesday вторник* вівтор* dienstag mardi martes الثلاثاء سهشنبه ~ wednesday среду среда среды серед* mittwoch mercredi miércoles الأربعاء چهارشنبه ~ thursday четверг* четвер* donnerstag jeudi jueves الخميس پنجشنبه ~ friday пятницу пятница пятницы пятниц* freitag vendredi viernes الجمعة جمعه ~ saturday суббот* субот* samstag samedi sábado السبت شنبه ~ sunday воскресень* неділ* sonntag dimanche domingo الأحد یکشنبه
"""

# For a number of people or things.
NONE = """
no nobody none nothing
нет никто никого ничего
немає ніхто нікого нічого
kein keine keinen niemand nichts
aucun aucune personne rien
ningún ninguna nadie nada
لا أحد هیچ کسی
"""

# Somebody else than who has the title without it.
DEPUTIES = """
vice deputy acting вице заместитель заместителя врио віце заступник заступника
vize stellvertretender stellvertretende vicepresidente adjoint نائب معاون
"""

# What makes the opposite of a word before it.
PREFIXES = (
    *("un", "in", "im", "il", "ir", "dis", "non", "anti", "de", "miss", "dés", "des"),
    *("не", "без", "бес", "анти", "контр", "ні", "نا", "ن", "غير"),
)
